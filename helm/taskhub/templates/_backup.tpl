{{/* What a CronJob makes Jobs of. Arguments as below. */}}
{{- define "taskhub.backupJob" -}}
metadata:
  labels:
    {{- include "taskhub.labels" (dict "root" .root "component" "backup") | nindent 4 }}
  {{- with .root.Values.backup.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "taskhub.backupJobSpec" . | nindent 2 }}
{{- end }}

{{/*
The spec of a Job that runs a script of files/backup with the volume of the dumps. It connects to PostgreSQL unless the script is
prepare.sh. Arguments: root, script.
*/}}
{{- define "taskhub.backupJobSpec" -}}
{{- $root := .root }}
{{- $backup := $root.Values.backup }}
{{- $labelled := dict "root" $root "component" "backup" }}
{{- $name := include "taskhub.name" (dict "root" $root "name" "taskhub-backup") }}
{{- $place := include "taskhub.directDatabase" $root | fromJson }}
{{- $ca := include "taskhub.databaseCa" $root | fromJson }}
{{- $connects := ne .script "prepare.sh" }}
{{- /* PostgreSQL's image has no certificates of the public authorities; the page's has. */}}
{{- $public := and $connects (eq $place.sslmode "require") (not (hasKey $ca "name")) }}
{{- $image := ternary $backup.image $root.Values.postgresql.image (ne $backup.image.repository "") -}}
{{- /* A restore that has done its work must not do it again. */}}
backoffLimit: {{ ternary 0 2 (eq .script "restore.sh") }}
ttlSecondsAfterFinished: 86400
activeDeadlineSeconds: {{ $backup.deadlineSeconds }}
template:
  metadata:
    labels:
      {{- include "taskhub.labels" (merge (dict "extra" $backup.podLabels) $labelled) | nindent 6 }}
    {{- with $backup.podAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    {{- include "taskhub.pod" (dict "root" $root "user" 999) | nindent 4 }}
    {{- include "taskhub.placement" $backup | nindent 4 }}
    restartPolicy: Never
    {{- if $public }}
    initContainers:
      - name: public-authorities
        {{- include "taskhub.containerImage" (dict "root" $root "image" $root.Values.frontend.image) | nindent 8 }}
        {{- include "taskhub.containerSecurity" . | nindent 8 }}
        command: [cp, /etc/ssl/certs/ca-certificates.crt, /etc/taskhub/database-ca/ca.crt]
        {{- include "taskhub.resources" $backup | nindent 8 }}
        volumeMounts:
          - name: database-ca
            mountPath: /etc/taskhub/database-ca
    {{- end }}
    containers:
      - name: {{ trimSuffix ".sh" .script }}
        {{- include "taskhub.containerImage" (dict "root" $root "image" $image) | nindent 8 }}
        {{- include "taskhub.containerSecurity" . | nindent 8 }}
        command: [bash, /scripts/{{ .script }}]
        {{- include "taskhub.env" (dict "of" "backup" "env" (include "taskhub.backupVariables" (dict "root" $root "place" $place "connects" $connects))) | nindent 8 }}
        {{- include "taskhub.resources" $backup | nindent 8 }}
        volumeMounts:
          - name: backups
            mountPath: /backups
          - name: scripts
            mountPath: /scripts
            readOnly: true
          - name: scratch
            mountPath: /tmp
          {{- if $public }}
          - name: database-ca
            mountPath: /etc/taskhub/database-ca
            readOnly: true
          {{- else if $connects }}
          {{- include "taskhub.databaseCaMount" $root | trimAll "\n" | nindent 10 }}
          {{- end }}
    volumes:
      - name: backups
        persistentVolumeClaim:
          claimName: {{ $backup.existingClaim | default $name }}
      - name: scripts
        configMap:
          name: {{ $name }}
      - name: scratch
        emptyDir:
          sizeLimit: 64Mi
      {{- if $public }}
      - name: database-ca
        emptyDir:
          sizeLimit: 4Mi
      {{- else if $connects }}
      {{- include "taskhub.databaseCaVolume" $root | trimAll "\n" | nindent 6 }}
      {{- end }}
{{- end }}

{{/* The installation that a dump's name carries: two prefixes in one release aren't confused with another release. */}}
{{- define "taskhub.installation" -}}
{{- printf "%s_%s" .Release.Namespace .Release.Name -}}
{{- with .Values.global.namePrefix }}+{{ trimSuffix "-" . }}{{ end -}}
{{- end }}

{{/* Arguments: root, place (of PostgreSQL), connects (whether the script does). */}}
{{- define "taskhub.backupVariables" -}}
{{- if .connects }}
{{- include "taskhub.secretVariable" (dict "name" "PGPASSWORD" "secret" .place.secret) | nindent 0 }}
- name: PGHOST
  value: {{ .place.host | quote }}
- name: PGPORT
  value: {{ .place.port | toString | quote }}
- name: PGUSER
  value: {{ .place.user | quote }}
# Of several hosts, the primary.
- name: PGTARGETSESSIONATTRS
  value: read-write
- name: PGSSLMODE
  value: {{ ternary "verify-full" .place.sslmode (eq .place.sslmode "require") }}
{{- if eq .place.sslmode "require" }}
- name: PGSSLROOTCERT
  value: /etc/taskhub/database-ca/ca.crt
{{- end }}
{{- end }}
- name: PGDATABASE
  value: {{ .place.name | quote }}
- name: BACKUP_INSTALLATION
  value: {{ include "taskhub.installation" .root | quote }}
- name: BACKUP_DIR
  value: /backups
- name: BACKUP_KEEP
  value: {{ .root.Values.backup.keep | quote }}
{{- with .root.Values.backup.extraEnv }}
{{- toYaml . | nindent 0 }}
{{- end }}
{{- end }}
