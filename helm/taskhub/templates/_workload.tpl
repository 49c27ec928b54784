{{/*
A service without a state of its own: Deployment, Service, ServiceAccount, and where it is wanted HPA and PDB.

Arguments: root; component and values (its values); live and ready (paths of the probes); user (a numeric id); arguments (of the program); metrics (whether it
has a management port); env, mounts and volumes (YAML, beside what all have).
*/}}
{{- define "taskhub.workload" -}}
{{- $component := .component }}
{{- $name := include "taskhub.componentName" (dict "root" .root "component" $component) }}
{{- $values := .values }}
{{- $pause := .root.Values.global.preStopSleepSeconds }}
{{- $labelled := dict "root" .root "component" $component "values" $values }}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "taskhub.metadata" $labelled | nindent 2 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "taskhub.selectorLabels" $labelled | nindent 6 }}
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "taskhub.labels" (merge (dict "extra" $values.podLabels) $labelled) | nindent 8 }}
      annotations:
        {{- include "taskhub.podAnnotations" (dict "root" .root "values" $values "metrics" .metrics) | nindent 8 }}
    spec:
      {{- include "taskhub.pod" (dict "root" .root "user" .user "account" $name) | nindent 6 }}
      {{- include "taskhub.placement" $values | nindent 6 }}
      # Longer than the pause before the end and all that a service allows itself after it.
      terminationGracePeriodSeconds: {{ add $pause 35 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "taskhub.selectorLabels" $labelled | nindent 14 }}
      containers:
        - name: {{ $component }}
          {{- include "taskhub.containerImage" (dict "root" .root "image" $values.image) | nindent 10 }}
          {{- with .arguments }}
          args: {{ toJson . }}
          {{- end }}
          {{- include "taskhub.containerSecurity" . | nindent 10 }}
          ports:
            - name: http
              containerPort: 8080
            {{- if .metrics }}
            - name: metrics
              containerPort: 9090
            {{- end }}
          {{- with .env }}
          {{- include "taskhub.env" (dict "env" . "of" $component) | nindent 10 }}
          {{- end }}
          # Until it has begun nobody asks whether it lives.
          startupProbe:
            httpGet: {path: {{ .live }}, port: http}
            periodSeconds: 1
            timeoutSeconds: 3
            failureThreshold: 60
          livenessProbe:
            httpGet: {path: {{ .live }}, port: http}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: {path: {{ .ready }}, port: http}
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          lifecycle:
            # Requests still come until every node knows that this pod is going.
            preStop:
              sleep:
                seconds: {{ $pause }}
          {{- include "taskhub.resources" $values | nindent 10 }}
          {{- if or (trim (.mounts | default "")) $values.extraVolumeMounts }}
          volumeMounts:
            {{- with trim (.mounts | default "") }}
            {{- . | nindent 12 }}
            {{- end }}
            {{- with $values.extraVolumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- end }}
      {{- if or (trim (.volumes | default "")) $values.extraVolumes }}
      volumes:
        {{- with trim (.volumes | default "") }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with $values.extraVolumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "taskhub.metadata" $labelled | nindent 2 }}
spec:
  selector:
    {{- include "taskhub.selectorLabels" $labelled | nindent 4 }}
  ports:
    - name: http
      port: 8080
      targetPort: http
    {{- if .metrics }}
    - name: metrics
      port: 9090
      targetPort: metrics
    {{- end }}
---
{{ include "taskhub.serviceAccount" $labelled }}
{{- if $values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "taskhub.metadata" $labelled | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $name }}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    # Not a share of what is requested, which is little: that would be reached by the first visitor.
    - type: Resource
      resource:
        name: cpu
        target:
          type: AverageValue
          averageValue: {{ $values.autoscaling.cpu | quote }}
{{- end }}
{{- if gt (int (ternary $values.autoscaling.minReplicas $values.replicas $values.autoscaling.enabled)) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "taskhub.metadata" $labelled | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "taskhub.selectorLabels" $labelled | nindent 6 }}
{{- end }}
{{- end }}

{{/*
The state of the secrets is part of the annotations, so that a change of them replaces the pods; random ones never change.
Annotations for a plain Prometheus are there only when no ServiceMonitor is: it would scrape twice.
*/}}
{{- define "taskhub.podAnnotations" -}}
checksum/secrets: {{ include "taskhub.secretsState" .root }}
{{- if and .metrics (ne (include "taskhub.serviceMonitor" .root) "true") }}
prometheus.io/scrape: "true"
prometheus.io/port: "9090"
prometheus.io/path: /metrics
{{- end }}
{{- with .values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* "true" where a ServiceMonitor is wanted: auto asks the cluster whether it knows the kind. */}}
{{- define "taskhub.serviceMonitor" -}}
{{- $wanted := toString .Values.global.monitoring.serviceMonitor -}}
{{- if eq $wanted "auto" -}}
{{- .Capabilities.APIVersions.Has "monitoring.coreos.com/v1/ServiceMonitor" -}}
{{- else -}}
{{- $wanted -}}
{{- end -}}
{{- end }}

{{/* A TaskHub service. Arguments: root; component and values; settings (section → key → value); env, mounts and volumes as in taskhub.workload. */}}
{{- define "taskhub.service" -}}
{{- $http := dict "drain_delay_ms" 1500 -}}
{{- $settings := mergeOverwrite (dict "http" $http "log" (dict "format" "json")) .settings .values.settings -}}
{{- $env := list .env (include "taskhub.settings" $settings) (include "taskhub.tracingVariables" .root) -}}
{{- with .values.extraEnv -}}{{- $env = append $env (toYaml .) -}}{{- end -}}
{{- $trimmed := list -}}
{{- range compact $env -}}{{- $trimmed = append $trimmed (trimAll "\n" .) -}}{{- end -}}
{{- $workload := dict "live" "/health" "ready" "/health/serving" "user" 65532 "metrics" true "arguments" (list "serve") -}}
{{- $workload = merge $workload (dict "env" (join "\n" $trimmed)) (omit . "settings" "env") -}}
{{- include "taskhub.workload" $workload -}}
{{- end }}
