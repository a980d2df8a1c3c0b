/// The roles and bindings that every cluster has, and what they allow: facts of Kubernetes 1.36 (documentation, "Using RBAC
/// Authorization", default roles and role bindings), in lines that `DefaultRoles` reads.
///
/// `cluster NAME [to=ROLE]` and `role NAMESPACE NAME` begin a role; below it stand `VERBS GROUPS RESOURCES [NAMES]`,
/// `VERBS url PATHS`, or `gathers ROLE` for an aggregated one. `read`, `write` and `full` are sets of verbs. A role of a
/// controller is bound to the service account of its name. A deeper line continues the one before.
enum DefaultRoleText {
    static let text = """
        cluster admin
          gathers admin
        cluster cluster-admin
          * * *
          * url *
        cluster edit to=admin
          gathers edit
        cluster system:aggregate-to-admin to=admin
          create authorization.k8s.io localsubjectaccessreviews
          full rbac.authorization.k8s.io rolebindings,roles
        cluster system:aggregate-to-edit to=edit
          read core pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy
          impersonate core serviceaccounts
          write core pods,pods/attach,pods/exec,pods/portforward,pods/proxy
          create core pods/eviction
          write core configmaps,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,
            secrets,serviceaccounts,services,services/proxy
          create core serviceaccounts/token
          write core,events.k8s.io events
          write apps daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,
            replicasets/scale,statefulsets,statefulsets/scale
          write autoscaling horizontalpodautoscalers
          write batch cronjobs,jobs
          write extensions daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,
            networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale
          write policy poddisruptionbudgets
          write networking.k8s.io ingresses,networkpolicies
          full coordination.k8s.io leases
          write resource.k8s.io resourceclaims,resourceclaimtemplates
        cluster system:aggregate-to-view to=view
          read core configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,
            replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status
          read core bindings,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,
            resourcequotas,resourcequotas/status
          read core namespaces
          read core,events.k8s.io events
          read discovery.k8s.io endpointslices
          read apps controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,
            deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,
            statefulsets/status
          read autoscaling horizontalpodautoscalers,horizontalpodautoscalers/status
          read batch cronjobs,cronjobs/status,jobs,jobs/status
          read extensions daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,
            ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,
            replicationcontrollers/scale
          read policy poddisruptionbudgets,poddisruptionbudgets/status
          read networking.k8s.io ingresses,ingresses/status,networkpolicies
          read resource.k8s.io resourceclaims,resourceclaims/status,resourceclaimtemplates
        cluster system:auth-delegator
          create authentication.k8s.io tokenreviews
          create authorization.k8s.io subjectaccessreviews
        cluster system:basic-user
          create authorization.k8s.io selfsubjectaccessreviews,selfsubjectrulesreviews
          create authentication.k8s.io selfsubjectreviews
        cluster system:certificates.k8s.io:certificatesigningrequests:nodeclient
          create certificates.k8s.io certificatesigningrequests/nodeclient
        cluster system:certificates.k8s.io:certificatesigningrequests:selfnodeclient
          create certificates.k8s.io certificatesigningrequests/selfnodeclient
        cluster system:certificates.k8s.io:kube-apiserver-client-approver
          approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client
        cluster system:certificates.k8s.io:kube-apiserver-client-kubelet-approver
          approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet
        cluster system:certificates.k8s.io:kubelet-serving-approver
          approve certificates.k8s.io signers kubernetes.io/kubelet-serving
        cluster system:certificates.k8s.io:legacy-unknown-approver
          approve certificates.k8s.io signers kubernetes.io/legacy-unknown
        cluster system:controller:attachdetach-controller
          list,watch core persistentvolumeclaims,persistentvolumes
          read core nodes
          patch,update core nodes/status
          list,watch core pods
          create,patch,update core,events.k8s.io events
          create,delete,get,list,watch storage.k8s.io volumeattachments
          read storage.k8s.io csidrivers
          read storage.k8s.io csinodes
        cluster system:controller:certificate-controller
          delete,get,list,watch certificates.k8s.io certificatesigningrequests
          update certificates.k8s.io certificatesigningrequests/approval,certificatesigningrequests/status
          approve certificates.k8s.io signers kubernetes.io/kube-apiserver-client-kubelet
          sign certificates.k8s.io signers kubernetes.io/kube-apiserver-client,
            kubernetes.io/kube-apiserver-client-kubelet,kubernetes.io/kubelet-serving,
            kubernetes.io/legacy-unknown
          create authorization.k8s.io subjectaccessreviews
          create,patch,update core,events.k8s.io events
        cluster system:controller:clusterrole-aggregation-controller
          escalate,get,list,patch,update,watch rbac.authorization.k8s.io clusterroles
        cluster system:controller:cronjob-controller
          get,list,update,watch batch cronjobs
          create,delete,get,list,patch,update,watch batch jobs
          update batch cronjobs/status
          update batch cronjobs/finalizers
          delete,list,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:daemon-set-controller
          read apps,extensions daemonsets
          update apps,extensions daemonsets/status
          update apps,extensions daemonsets/finalizers
          list,watch core nodes
          create,delete,list,patch,watch core pods
          create core pods/binding
          create,delete,get,list,patch,update,watch apps controllerrevisions
          create,patch,update core,events.k8s.io events
        cluster system:controller:deployment-controller
          get,list,update,watch apps,extensions deployments
          update apps,extensions deployments/status
          update apps,extensions deployments/finalizers
          create,delete,get,list,patch,update,watch apps,extensions replicasets
          get,list,update,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:device-taint-eviction-controller
          delete,get,list,watch core pods
          patch,update core pods/status
          read resource.k8s.io resourceclaims
          read resource.k8s.io resourceslices
          read resource.k8s.io deviceclasses
          create,patch,update core,events.k8s.io events
        cluster system:controller:disruption-controller
          read apps,extensions deployments
          read apps,extensions replicasets
          read core replicationcontrollers
          read policy poddisruptionbudgets
          read apps statefulsets
          update policy poddisruptionbudgets/status
          patch,update core pods/status
          get * */scale
          create,patch,update core,events.k8s.io events
        cluster system:controller:endpoint-controller
          read core pods,services
          create,delete,get,list,update,watch core endpoints
          create core endpoints/restricted
          create,patch,update core,events.k8s.io events
        cluster system:controller:endpointslice-controller
          read core nodes,pods,services
          update core services/finalizers
          create,delete,get,list,update,watch discovery.k8s.io endpointslices
          create discovery.k8s.io endpointslices/restricted
          create,patch,update core,events.k8s.io events
        cluster system:controller:endpointslicemirroring-controller
          read core endpoints,services
          update core services/finalizers
          update core endpoints/finalizers
          create,delete,get,list,update,watch discovery.k8s.io endpointslices
          create discovery.k8s.io endpointslices/restricted
          create,patch,update core,events.k8s.io events
        cluster system:controller:ephemeral-volume-controller
          read core pods
          update core pods/finalizers
          create,get,list,watch core persistentvolumeclaims
          create,patch,update core,events.k8s.io events
        cluster system:controller:expand-controller
          get,list,patch,update,watch core persistentvolumes
          patch,update core persistentvolumeclaims/status
          read core persistentvolumeclaims
          create,patch,update core,events.k8s.io events
        cluster system:controller:generic-garbage-collector
          delete,get,list,patch,update,watch * *
          create,patch,update core,events.k8s.io events
        cluster system:controller:horizontal-pod-autoscaler
          read autoscaling horizontalpodautoscalers
          update autoscaling horizontalpodautoscalers/status
          get,update * */scale
          list,watch core pods
          list,watch metrics.k8s.io pods
          read custom.metrics.k8s.io *
          read external.metrics.k8s.io *
          create,patch,update core,events.k8s.io events
        cluster system:controller:job-controller
          get,list,patch,update,watch batch jobs
          update batch jobs/status
          update batch jobs/finalizers
          create,delete,list,patch,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:legacy-service-account-token-cleaner
          get core configmaps kube-apiserver-legacy-service-account-token-tracking
          delete,patch core secrets
        cluster system:controller:namespace-controller
          delete,get,list,watch core namespaces
          update core namespaces/finalize,namespaces/status
          delete,deletecollection,get,list,watch * *
        cluster system:controller:node-controller
          delete,get,list,patch,update,watch core nodes
          patch,update core nodes/status
          patch,update core pods/status
          delete,get,list,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:persistent-volume-binder
          create,delete,get,list,update,watch core persistentvolumes
          update core persistentvolumes/status
          get,list,update,watch core persistentvolumeclaims
          update core persistentvolumeclaims/status
          create,delete,get,list,watch core pods
          read storage.k8s.io storageclasses
          list,watch core nodes
          create,patch,update core,events.k8s.io events
          watch core events
        cluster system:controller:pod-garbage-collector
          delete,list,watch core pods
          read core nodes
          patch core pods/status
        cluster system:controller:pv-protection-controller
          get,list,update,watch core persistentvolumes
          create,patch,update core,events.k8s.io events
        cluster system:controller:pvc-protection-controller
          get,list,update,watch core persistentvolumeclaims
          update core persistentvolumeclaims/status
          read core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:replicaset-controller
          get,list,update,watch apps,extensions replicasets
          update apps,extensions replicasets/status
          update apps,extensions replicasets/finalizers
          create,delete,list,patch,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:replication-controller
          get,list,update,watch core replicationcontrollers
          update core replicationcontrollers/status
          update core replicationcontrollers/finalizers
          create,delete,list,patch,watch core pods
          create,patch,update core,events.k8s.io events
        cluster system:controller:resource-claim-controller
          read core pods
          update core pods/finalizers
          create,delete,get,list,watch resource.k8s.io resourceclaims
          patch,update resource.k8s.io resourceclaims,resourceclaims/status
          patch,update core pods/status
          create,patch,update core,events.k8s.io events
          patch,update resource.k8s.io resourceclaims/binding
        cluster system:controller:resourcequota-controller
          list,watch * *
          update core resourcequotas/status
          create,patch,update core,events.k8s.io events
        cluster system:controller:root-ca-cert-publisher
          create,update core configmaps
          create,patch,update core,events.k8s.io events
        cluster system:controller:route-controller
          list,watch core nodes
          patch core nodes/status
          create,patch,update core,events.k8s.io events
        cluster system:controller:selinux-warning-controller
          create,patch,update core,events.k8s.io events
          read core persistentvolumes
          read core persistentvolumeclaims
          read core pods
          read storage.k8s.io csidrivers
        cluster system:controller:service-account-controller
          create core serviceaccounts
          create,patch,update core,events.k8s.io events
        cluster system:controller:service-ca-cert-publisher
          create,update core configmaps
          create,patch,update core,events.k8s.io events
        cluster system:controller:service-cidrs-controller
          get,list,patch,update,watch networking.k8s.io servicecidrs
          patch,update networking.k8s.io servicecidrs/finalizers
          patch,update networking.k8s.io servicecidrs/status
          read networking.k8s.io ipaddresses
          create,patch,update core,events.k8s.io events
        cluster system:controller:service-controller
          read core services
          patch,update core services/status
          list,watch core nodes
          create,patch,update core,events.k8s.io events
        cluster system:controller:statefulset-controller
          list,watch core pods
          read apps statefulsets
          update apps statefulsets/status
          update apps statefulsets/finalizers
          create,delete,get,patch,update core pods
          create,delete,get,list,patch,update,watch apps controllerrevisions
          create,get,list,watch core persistentvolumeclaims
          delete,update core persistentvolumeclaims
          update core pods/finalizers
          create,patch,update core,events.k8s.io events
        cluster system:controller:ttl-after-finished-controller
          delete,get,list,watch batch jobs
          create,patch,update core,events.k8s.io events
        cluster system:controller:ttl-controller
          list,patch,update,watch core nodes
          create,patch,update core,events.k8s.io events
        cluster system:controller:validatingadmissionpolicy-status-controller
          read admissionregistration.k8s.io validatingadmissionpolicies
          get,patch,update admissionregistration.k8s.io validatingadmissionpolicies/status
          create,patch,update core,events.k8s.io events
        cluster system:controller:volumeattributesclass-protection-controller
          read core persistentvolumeclaims
          read core persistentvolumes
          get,list,update,watch storage.k8s.io volumeattributesclasses
          create,patch,update core,events.k8s.io events
        cluster system:discovery
          get url /api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/
        cluster system:heapster
          read core events,namespaces,nodes,pods
          read extensions deployments
        cluster system:kube-aggregator
          read core endpoints,services
        cluster system:kube-controller-manager
          create,patch,update core,events.k8s.io events
          create coordination.k8s.io leases
          get,update coordination.k8s.io leases kube-controller-manager
          create core secrets,serviceaccounts
          delete core secrets
          get core configmaps,namespaces,secrets,serviceaccounts
          update core secrets,serviceaccounts
          create authentication.k8s.io tokenreviews
          create authorization.k8s.io subjectaccessreviews
          list,watch * *
          create core serviceaccounts/token
        cluster system:kube-dns
          list,watch core endpoints,services
        cluster system:kube-scheduler
          create,patch,update core,events.k8s.io events
          create coordination.k8s.io leases
          get,list,update,watch coordination.k8s.io leases kube-scheduler
          full coordination.k8s.io leasecandidates
          read core nodes
          delete,get,list,watch core pods
          create core bindings,pods/binding
          patch,update core pods/status
          read core replicationcontrollers,services
          read apps,extensions replicasets
          read apps statefulsets
          read policy poddisruptionbudgets
          read core persistentvolumeclaims,persistentvolumes
          create authentication.k8s.io tokenreviews
          create authorization.k8s.io subjectaccessreviews
          read storage.k8s.io csinodes
          read storage.k8s.io volumeattachments
          read core namespaces
          read storage.k8s.io csidrivers
          read storage.k8s.io csistoragecapacities
          read resource.k8s.io deviceclasses
          get,list,patch,update,watch resource.k8s.io resourceclaims
          get,list,patch,update,watch resource.k8s.io resourceclaims/status
          update core pods/finalizers
          read resource.k8s.io resourceslices
          create,delete resource.k8s.io resourceclaims
          patch,update resource.k8s.io resourceclaims/binding
        cluster system:kubelet-api-admin
          read core nodes
          proxy core nodes
          * core nodes/log,nodes/metrics,nodes/proxy,nodes/stats
          * core nodes/configz,nodes/healthz,nodes/pods
        cluster system:monitoring
          get url /flagz,/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*,/statusz
          get core nodes/metrics
        cluster system:node
          create authentication.k8s.io tokenreviews
          create authorization.k8s.io localsubjectaccessreviews,subjectaccessreviews
          read core services
          create,get,list,watch core nodes
          patch,update core nodes/status
          patch,update core nodes
          create,patch,update core,events.k8s.io events
          read core pods
          create,delete core pods
          patch,update core pods/status
          create core pods/eviction
          read core configmaps,secrets
          get core persistentvolumeclaims,persistentvolumes
          get core endpoints
          create,get,list,watch certificates.k8s.io certificatesigningrequests
          create,delete,get,patch,update coordination.k8s.io leases
          get storage.k8s.io volumeattachments
          create core serviceaccounts/token
          get,patch,update core persistentvolumeclaims/status
          read storage.k8s.io csidrivers
          create,delete,get,patch,update storage.k8s.io csinodes
          read node.k8s.io runtimeclasses
          get resource.k8s.io resourceclaims
          deletecollection resource.k8s.io resourceslices
          get core serviceaccounts
        cluster system:node-bootstrapper
          create,get,list,watch certificates.k8s.io certificatesigningrequests
        cluster system:node-problem-detector
          get core nodes
          patch core nodes/status
          create,patch,update core,events.k8s.io events
        cluster system:node-proxier
          list,watch core endpoints,services
          read core nodes
          create,patch,update core,events.k8s.io events
          list,watch networking.k8s.io servicecidrs
          list,watch discovery.k8s.io endpointslices
        cluster system:persistent-volume-provisioner
          create,delete,get,list,watch core persistentvolumes
          get,list,update,watch core persistentvolumeclaims
          read storage.k8s.io storageclasses
          watch core events
          create,patch,update core,events.k8s.io events
        cluster system:public-info-viewer
          get url /healthz,/livez,/readyz,/version,/version/
        cluster system:service-account-issuer-discovery
          get url /.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,
            /openid/v1/jwks/
        cluster system:volume-scheduler
          get,list,patch,update,watch core persistentvolumes
          read storage.k8s.io storageclasses
          get,list,patch,update,watch core persistentvolumeclaims
        cluster view to=edit
          gathers view
        bind cluster-admin group:system:masters
        bind system:basic-user group:system:authenticated
        bind system:discovery group:system:authenticated
        bind system:kube-controller-manager user:system:kube-controller-manager
        bind system:kube-dns account:kube-system/kube-dns
        bind system:kube-scheduler user:system:kube-scheduler
        bind system:monitoring group:system:monitoring
        bind system:node
        bind system:node-proxier user:system:kube-proxy
        bind system:public-info-viewer group:system:authenticated group:system:unauthenticated
        bind system:service-account-issuer-discovery group:system:serviceaccounts
        bind system:volume-scheduler user:system:kube-scheduler
        role kube-public system:controller:bootstrap-signer
          read core configmaps
          update core configmaps cluster-info
          create,patch,update core,events.k8s.io events
        role kube-system extension-apiserver-authentication-reader
          read core configmaps extension-apiserver-authentication
        role kube-system system::leader-locking-kube-controller-manager
          create,get,list,update,watch coordination.k8s.io leases
          create,get,list,update,watch coordination.k8s.io leasecandidates
        role kube-system system::leader-locking-kube-scheduler
          create,get,list,update,watch coordination.k8s.io leases
          create,get,list,update,watch coordination.k8s.io leasecandidates
        role kube-system system:controller:bootstrap-signer
          read core secrets
        role kube-system system:controller:cloud-provider
          create,get,list,watch core configmaps
        role kube-system system:controller:token-cleaner
          delete,get,list,watch core secrets
          create,patch,update core,events.k8s.io events
        bind-in kube-public system:controller:bootstrap-signer system:controller:bootstrap-signer
            account:kube-system/bootstrap-signer
        bind-in kube-system system::extension-apiserver-authentication-reader
            extension-apiserver-authentication-reader user:system:kube-controller-manager
            user:system:kube-scheduler
        bind-in kube-system system::leader-locking-kube-controller-manager
            system::leader-locking-kube-controller-manager user:system:kube-controller-manager
            account:kube-system/kube-controller-manager account:kube-system/leader-election-controller
        bind-in kube-system system::leader-locking-kube-scheduler system::leader-locking-kube-scheduler
            user:system:kube-scheduler account:kube-system/kube-scheduler
        bind-in kube-system system:controller:bootstrap-signer system:controller:bootstrap-signer
            account:kube-system/bootstrap-signer
        bind-in kube-system system:controller:cloud-provider system:controller:cloud-provider
            account:kube-system/cloud-provider
        bind-in kube-system system:controller:token-cleaner system:controller:token-cleaner
            account:kube-system/token-cleaner
        """
}
