{{- define "entrepot.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "entrepot.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "entrepot.selector" -}}
app.kubernetes.io/name: entrepot
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "entrepot.labels" -}}
{{ include "entrepot.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* The settings that are no secrets, by name. */}}
{{- define "entrepot.settings" -}}
ENTREPOT_DEMO: "0"
ENTREPOT_SECURE_COOKIES: "1"
ENTREPOT_METRICS: "0.0.0.0:9100"
{{- range $name, $value := .Values.settings }}
{{- if ne (toString $value) "" }}
ENTREPOT_{{ $name }}: {{ toString $value | quote }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.environment }}
{{ $name }}: {{ toString $value | quote }}
{{- end }}
{{- end }}

{{/* The settings that are secrets, each by its own key, so that nothing else comes along.
     Arguments: root, through (WEB or WORK: that entry of the pooler, where there is one). */}}
{{- define "entrepot.secrets" -}}
{{- $secret := .root.Values.secret }}
{{- $pooled := and .root.Values.pooler.enabled .through }}
{{- range $secret.required }}
{{- $key := printf "ENTREPOT_%s" . }}
{{- if and $pooled (eq . "DATABASE_URL") }}
{{- $key = printf "ENTREPOT_DATABASE_URL_%s" $.through }}
{{- end }}
- name: ENTREPOT_{{ . }}
  valueFrom: {secretKeyRef: {name: {{ $secret.name | quote }}, key: {{ $key }}}}
{{- end }}
{{- range $secret.optional }}
- name: ENTREPOT_{{ . }}
  valueFrom: {secretKeyRef: {name: {{ $secret.name | quote }}, key: ENTREPOT_{{ . }}, optional: true}}
{{- end }}
- {name: ENTREPOT_DATABASE_IS_POOLED, value: {{ ternary "1" "0" (not (empty $pooled)) | quote }}}
{{- end }}

{{/* What every container of ours has: no rights, nothing to write but its own folders. */}}
{{- define "entrepot.closed" -}}
image: {{ include "entrepot.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "entrepot.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Arguments: root, component. Two of a kind are not lost with one machine or one zone. */}}
{{- define "entrepot.spread" -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "entrepot.selector" $ | nindent 6 }}
{{- end }}
{{- end }}

{{- define "entrepot.mounts" -}}
- {name: var, mountPath: /home/entrepot/var}
- {name: tmp, mountPath: /tmp}
- {name: certificate-key, mountPath: /home/entrepot/var/certificate_key, subPath: certificate_key, readOnly: true}
{{- end }}

{{- define "entrepot.volumes" -}}
- {name: var, emptyDir: {sizeLimit: 2Gi}}
- {name: tmp, emptyDir: {sizeLimit: 4Gi}}
- name: certificate-key
  secret:
    secretName: {{ .Values.secret.name | quote }}
    defaultMode: 0440
    items: [{key: {{ .Values.secret.certificateKey | quote }}, path: certificate_key}]
{{- end }}

{{/* Arguments: root, component, command, port of its figures, seconds it may take to stop, replicas, resources. */}}
{{- define "entrepot.background" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "entrepot.name" .root }}-{{ .component }}
  labels: {{- include "entrepot.labels" . | nindent 4 }}
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels: {{- include "entrepot.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "entrepot.labels" . | nindent 8 }}
      annotations:
        checksum/settings: {{ include "entrepot.settings" .root | sha256sum }}
    spec:
      serviceAccountName: {{ include "entrepot.name" .root }}
      {{- include "entrepot.pod" .root | nindent 6 }}
      terminationGracePeriodSeconds: {{ .grace }}
      topologySpreadConstraints: {{- include "entrepot.spread" . | nindent 8 }}
      containers:
        - name: {{ .component }}
          {{- include "entrepot.closed" .root | nindent 10 }}
          command: {{ toJson .command }}
          envFrom: [{configMapRef: {name: {{ include "entrepot.name" .root }}}}]
          env: {{- include "entrepot.secrets" (dict "root" .root "through" "WORK") | nindent 12 }}
          ports: [{name: metrics, containerPort: {{ .port }}}]
          # A thread beside the work answers: who stands still, answers nothing.
          startupProbe: {httpGet: {path: /metrics, port: metrics}, periodSeconds: 2, failureThreshold: 60}
          livenessProbe: {httpGet: {path: /metrics, port: metrics}, periodSeconds: 20, timeoutSeconds: 10}
          resources: {{- toYaml .resources | nindent 12 }}
          volumeMounts: {{- include "entrepot.mounts" .root | nindent 12 }}
      volumes: {{- include "entrepot.volumes" .root | nindent 8 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "entrepot.name" .root }}-{{ .component }}
  labels: {{- include "entrepot.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "entrepot.selector" . | nindent 6 }}
{{- end }}
