{{/* The name of an existing Secret that holds a secret; empty where the chart makes it. Arguments: root, of. */}}
{{- define "taskhub.existingSecret" -}}
{{- $secrets := .root.Values.global.secrets -}}
{{- $purposes := dict "redisPassword" "redis" "masterKey" "masterKey" "testPassword" "test" -}}
{{- get $secrets.existingSecrets (get $purposes .of | default "database") | default $secrets.existingSecret -}}
{{- end }}

{{/* Which Secret, and which key of it, holds a secret. Arguments: root, of (a key of global.secrets.keys). As JSON. */}}
{{- define "taskhub.secret" -}}
{{- $name := include "taskhub.existingSecret" . | default (include "taskhub.name" (dict "root" .root "name" "taskhub")) -}}
{{- dict "name" $name "key" (get .root.Values.global.secrets.keys .of) | toJson -}}
{{- end }}

{{/*
Changes when a secret does: those given as values go through a slow, salted hash, since annotations are less secret than they
are; of existing Secrets it is the version, as far as helm may look them up.
*/}}
{{- define "taskhub.secretsState" -}}
{{- $state := list -}}
{{- $given := dict -}}
{{- range $of, $value := .Values.global.secrets.values -}}
{{- if $value -}}{{- $_ := set $given $of $value -}}{{- end -}}
{{- end -}}
{{- if $given -}}
{{- $state = append $state (derivePassword 1 "maximum" (toJson $given) (printf "%s/%s" .Release.Namespace .Release.Name) "taskhub") -}}
{{- end -}}
{{- $names := list -}}
{{- range $of, $_ := .Values.global.secrets.keys -}}
{{- with include "taskhub.existingSecret" (dict "root" $ "of" $of) -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- range $name := uniq $names -}}
{{- with lookup "v1" "Secret" $.Release.Namespace $name -}}
{{- $state = append $state (printf "%s %s" $name .metadata.resourceVersion) -}}
{{- end -}}
{{- end -}}
{{- $state | join "," | sha256sum -}}
{{- end }}

{{/* Where PostgreSQL is: host, port, name, sslmode, user (the administrator) and secret (the administrator's). As JSON. */}}
{{- define "taskhub.database" -}}
{{- $database := .Values.global.database -}}
{{- $own := include "taskhub.name" (dict "root" . "name" "postgres") -}}
{{- $place := dict "port" (int $database.port) "name" $database.name -}}
{{- $secret := include "taskhub.secret" (dict "root" . "of" "postgresPassword") | fromJson -}}
{{- if eq $database.kind "builtin" -}}
{{- $place = mergeOverwrite $place (dict "host" $own "port" 5432 "user" "postgres" "sslmode" "disable" "secret" $secret) -}}
{{- else if eq $database.kind "cloudnativepg" -}}
{{- $app := dict "name" (printf "%s-app" $own) "key" "password" -}}
{{- $place = mergeOverwrite $place (dict "host" (printf "%s-rw" $own) "port" 5432 "user" "taskhub_admin" "sslmode" "require" "secret" $app) -}}
{{- else -}}
{{- $host := required "global.database.host: name your PostgreSQL, or set global.database.kind to builtin" $database.host | replace " " "" -}}
{{- $place = merge $place (dict "host" $host "user" $database.adminUser "sslmode" $database.sslmode "secret" $secret) -}}
{{- end -}}
{{- toJson $place -}}
{{- end }}

{{/* The same without a pooler in between: for migrations and backups, which need a session. */}}
{{- define "taskhub.directDatabase" -}}
{{- $place := include "taskhub.database" . | fromJson -}}
{{- if and (eq .Values.global.database.kind "external") .Values.global.database.direct.host -}}
{{- $place = mergeOverwrite $place (dict "host" (replace " " "" .Values.global.database.direct.host) "port" (int .Values.global.database.direct.port)) -}}
{{- end -}}
{{- toJson $place -}}
{{- end }}

{{/* A URL of PostgreSQL. Arguments: place, and, unless it is nobody's: user, password (the variable before it that holds it). */}}
{{- define "taskhub.databaseUrl" -}}
{{- $place := .place -}}
{{- $hosts := list -}}
{{- range splitList "," $place.host -}}{{- $hosts = printf "%s:%d" . (int $place.port) | append $hosts -}}{{- end -}}
{{- $who := empty .user | ternary "" (printf "%s:$(%s)@" .user .password) -}}
{{- printf "postgres://%s%s/%s?sslmode=%s" $who (join "," $hosts) $place.name $place.sslmode -}}
{{- end }}

