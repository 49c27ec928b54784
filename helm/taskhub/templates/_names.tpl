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
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* The labels of an object or a pod; nobody's labels replace ours. Arguments: root, component, extra (further labels). */}}
{{- define "taskhub.labels" -}}
{{- $ours := include "taskhub.selectorLabels" . | fromYaml -}}
{{- $_ := set $ours "app.kubernetes.io/part-of" "taskhub" -}}
{{- $_ := set $ours "app.kubernetes.io/version" .root.Chart.AppVersion -}}
{{- $_ := set $ours "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $_ := set $ours "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version) -}}
{{- mergeOverwrite (dict) .root.Values.global.commonLabels (.extra | default dict) $ours | toYaml -}}
{{- end }}

{{/* An object's metadata. Arguments: root, component, name (the component's if absent), extra (further labels). */}}
{{- define "taskhub.metadata" -}}
name: {{ .name | default (include "taskhub.componentName" .) }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "taskhub.labels" . | nindent 2 }}
{{- end }}

{{/* The reference of an image. Arguments: root, image. TaskHub's own images have no registry of their own. */}}
{{- define "taskhub.image" -}}
{{- $global := .root.Values.global -}}
{{- $own := $global.taskhubImages -}}
{{- $registry := $global.imageRegistry | default .image.registry | default $own.registry -}}
{{- if not $registry -}}
{{- fail "global.taskhubImages.registry: name the registry that has TaskHub's images; docs/install.md says how to build them" -}}
{{- end -}}
{{- if .image.digest -}}
{{- printf "%s/%s@%s" $registry .image.repository .image.digest -}}
{{- else -}}
{{- printf "%s/%s:%s" $registry .image.repository (.image.tag | default $own.tag | default .root.Chart.AppVersion) -}}
{{- end -}}
{{- end }}
