{{/* A selector of this release's pods. Arguments: root, key (the selector's name), components (all if absent). */}}
{{- define "taskhub.ours" -}}
{{- $database := eq .root.Values.global.database.kind "cloudnativepg" -}}
{{ .key }}:
  {{- if and $database (has "postgresql" (.components | default list)) }}
  matchLabels:
    cnpg.io/cluster: {{ include "taskhub.componentName" (dict "root" .root "component" "postgresql") }}
  {{- else }}
  matchLabels:
    app.kubernetes.io/name: taskhub
    app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
    {{- if eq (len (.components | default list)) 1 }}
    app.kubernetes.io/component: {{ first .components }}
    {{- end }}
  {{- if gt (len (.components | default list)) 1 }}
  matchExpressions:
    - key: app.kubernetes.io/component
      operator: In
      values: {{ toJson .components }}
  {{- end }}
  {{- end }}
{{- end }}

{{/* The other end of an arrow. Arguments: root, components (ours), peers (as Kubernetes writes them). Never empty. */}}
{{- define "taskhub.peers" -}}
{{- if .components -}}
- {{- include "taskhub.ours" (dict "root" .root "key" "podSelector" "components" .components) | nindent 2 }}
{{- else -}}
{{- toYaml .peers -}}
{{- end -}}
{{- end }}