{{/* A service's own way to PostgreSQL. Arguments: root, role, of (a key of global.secrets.keys). */}}
{{- define "taskhub.databaseVariables" -}}
{{- $place := include "taskhub.database" .root | fromJson -}}
{{- $direct := include "taskhub.directDatabase" .root | fromJson -}}
{{- include "taskhub.secretVariable" (dict "name" "DATABASE_PASSWORD" "secret" (include "taskhub.secret" . | fromJson)) }}
- name: TASKHUB__DATABASE__URL
  value: {{ include "taskhub.databaseUrl" (dict "place" $place "user" .role "password" "DATABASE_PASSWORD") | quote }}
{{- if ne (toJson $place) (toJson $direct) }}
- name: TASKHUB__DATABASE__DIRECT_URL
  value: {{ include "taskhub.databaseUrl" (dict "place" $direct) | quote }}
{{- end }}
{{- with include "taskhub.databaseCa" .root | fromJson }}
{{- if .name }}
- name: SSL_CERT_DIR
  value: /etc/ssl/certs:/etc/taskhub/database-ca
{{- end }}
{{- end }}
{{- end }}

{{/* The Secret with the authority that PostgreSQL's certificate is checked by, beside the public ones. As JSON; may be {}. */}}
{{- define "taskhub.databaseCa" -}}
{{- $database := .Values.global.database -}}
{{- if eq $database.kind "cloudnativepg" -}}
{{- dict "name" (printf "%s-ca" (include "taskhub.name" (dict "root" . "name" "postgres"))) "key" "ca.crt" | toJson -}}
{{- else if and (eq $database.kind "external") $database.caSecret.name -}}
{{- toJson $database.caSecret -}}
{{- else -}}
{}
{{- end -}}
{{- end }}

{{- define "taskhub.databaseCaMount" -}}
{{- with include "taskhub.databaseCa" . | fromJson }}
{{- if .name }}
- name: database-ca
  mountPath: /etc/taskhub/database-ca
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "taskhub.databaseCaVolume" -}}
{{- with include "taskhub.databaseCa" . | fromJson }}
{{- if .name }}
- name: database-ca
  secret:
    secretName: {{ .name }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/* The worker's way to Redis. Argument: root. */}}
{{- define "taskhub.redisVariables" -}}
{{- $redis := .Values.global.redis -}}
{{- $host := include "taskhub.name" (dict "root" . "name" "redis") -}}
{{- if eq $redis.kind "external" -}}
{{- $host = required "global.redis.host: name your Redis, or set global.redis.kind to builtin" $redis.host -}}
{{- end -}}
{{- $secret := include "taskhub.secret" (dict "root" . "of" "redisPassword") | fromJson -}}
{{- include "taskhub.secretVariable" (dict "name" "REDIS_PASSWORD" "secret" $secret) }}
- name: TASKHUB__REDIS__URL
  value: {{ printf "%s://%s:$(REDIS_PASSWORD)@%s:%d/%d" (ternary "rediss" "redis" $redis.tls) $redis.username $host (int $redis.port) (int $redis.database) | quote }}
{{- end }}

{{/* Where traces go. Argument: root. */}}
{{- define "taskhub.tracingVariables" -}}
{{- with .Values.global.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/*
Everything that must stay secret: what was given, else what is in the cluster, else something random. Helm deletes a key that is
no longer rendered, so one in the cluster stays although another Secret or key serves its purpose now: there may be no copy of
it. What is there is an argument, so that the tests can do without a cluster. Arguments: root, found (data of the Secret).
*/}}
{{- define "taskhub.secretData" -}}
{{- $data := deepCopy (.found | default dict) -}}
{{- range $of, $key := .root.Values.global.secrets.keys -}}
{{- if not (include "taskhub.existingSecret" (dict "root" $.root "of" $of)) -}}
{{- with get $.root.Values.global.secrets.values $of -}}
{{- $_ := set $data $key (b64enc .) -}}
{{- end -}}
{{- if not (get $data $key) -}}
{{- $_ := set $data $key (eq $of "masterKey" | ternary (randBytes 32) (randAlphaNum 32) | b64enc) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end }}
