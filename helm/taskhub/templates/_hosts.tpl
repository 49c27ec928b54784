{{/* The names that TaskHub is reached by, as JSON: page (with the API under /api) and api (the API alone; may be empty). */}}
{{- define "taskhub.hosts" -}}
{{- $page := prepend .Values.ingress.extraHosts .Values.ingress.host | uniq -}}
{{- $api := list -}}
{{- with tpl .Values.ingress.apiHost . -}}
{{- if not (has . $page) -}}{{- $api = append $api . -}}{{- end -}}
{{- end -}}
{{- dict "page" $page "api" $api | toJson -}}
{{- end }}
