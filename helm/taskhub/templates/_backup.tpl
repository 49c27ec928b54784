{{/* The Job that runs a script of files/backup beside the volume with the backups. Arguments: root, script. */}}
{{- define "taskhub.backupJob" -}}
{{- $root := .root }}
{{- $backup := $root.Values.backup }}
{{- $labelled := dict "root" $root "component" "backup" }}
{{- $name := include "taskhub.name" (dict "root" $root "name" "taskhub-backup") }}
{{- $place := include "taskhub.database" $root | fromJson }}
{{- $ca := include "taskhub.databaseCa" $root | fromJson -}}
metadata:
  labels:
    {{- include "taskhub.labels" $labelled | nindent 4 }}
spec:
  backoffLimit: 2
  activeDeadlineSeconds: {{ $backup.deadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "taskhub.labels" $labelled | nindent 8 }}
    spec:
      {{- include "taskhub.pod" (dict "root" $root "user" 999) | nindent 6 }}
      {{- include "taskhub.placement" $backup | nindent 6 }}
      restartPolicy: Never
      containers:
        - name: {{ trimSuffix ".sh" .script }}
          {{- include "taskhub.containerImage" (dict "root" $root "image" $root.Values.postgresql.image) | nindent 10 }}
          {{- include "taskhub.containerSecurity" . | nindent 10 }}
          command: [bash, /scripts/{{ .script }}]
          env:
            {{- include "taskhub.secretVariable" (dict "name" "PGPASSWORD" "secret" $place.secret) | nindent 12 }}
            - name: PGHOST
              value: {{ $place.host | quote }}
            - name: PGPORT
              value: {{ $place.port | toString | quote }}
            - name: PGUSER
              value: {{ $place.user | quote }}
            - name: PGDATABASE
              value: {{ $place.name | quote }}
            - name: PGSSLMODE
              value: {{ ternary "verify-full" $place.sslmode (eq $place.sslmode "require") }}
            {{- if eq $place.sslmode "require" }}
            - name: PGSSLROOTCERT
              value: {{ ternary "/etc/taskhub/database-ca/ca.crt" "system" (hasKey $ca "name") }}
            {{- end }}
            - name: BACKUP_DIR
              value: /backups
            - name: BACKUP_KEEP
              value: {{ $backup.keep | quote }}
          resources:
            {{- toYaml $backup.resources | nindent 12 }}
          volumeMounts:
            - name: backups
              mountPath: /backups
            - name: scripts
              mountPath: /scripts
              readOnly: true
            - name: scratch
              mountPath: /tmp
            {{- include "taskhub.databaseCaMount" $root | trimAll "\n" | nindent 12 }}
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
        {{- include "taskhub.databaseCaVolume" $root | trimAll "\n" | nindent 8 }}
{{- end }}
