{{/* What every pod has. Arguments: root, user (a numeric id), account (the name of its ServiceAccount; none for a Job). */}}
{{- define "taskhub.pod" -}}
{{- with .account }}
serviceAccountName: {{ . }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.global.hostAliases }}
hostAliases:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- if .root.Values.global.userIds }}
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{/* Where a pod may run. Argument: a component's values. */}}
{{- define "taskhub.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* What every container has: rights to nothing, a root file system that it can't write. */}}
{{- define "taskhub.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Image and pull policy of a container. Arguments: root, image. */}}
{{- define "taskhub.containerImage" -}}
image: {{ include "taskhub.image" . | quote }}
imagePullPolicy: {{ .image.pullPolicy | default .root.Values.global.imagePullPolicy }}
{{- end }}

{{/* Requests and limits; one that is null is left out. Argument: a component's values. */}}
{{- define "taskhub.resources" -}}
resources:
  {{- range $kind := list "limits" "requests" }}
  {{- $given := dict }}
  {{- range $name, $quantity := get $.resources $kind }}
  {{- if ne (kindOf $quantity) "invalid" }}{{ $_ := set $given $name $quantity }}{{ end }}
  {{- end }}
  {{- with $given }}
  {{ $kind }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end }}

{{/* A container's environment; a name that comes twice is refused. Arguments: env (YAML), of (whose it is). */}}
{{- define "taskhub.env" -}}
{{- $names := dict -}}
{{- range .env | fromYamlArray -}}
{{- if hasKey $names .name -}}
{{- fail (printf "%s.extraEnv: %s is set by the chart already, or comes twice; settings belong into %s.settings" $.of .name $.of) -}}
{{- end -}}
{{- $_ := set $names .name true -}}
{{- end -}}
env:
  {{- .env | nindent 2 }}
{{- end }}

{{/* A component's ServiceAccount. Arguments: root, component, values. */}}
{{- define "taskhub.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "taskhub.metadata" . | nindent 2 }}
  {{- with .values.serviceAccountAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{/* A secret in the environment. Arguments: name (of the variable), secret (name, key). */}}
{{- define "taskhub.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret.name }}
      key: {{ .secret.key }}
{{- end }}

{{/* Settings as a service reads them from its environment, TASKHUB__SECTION__KEY. Argument: section → key → value. */}}
{{- define "taskhub.settings" -}}
{{- range $section, $keys := . }}
{{- range $key, $value := $keys }}
- name: TASKHUB__{{ $section | upper }}__{{ $key | upper }}
  value: {{ kindIs "float64" $value | ternary (int64 $value) $value | toString | quote }}
{{- end }}
{{- end }}
{{- end }}
