{{/* The container that migrates one service's schema. Arguments: root, step, place (of PostgreSQL). */}}
{{- define "taskhub.migration" -}}
{{- $root := .root }}
{{- $own := include "taskhub.secret" (dict "root" $root "of" .step.of) | fromJson }}
{{- $admin := .place.secret }}
{{- if and (eq $root.Values.global.database.kind "external") (not (include "taskhub.existingSecret" (dict "root" $root "of" .step.of))) }}
{{- $own = dict "name" (printf "%s-migrate" $own.name) "key" $own.key }}
{{- $admin = dict "name" (printf "%s-migrate" $admin.name) "key" $admin.key }}
{{- end -}}
- name: {{ .step.name }}
  {{- include "taskhub.containerImage" (dict "root" $root "image" .step.image) | nindent 2 }}
  {{- include "taskhub.containerSecurity" . | nindent 2 }}
  args: [migrate]
  # The reason of a failure is shown by `kubectl describe pod` too.
  terminationMessagePolicy: FallbackToLogsOnError
  {{- include "taskhub.env" (dict "of" "migrate" "env" (include "taskhub.migrationVariables" (merge (dict "own" $own "admin" $admin) .))) | nindent 2 }}
  {{- include "taskhub.resources" $root.Values.migrate | nindent 2 }}
  {{- with include "taskhub.databaseCaMount" $root | trimAll "\n" }}
  volumeMounts:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Arguments as above; own and admin (the Secrets of the two passwords). */}}
{{- define "taskhub.migrationVariables" -}}
{{- $root := .root }}
{{- include "taskhub.secretVariable" (dict "name" "ADMIN_PASSWORD" "secret" .admin) | nindent 0 }}
{{- include "taskhub.secretVariable" (dict "name" "DATABASE_PASSWORD" "secret" .own) | nindent 0 }}
- name: TASKHUB__DATABASE__ADMIN_URL
  value: {{ include "taskhub.databaseUrl" (dict "place" .place "user" .place.user "password" "ADMIN_PASSWORD") | quote }}
- name: TASKHUB__DATABASE__URL
  value: {{ include "taskhub.databaseUrl" (dict "place" .place "user" .step.role "password" "DATABASE_PASSWORD") | quote }}
{{- if eq .step.name "worker" }}
# Its settings want one; migrating asks nobody there.
- name: TASKHUB__REDIS__URL
  value: redis://not-asked
{{- end }}
{{- if (include "taskhub.databaseCa" $root | fromJson).name }}
- name: SSL_CERT_DIR
  value: /etc/ssl/certs:/etc/taskhub/database-ca
{{- end }}
- name: TASKHUB__LOG__FORMAT
  value: json
{{- with $root.Values.migrate.extraEnv }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end }}
