import API
import Document
import Testing

@testable import Schema

/// What is wrong with objects in upstream's words, where no recording shows it: the words are those of the validation
/// packages in pkg/apis.
@Suite struct RuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let resource: String
        let object: String
        /// Of an update: what stood before.
        var old: String?
        /// Of an update through a part of the object.
        var part: String?
        let faults: [String]

        var testDescription: String { "\(resource) \(faults.first ?? "is right")" }
    }

    private static func service(_ spec: String, _ faults: String...) -> Case {
        let object = #"{"spec":{"ports":[{"port":80}],\#(spec)}}"#
        return Case(resource: "/services", object: object, faults: faults)
    }

    private static let balancers = "may only be used when `type` is 'LoadBalancer'"

    static let services = [
        service(
            #""type":"NodePort","clusterIP":"None""#,
            "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"),
        service(#""ipFamilies":["IPv4","IPv4"]"#, "spec.ipFamilies[1]: Duplicate value: \"IPv4\""),
        service(
            #""ipFamilyPolicy":"Nope""#,
            "spec.ipFamilyPolicy: Unsupported value: \"Nope\": supported values: \"PreferDualStack\", "
                + "\"RequireDualStack\", \"SingleStack\""),
        service(
            #""type":"ExternalName","externalName":"a.b","clusterIP":"10.0.0.1""#,
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services"),
        service(
            #""loadBalancerSourceRanges":["x"],"loadBalancerClass":"a","allocateLoadBalancerNodePorts":true"#,
            "spec.LoadBalancerSourceRanges: Forbidden: \(balancers)",
            "spec.LoadBalancerSourceRanges[0]: Invalid value: \"x\": \(Addresses.rangeText)",
            "spec.allocateLoadBalancerNodePorts: Forbidden: \(balancers)",
            "spec.loadBalancerClass: Forbidden: \(balancers)"),
        service(
            #""externalTrafficPolicy":"Local","healthCheckNodePort":30000"#,
            "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services",
            "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and "
                + "`externalTrafficPolicy` is 'Local'"),
        service(
            #""sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":0}}"#,
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than "
                + "86400"),
        service(
            #""externalIPs":["127.0.0.1","0.0.0.0"]"#,
            "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
            "spec.externalIPs[1]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)"),
        service(#""trafficDistribution":"PreferSameZone""#),
    ]

    private static func pod(_ container: String, _ spec: String = "", _ faults: String...) -> Case {
        let object =
            #"{"spec":{\#(spec)"containers":[{"name":"c","image":"i",\#(container)"command":["x"]}]}}"#
        return Case(resource: "/pods", object: object, faults: faults)
    }

    private static let nullContext =
        "\"SELinuxOptions\":null,\"WindowsOptions\":null,\"RunAsUser\":null,\"RunAsGroup\":null,\"RunAsNonRoot\":null,"
        + "\"ReadOnlyRootFilesystem\":null,\"AllowPrivilegeEscalation\":false,\"ProcMount\":null,"
        + "\"SeccompProfile\":null,\"AppArmorProfile\":null}"

    static let pods = [
        pod(
            #""securityContext":{"privileged":true,"allowPrivilegeEscalation":false},"#, "",
            "spec.containers[0].securityContext: Invalid value: {\"Capabilities\":null,\"Privileged\":true,"
                + "\(nullContext): cannot set `allowPrivilegeEscalation` to false and `privileged` to true"),
        pod(
            #""securityContext":{"runAsUser":-1,"seccompProfile":{"type":"Localhost"}},"#, "",
            "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when "
                + "seccomp type is Localhost"),
        pod(
            "", #""ephemeralContainers":[{"name":"e","image":"i"}],"#,
            "spec.ephemeralContainers: Forbidden: cannot be set on create"),
        pod("", #""imagePullSecrets":[{"name":""}],"#),
        pod(
            "", #""securityContext":{"sysctls":[{"name":"net.a"},{"name":"net.a"}],"fsGroupChangePolicy":"x"},"#,
            "spec.securityContext.sysctls[1].name: Duplicate value: \"net.a\"",
            "spec.securityContext.fsGroupChangePolicy: Unsupported value: \"x\": supported values: \"Always\", "
                + "\"OnRootMismatch\""),
        pod(
            #""volumeMounts":[{"name":"v","mountPath":"/a","subPath":"../b"}],"#, #""volumes":[{"name":"v"}],"#,
            "spec.containers[0].volumeMounts.subPath: Invalid value: \"../b\": must not contain '..'"),
        pod(
            "", #""volumes":[{"name":"v","nfs":{"server":"s","path":"a"}}],"#,
            "spec.volumes[0].nfs.path: Invalid value: \"a\": must be an absolute path"),
        pod(
            "", #""volumes":[{"name":"v","configMap":{"name":"m","items":[{"key":"k","path":"p","mode":512}]}}],"#,
            "spec.volumes[0].configMap.items[0].mode: Invalid value: 512: must be a number between 0 and 0777 (octal), "
                + "both inclusive"),
        pod(
            #""envFrom":[{"prefix":"a"}],"#, "",
            "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`"),
        pod(
            #""env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"cpu"}}}],"#, "",
            "spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: \"cpu\": supported values: "
                + "\"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", "
                + "\"requests.ephemeral-storage\", \"requests.memory\""),
        pod(
            #""resources":{"requests":{"a.b/c":"1"}},"#, "",
            "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources"),
        pod(
            #""ports":[{"containerPort":80,"hostPort":81}],"#, #""hostNetwork":true,"#,
            "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"
        ),
        pod(
            #""readinessProbe":{"grpc":{"port":0},"terminationGracePeriodSeconds":1},"#, "",
            "spec.containers[0].readinessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 1: must not be set for "
                + "readinessProbes"),
        pod(
            #""lifecycle":{"preStop":{"sleep":{"seconds":31}}},"#, "",
            "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than "
                + "terminationGracePeriodSeconds (30)"),
        pod("", #""schedulingGates":[{"name":"a"},{"name":"a"}],"#, "spec.schedulingGates[1]: Duplicate value: \"a\""),
        pod(
            "", #""os":{"name":"bsd"},"preemptionPolicy":"x","#,
            "spec.preemptionPolicy: Unsupported value: \"x\": supported values: \"PreemptLowerPriority\", \"Never\"",
            "spec.os: Unsupported value: \"bsd\": supported values: \"linux\", \"windows\""),
        pod(
            "", #""dnsConfig":{"nameservers":["x"],"options":[{}]},"#,
            "spec.dnsConfig.nameservers[0]: Invalid value: \"x\": \(Addresses.addressText)",
            "spec.dnsConfig.options[0]: Required value: must not be empty"),
    ]

    static let changes = [
        Case(
            resource: "storage.k8s.io/storageclasses", object: #"{"provisioner":"b/c"}"#,
            old: #"{"provisioner":"a/b"}"#,
            faults: ["provisioner: Forbidden: updates to provisioner are forbidden."]),
        Case(
            resource: "node.k8s.io/runtimeclasses", object: #"{"handler":"b"}"#, old: #"{"handler":"a"}"#,
            faults: ["handler: Invalid value: \"b\": field is immutable"]),
        Case(
            resource: "/nodes", object: #"{"spec":{"providerID":"b"}}"#, old: #"{"spec":{"providerID":"a"}}"#,
            faults: [
                "spec.providerID: Forbidden: node updates may not change providerID except from \"\" to valid"
            ]),
        Case(
            resource: "/services",
            object: #"{"spec":{"type":"LoadBalancer","loadBalancerClass":"b","ports":[{"port":80}]}}"#,
            old: #"{"spec":{"type":"LoadBalancer","loadBalancerClass":"a","ports":[{"port":80}]}}"#,
            faults: ["spec.loadBalancerClass: Invalid value: \"b\": may not change once set"]),
        Case(
            resource: "/pods",
            object: #"{"spec":{"schedulingGates":[{"name":"b"}],"containers":[{"name":"c","image":"i"}]}}"#,
            old: #"{"spec":{"schedulingGates":[{"name":"a"}],"containers":[{"name":"c","image":"i"}]}}"#,
            faults: [
                "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"
            ]),
    ]

    static let others = [
        Case(
            resource: "policy/poddisruptionbudgets", object: #"{"spec":{"minAvailable":"150%"}}"#,
            faults: ["spec.minAvailable: Invalid value: \"150%\": must not be greater than 100%"]),
        Case(
            resource: "networking.k8s.io/networkpolicies",
            object: #"{"spec":{"podSelector":{},"ingress":[{"ports":[{"endPort":80}]}]}}"#,
            faults: [
                "spec.ingress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is not specified"
            ]),
        Case(
            resource: "/secrets", object: #"{"type":"kubernetes.io/basic-auth"}"#,
            faults: ["data[username]: Required value", "data[password]: Required value"]),
        Case(
            resource: "rbac.authorization.k8s.io/clusterroles", object: #"{"aggregationRule":{}}"#,
            faults: [
                "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if "
                    + "aggregationRule is non-nil"
            ]),
        Case(
            resource: "/namespaces", object: #"{"spec":{"finalizers":["x"]}}"#,
            faults: [
                "spec.finalizers: Invalid value: \"x\": name is neither a standard finalizer name nor is it fully qualified"
            ]),
        Case(
            resource: "certificates.k8s.io/certificatesigningrequests",
            object: #"{"spec":{"request":"AAAA","signerName":"a","usages":["x"],"expirationSeconds":1}}"#,
            faults: [
                "spec.request: Invalid value: \"AAAA\": PEM block type must be CERTIFICATE REQUEST",
                "spec.usages[0]: Unsupported value: \"x\": supported values: \"any\", \"cert sign\", \"client auth\", "
                    + "\"code signing\", \"content commitment\", \"crl sign\", \"data encipherment\", \"decipher only\", "
                    + "\"digital signature\", \"email protection\", \"encipher only\", \"ipsec end system\", "
                    + "\"ipsec tunnel\", \"ipsec user\", \"key agreement\", \"key encipherment\", \"microsoft sgc\", "
                    + "\"netscape sgc\", \"ocsp signing\", \"s/mime\", \"server auth\", \"signing\", \"timestamping\"",
                "spec.signerName: Invalid value: \"a\": must be a fully qualified domain and path of the form "
                    + "'example.com/signer-name'",
                "spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)",
            ]),
    ]

    private static func cron(_ spec: String, _ faults: String...) -> Case {
        let template =
            #""jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}"#
        return Case(resource: "batch/cronjobs", object: #"{"spec":{\#(spec),\#(template)}}"#, faults: faults)
    }

    static let jobs = [
        cron(
            #""schedule":"* * * * *","timeZone":"Foo/Bar""#,
            "spec.timeZone: Invalid value: \"Foo/Bar\": unknown time zone Foo/Bar"),
        cron(#""schedule":"* * * * *","timeZone":"America/New_York""#),
        cron(
            #""schedule":"* * * * *","timeZone":"Local""#,
            "spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in "
                + "https://www.iana.org/time-zones"),
        cron(
            #""schedule":"TZ=UTC * * * * *""#,
            "spec.schedule: Invalid value: \"TZ=UTC * * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone "
                + "field instead"),
        Case(
            resource: "/resourcequotas",
            object: #"{"spec":{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In"}]}}}"#,
            faults: [
                "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` "
                    + "is 'In' or 'NotIn' for scope selector"
            ]),
        Case(
            resource: "batch/jobs",
            object: #"{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"restartPolicy":"Never","#
                + #""containers":[{"name":"c","image":"i"}]}}}}"#,
            faults: [
                "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\","
                    + "\"batch.kubernetes.io/controller-uid\":\"u\"}}: `selector` not auto-generated",
                "spec.template.metadata.labels: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\","
                    + "\"batch.kubernetes.io/job-name\":\"a\",\"controller-uid\":\"u\",\"job-name\":\"a\"}: "
                    + "`selector` does not match template `labels`",
            ]),
    ]

    private static let rows: [Case] = [
        services, pods, changes, others, jobs, batch, batchStatus, workloads, endpoints, networking, core, flowControl,
        admissionPolicies, storage, apiServices, devices, states, podStates, volumes,
    ].flatMap(\.self)

    @Test(arguments: rows) func faultsHaveUpstreamsWords(_ row: Case) throws {
        let parts = row.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let resource = try #require(Catalogue.builtIn.resource(group: parts[0], version: "v1", plural: parts[1]))
        func made(_ text: String) throws -> Value {
            var object = try JSON.parse(Array(text.utf8))
            object["metadata"] = ["name": "a", "uid": "u"]
            object["apiVersion"] = .string(Text(parts[0].isEmpty ? "v1" : "\(parts[0])/v1"))
            object["kind"] = .string(resource.kind.name)
            if resource.isNamespaced { object["metadata", "namespace"] = "default" }
            return resource.kind.defaulted(try resource.kind.decode(object).object)
        }
        let object = try made(row.object)
        let faults =
            try row.old.map { resource.validateUpdate(object, old: try made($0), subresource: row.part) }
            ?? resource.validateCreate(resource.preparedForCreate(object, now: Time(seconds: 0)))
        #expect(faults.map(\.description) == row.faults)
    }
}
