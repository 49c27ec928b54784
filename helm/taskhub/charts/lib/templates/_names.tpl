{{/* The name of an object of TaskHub's. Arguments: root, name. */}}
{{- define "taskhub.name" -}}
{{- printf "%s%s" .root.Values.global.namePrefix .name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* The name of a component's Service, and of all that belongs to it. Arguments: root, component. */}}
{{- define "taskhub.componentName" -}}
{{- $names := dict "api-gateway" "api" "postgresql" "postgres" -}}
{{- include "taskhub.name" (dict "root" .root "name" (get $names .component | default .component)) -}}
{{- end }}

{{/* What never changes about a component's pods: selectors are made of it. Arguments: root, component. */}}
{{- define "taskhub.selectorLabels" -}}
app.kubernetes.io/name: taskhub
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "taskhub.labels" -}}
{{ include "taskhub.selectorLabels" . }}
app.kubernetes.io/part-of: taskhub
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
{{- end }}

{{/* An object's metadata. Arguments: root, component, name (the component's if absent). */}}
{{- define "taskhub.metadata" -}}
name: {{ .name | default (include "taskhub.componentName" .) }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "taskhub.labels" . | nindent 2 }}
{{- end }}

{{/* The reference of an image. Arguments: root, image. TaskHub's own images have no registry of their own. */}}
{{- define "taskhub.image" -}}
{{- $global := .root.Values.global -}}
{{- $own := $global.taskhubImages -}}
{{- $registry := $global.imageRegistry | default .image.registry | default $own.registry -}}
{{- if .image.digest -}}
{{- printf "%s/%s@%s" $registry .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s/%s:%s" $registry .image.repository (.image.tag | default $own.tag | default .root.Chart.AppVersion) -}}
{{- end -}}
{{- end }}
