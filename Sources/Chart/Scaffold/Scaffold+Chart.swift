// The text is that of `helm create` in Helm 4.2, to the byte; lines are as long as they are there.
extension Scaffold {
    /// Chart.yaml
    static let chart = #"""
        apiVersion: v2
        name: <CHARTNAME>
        description: A Helm chart for Kubernetes

        # A chart can be either an 'application' or a 'library' chart.
        #
        # Application charts are a collection of templates that can be packaged into versioned archives
        # to be deployed.
        #
        # Library charts provide useful utilities or functions for the chart developer. They're included as
        # a dependency of application charts to inject those utilities and functions into the rendering
        # pipeline. Library charts do not define any templates and therefore cannot be deployed.
        type: application

        # This is the chart version. This version number should be incremented each time you make changes
        # to the chart and its templates, including the app version.
        # Versions are expected to follow Semantic Versioning (https://semver.org/)
        version: 0.1.0

        # This is the version number of the application being deployed. This version number should be
        # incremented each time you make changes to the application. Versions are not expected to
        # follow Semantic Versioning. They should reflect the version the application is using.
        # It is recommended to use it with quotes.
        appVersion: "1.16.0"

        """#

    /// values.yaml
    static let values = #"""
        # Default values for <CHARTNAME>.
        # This is a YAML-formatted file.
        # Declare variables to be passed into your templates.

        # This will set the replicaset count more information can be found here: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/
        replicaCount: 1

        # This sets the container image more information can be found here: https://kubernetes.io/docs/concepts/containers/images/
        image:
          repository: nginx
          # This sets the pull policy for images.
          pullPolicy: IfNotPresent
          # Overrides the image tag whose default is the chart appVersion.
          tag: ""

        # This is for the secrets for pulling an image from a private repository more information can be found here: https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
        imagePullSecrets: []
        # This is to override the chart name.
        nameOverride: ""
        fullnameOverride: ""

        # This section builds out the service account more information can be found here: https://kubernetes.io/docs/concepts/security/service-accounts/
        serviceAccount:
          # Specifies whether a service account should be created.
          create: true
          # Automatically mount a ServiceAccount's API credentials?
          automount: true
          # Annotations to add to the service account.
          annotations: {}
          # The name of the service account to use.
          # If not set and create is true, a name is generated using the fullname template.
          name: ""

        # This is for setting Kubernetes Annotations to a Pod.
        # For more information checkout: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
        podAnnotations: {}
        # This is for setting Kubernetes Labels to a Pod.
        # For more information checkout: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
        podLabels: {}

        podSecurityContext: {}
          # fsGroup: 2000

        securityContext: {}
          # capabilities:
          #   drop:
          #   - ALL
          # readOnlyRootFilesystem: true
          # runAsNonRoot: true
          # runAsUser: 1000

        # This is for setting up a service more information can be found here: https://kubernetes.io/docs/concepts/services-networking/service/
        service:
          # This sets the service type more information can be found here: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
          type: ClusterIP
          # This sets the ports more information can be found here: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
          port: 80

        # This block is for setting up the ingress for more information can be found here: https://kubernetes.io/docs/concepts/services-networking/ingress/
        ingress:
          enabled: false
          className: ""
          annotations: {}
            # kubernetes.io/ingress.class: nginx
            # kubernetes.io/tls-acme: "true"
          hosts:
            - host: chart-example.local
              paths:
                - path: /
                  pathType: ImplementationSpecific
          tls: []
            # - secretName: chart-example-tls
            #   hosts:
            #     - chart-example.local

        # -- Expose the service via gateway-api HTTPRoute
        # Requires Gateway API resources and suitable controller installed within the cluster
        # (see: https://gateway-api.sigs.k8s.io/guides/)
        httpRoute:
          # HTTPRoute enabled.
          enabled: false
          # HTTPRoute annotations.
          annotations: {}
          # Which Gateways this Route is attached to.
          parentRefs:
          - name: gateway
            sectionName: http
            # namespace: default
          # Hostnames matching HTTP header.
          hostnames:
          - chart-example.local
          # List of rules and filters applied.
          rules:
          - matches:
            - path:
                type: PathPrefix
                value: /headers
          #   filters:
          #   - type: RequestHeaderModifier
          #     requestHeaderModifier:
          #       set:
          #       - name: My-Overwrite-Header
          #         value: this-is-the-only-value
          #       remove:
          #       - User-Agent
          # - matches:
          #   - path:
          #       type: PathPrefix
          #       value: /echo
          #     headers:
          #     - name: version
          #       value: v2

        resources: {}
          # We usually recommend not to specify default resources and to leave this as a conscious
          # choice for the user. This also increases chances charts run on environments with little
          # resources, such as Minikube. If you do want to specify resources, uncomment the following
          # lines, adjust them as necessary, and remove the curly braces after 'resources:'.
          # limits:
          #   cpu: 100m
          #   memory: 128Mi
          # requests:
          #   cpu: 100m
          #   memory: 128Mi

        # This is to setup the liveness and readiness probes more information can be found here: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
        livenessProbe:
          httpGet:
            path: /
            port: http
        readinessProbe:
          httpGet:
            path: /
            port: http

        # This section is for setting up autoscaling more information can be found here: https://kubernetes.io/docs/concepts/workloads/autoscaling/
        autoscaling:
          enabled: false
          minReplicas: 1
          maxReplicas: 100
          targetCPUUtilizationPercentage: 80
          # targetMemoryUtilizationPercentage: 80

        # Additional volumes on the output Deployment definition.
        volumes: []
          # - name: foo
          #   secret:
          #     secretName: mysecret
          #     optional: false

        # Additional volumeMounts on the output Deployment definition.
        volumeMounts: []
          # - name: foo
          #   mountPath: "/etc/foo"
          #   readOnly: true

        nodeSelector: {}

        tolerations: []

        affinity: {}

        """#

    /// .helmignore
    static let ignore = #"""
        # Patterns to ignore when building packages.
        # This supports shell glob matching, relative path matching, and
        # negation (prefixed with !). Only one pattern per line.
        .DS_Store
        # Common VCS dirs
        .git/
        .gitignore
        .bzr/
        .bzrignore
        .hg/
        .hgignore
        .svn/
        # Common backup files
        *.swp
        *.bak
        *.tmp
        *.orig
        *~
        # Various IDEs
        .project
        .idea/
        *.tmproj
        .vscode/

        """#
}
