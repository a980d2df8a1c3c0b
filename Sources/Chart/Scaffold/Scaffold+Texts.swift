// The text is that of `helm create` in Helm 4.2, to the byte; lines are as long as they are there.
extension Scaffold {
    /// templates/_helpers.tpl
    static let helpers = #"""
        {{/*
        Expand the name of the chart.
        */}}
        {{- define "<CHARTNAME>.name" -}}
        {{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
        {{- end }}

        {{/*
        Create a default fully qualified app name.
        We truncate at 63 chars because some Kubernetes name fields are limited to this (by the DNS naming spec).
        If release name contains chart name it will be used as a full name.
        */}}
        {{- define "<CHARTNAME>.fullname" -}}
        {{- if .Values.fullnameOverride }}
        {{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
        {{- else }}
        {{- $name := default .Chart.Name .Values.nameOverride }}
        {{- if contains $name .Release.Name }}
        {{- .Release.Name | trunc 63 | trimSuffix "-" }}
        {{- else }}
        {{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
        {{- end }}
        {{- end }}
        {{- end }}

        {{/*
        Create chart name and version as used by the chart label.
        */}}
        {{- define "<CHARTNAME>.chart" -}}
        {{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
        {{- end }}

        {{/*
        Common labels
        */}}
        {{- define "<CHARTNAME>.labels" -}}
        helm.sh/chart: {{ include "<CHARTNAME>.chart" . }}
        {{ include "<CHARTNAME>.selectorLabels" . }}
        {{- if .Chart.AppVersion }}
        app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
        {{- end }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}

        {{/*
        Selector labels
        */}}
        {{- define "<CHARTNAME>.selectorLabels" -}}
        app.kubernetes.io/name: {{ include "<CHARTNAME>.name" . }}
        app.kubernetes.io/instance: {{ .Release.Name }}
        {{- end }}

        {{/*
        Create the name of the service account to use
        */}}
        {{- define "<CHARTNAME>.serviceAccountName" -}}
        {{- if .Values.serviceAccount.create }}
        {{- default (include "<CHARTNAME>.fullname" .) .Values.serviceAccount.name }}
        {{- else }}
        {{- default "default" .Values.serviceAccount.name }}
        {{- end }}
        {{- end }}

        """#

    /// templates/NOTES.txt
    static let notes = #"""
        1. Get the application URL by running these commands:
        {{- if .Values.httpRoute.enabled }}
        {{- if .Values.httpRoute.hostnames }}
            export APP_HOSTNAME={{ .Values.httpRoute.hostnames | first }}
        {{- else }}
            export APP_HOSTNAME=$(kubectl get --namespace {{(first .Values.httpRoute.parentRefs).namespace | default .Release.Namespace }} gateway/{{ (first .Values.httpRoute.parentRefs).name }} -o jsonpath="{.spec.listeners[0].hostname}")
          {{- end }}
        {{- if and .Values.httpRoute.rules (first .Values.httpRoute.rules).matches (first (first .Values.httpRoute.rules).matches).path.value }}
            echo "Visit http://$APP_HOSTNAME{{ (first (first .Values.httpRoute.rules).matches).path.value }} to use your application"

            NOTE: Your HTTPRoute depends on the listener configuration of your gateway and your HTTPRoute rules.
            The rules can be set for path, method, header and query parameters.
            You can check the gateway configuration with 'kubectl get --namespace {{(first .Values.httpRoute.parentRefs).namespace | default .Release.Namespace }} gateway/{{ (first .Values.httpRoute.parentRefs).name }} -o yaml'
        {{- end }}
        {{- else if .Values.ingress.enabled }}
        {{- range $host := .Values.ingress.hosts }}
          {{- range .paths }}
          http{{ if $.Values.ingress.tls }}s{{ end }}://{{ $host.host }}{{ .path }}
          {{- end }}
        {{- end }}
        {{- else if contains "NodePort" .Values.service.type }}
          export NODE_PORT=$(kubectl get --namespace {{ .Release.Namespace }} -o jsonpath="{.spec.ports[0].nodePort}" services {{ include "<CHARTNAME>.fullname" . }})
          export NODE_IP=$(kubectl get nodes --namespace {{ .Release.Namespace }} -o jsonpath="{.items[0].status.addresses[0].address}")
          echo http://$NODE_IP:$NODE_PORT
        {{- else if contains "LoadBalancer" .Values.service.type }}
             NOTE: It may take a few minutes for the LoadBalancer IP to be available.
                   You can watch its status by running 'kubectl get --namespace {{ .Release.Namespace }} svc -w {{ include "<CHARTNAME>.fullname" . }}'
          export SERVICE_IP=$(kubectl get svc --namespace {{ .Release.Namespace }} {{ include "<CHARTNAME>.fullname" . }} --template "{{"{{ range (index .status.loadBalancer.ingress 0) }}{{.}}{{ end }}"}}")
          echo http://$SERVICE_IP:{{ .Values.service.port }}
        {{- else if contains "ClusterIP" .Values.service.type }}
          export POD_NAME=$(kubectl get pods --namespace {{ .Release.Namespace }} -l "app.kubernetes.io/name={{ include "<CHARTNAME>.name" . }},app.kubernetes.io/instance={{ .Release.Name }}" -o jsonpath="{.items[0].metadata.name}")
          export CONTAINER_PORT=$(kubectl get pod --namespace {{ .Release.Namespace }} $POD_NAME -o jsonpath="{.spec.containers[0].ports[0].containerPort}")
          echo "Visit http://127.0.0.1:8080 to use your application"
          kubectl --namespace {{ .Release.Namespace }} port-forward $POD_NAME 8080:$CONTAINER_PORT
        {{- end }}

        """#

    /// templates/tests/test-connection.yaml
    static let test = #"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: "{{ include "<CHARTNAME>.fullname" . }}-test-connection"
          labels:
            {{- include "<CHARTNAME>.labels" . | nindent 4 }}
          annotations:
            "helm.sh/hook": test
        spec:
          containers:
            - name: wget
              image: busybox
              command: ['wget']
              args: ['{{ include "<CHARTNAME>.fullname" . }}:{{ .Values.service.port }}']
          restartPolicy: Never

        """#
}
