import API

@testable import Schema

/// Rows of the core, discovery, networking and events groups.
extension RuleTests {
    private static func new(_ resource: String, _ object: String, _ faults: String...) -> Case {
        Case(resource: resource, object: object, faults: faults)
    }

    private static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    static let endpoints = [
        new(
            "discovery.k8s.io/endpointslices",
            #"{"addressType":"IPv4","endpoints":[{"addresses":["::1"],"nodeName":"A","hostname":"b.c","hints":"#
                + #"{"forZones":[{"name":"z"},{"name":"z"}],"forNodes":[{"name":"n"},{"name":"N"}]}},{}],"#
                + #""ports":[{"name":"a.b","protocol":"x"},{"name":"a","appProtocol":"a b"},{"name":"a"}]}"#,
            "endpoints[0].addresses[0]: Invalid value: \"::1\": must be an IPv4 address",
            "endpoints[0].nodeName: Invalid value: \"A\": \(Names.subdomainText)",
            "endpoints[0].hostname: Invalid value: \"b.c\": must not contain dots",
            "endpoints[0].hints.forZones[1].name: Duplicate value: \"z\"",
            "endpoints[0].hints.forNodes[1].name: Invalid value: \"N\": \(Names.subdomainText)",
            "endpoints[1].addresses: Required value: must contain at least 1 address",
            "ports[0].name: Invalid value: \"a.b\": must not contain dots",
            "ports[0].protocol: Unsupported value: \"x\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
            "ports[1].appProtocol: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' "
                + "or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                + "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "ports[2].name: Duplicate value: \"a\""),
        new(
            "discovery.k8s.io/endpointslices",
            #"{"addressType":"FQDN","endpoints":[{"addresses":["a","a.b.","-.b"]}]}"#,
            "endpoints[0].addresses[0]: Invalid value: \"a\": should be a domain with at least two segments separated "
                + "by dots",
            "endpoints[0].addresses[2]: Invalid value: \"-.b\": \(Names.subdomainText)"),
        new(
            "/endpoints",
            #"{"subsets":[{"addresses":[{"ip":"127.0.0.1","hostname":"b.c"},{"ip":"x"}],"ports":[{"port":0}]}]}"#,
            "subsets[0].addresses[0].hostname: Invalid value: \"b.c\": must not contain dots",
            "subsets[0].addresses[0].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, "
                + "::1/128)", "subsets[0].addresses[1].ip: Invalid value: \"x\": \(Addresses.addressText)",
            "subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"),
    ]

    private static func peer(_ peer: String, _ faults: String...) -> Case {
        new(
            "networking.k8s.io/networkpolicies", #"{"spec":{"podSelector":{},"egress":[{"to":[\#(peer)]}]}}"#,
            faults: faults)
    }

    private static func new(_ resource: String, _ object: String, faults: [String]) -> Case {
        Case(resource: resource, object: object, faults: faults)
    }

    static let networking = [
        peer(
            #"{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16","10.0.0.0/8","11.0.0.0/16","x"]}}"#,
            "spec.egress[0].to[0].ipBlock.except[1]: Invalid value: \"10.0.0.0/8\": must be a strict subset of `cidr`",
            "spec.egress[0].to[0].ipBlock.except[2]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
            "spec.egress[0].to[0].ipBlock.except[3]: Invalid value: \"x\": \(Addresses.rangeText)"),
        peer(
            #"{"ipBlock":{"cidr":"2001:db8::/32","except":["2001:db8:1::/48","::/48"]}}"#,
            "spec.egress[0].to[0].ipBlock.except[1]: Invalid value: \"::/48\": must be a strict subset of `cidr`"),
        peer(
            #"{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}"#,
            "spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer"),
        new(
            "networking.k8s.io/networkpolicies",
            #"{"spec":{"podSelector":{},"policyTypes":["Ingress","Egress","Ingress"]}}"#,
            "spec.policyTypes: Invalid value: [\"Ingress\",\"Egress\",\"Ingress\"]: may not specify more than two "
                + "policyTypes"),
        new(
            "networking.k8s.io/ingresses",
            #"{"spec":{"defaultBackend":{"resource":{"kind":"a/b","apiGroup":"B"}},"tls":[{"hosts":["a_b"],"#
                + #""secretName":"B"}]}}"#,
            "spec.defaultBackend.resource.apiGroup: Invalid value: \"B\": \(Names.subdomainText)",
            "spec.defaultBackend.resource.kind: Invalid value: \"a/b\": may not contain '/'",
            "spec.defaultBackend.resource.name: Required value: name is required",
            "spec.tls[0].hosts[0]: Invalid value: \"a_b\": \(Names.subdomainText)",
            "spec.tls[0].secretName: Invalid value: \"B\": \(Names.subdomainText)"),
        Case(
            resource: "networking.k8s.io/ingresses",
            object: #"{"spec":{},"status":{"loadBalancer":{"ingress":[{"ip":"x"},{"hostname":"1.2.3.4"}]}}}"#,
            old: #"{"spec":{}}"#, part: "status",
            faults: [
                "status.loadBalancer.ingress[0].ip: Invalid value: \"x\": \(Addresses.addressText)",
                "status.loadBalancer.ingress[1].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP "
                    + "address",
            ]),
        new(
            "networking.k8s.io/ingressclasses",
            #"{"spec":{"controller":"a","parameters":{"kind":"k","name":"n","scope":"Namespace"}}}"#,
            "spec.controller: Invalid value: \"a\": must be a domain-prefixed path (such as \"acme.io/foo\")",
            "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"),
        new(
            "networking.k8s.io/ingressclasses",
            #"{"spec":{"controller":"a.b/c d","parameters":{"kind":"k","name":"n","namespace":"x"}}}"#,
            #"spec.controller: Invalid value: "c d": Invalid path (regex used for validation is "#
                + #"'[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')"#,
            "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"),
        new(
            "networking.k8s.io/servicecidrs", #"{"spec":{"cidrs":["10.0.0.0/8","11.0.0.0/8"]}}"#,
            "spec.cidrs: Invalid value: {\"CIDRs\":[\"10.0.0.0/8\",\"11.0.0.0/8\"]}: may specify no more than one IP "
                + "for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"),
        new(
            "networking.k8s.io/servicecidrs", #"{"spec":{"cidrs":["10.0.0.1/8","2001:DB8::/32"]}}"#,
            "spec.cidrs[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length",
            "spec.cidrs[1]: Invalid value: \"2001:DB8::/32\": must be in canonical form (\"2001:db8::/32\")"),
        new(
            "networking.k8s.io/servicecidrs", #"{"spec":{}}"#,
            "spec.cidrs: Required value: at least one CIDR required"),
        new(
            "networking.k8s.io/ipaddresses", #"{"spec":{"parentRef":{"group":"A"}}}"#,
            "metadata.name: Invalid value: \"a\": \(Addresses.addressText)",
            "spec.parentRef.group: Invalid value: \"A\": \(Names.subdomainText)",
            "spec.parentRef.resource: Required value", "spec.parentRef.name: Required value"),
    ]

    private static func secret(_ type: String, _ data: String, _ faults: String...) -> Case {
        new("/secrets", #"{"type":"kubernetes.io/\#(type)","data":{\#(data)}}"#, faults: faults)
    }

    private static let redacted = "Invalid value: \"<secret contents redacted>\""

    static let core = [
        secret(
            "dockerconfigjson", #"".dockerconfigjson":"eA==""#,
            "data[.dockerconfigjson]: \(redacted): invalid character 'x' looking for beginning of value"),
        secret(
            "dockerconfigjson", #"".dockerconfigjson":"W10=""#,
            "data[.dockerconfigjson]: \(redacted): json: cannot unmarshal array into Go value of type "
                + "map[string]interface {}"),
        secret("dockercfg", #"".dockercfg":"e30=""#),
        secret("ssh-auth", #""ssh-privatekey":"""#, "data[ssh-privatekey]: Required value"),
        secret("basic-auth", #""password":"""#),
        new(
            "/limitranges",
            #"{"spec":{"limits":[{"type":"Container","min":{"memory":"1Gi"},"max":{"memory":"2Gi"},"#
                + #""default":{"memory":"3Gi"},"maxLimitRequestRatio":{"memory":"3"}},"#
                + #"{"type":"PersistentVolumeClaim"},{"type":"Pod","default":{"cpu":"1"}}]}}"#,
            "spec.limits[0].defaultRequest[memory]: Invalid value: \"3Gi\": default request value 3Gi is greater than "
                + "max value 2Gi",
            "spec.limits[0].default[memory]: Invalid value: \"2Gi\": default value 3Gi is greater than max value 2Gi",
            "spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: \"3\": ratio 3 is greater than max/min = "
                + "2.000000",
            "spec.limits[1].limits: Required value: either minimum or maximum storage value is required, but neither "
                + "was provided", "spec.limits[2].default: Forbidden: may not be specified when `type` is 'Pod'"),
        new(
            "/limitranges",
            #"{"spec":{"limits":[{"type":"Container","default":{"a.b/c":"2"},"defaultRequest":{"a.b/c":"1"}}]}}"#,
            "spec.limits[0].defaultRequest[a.b/c]: Invalid value: \"1\": default value 2 must equal to defaultRequest "
                + "value 1 in a.b/c"),
        new(
            "/resourcequotas",
            #"{"spec":{"hard":{"cpu":"1","pods":"1.5"},"scopes":["BestEffort","NotBestEffort"]}}"#,
            "spec.hard[pods]: Invalid value: \"1500m\": must be an integer",
            "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\"]: unsupported scope applied to resource",
            "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\"]: conflicting scopes"),
        new(
            "/nodes",
            #"{"spec":{"podCIDRs":["10.0.0.0/24","10.0.0.0/24"],"taints":[{"key":"a b","effect":"NoExecute"}]}}"#,
            "metadata.taints[0].key: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' "
                + "or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                + "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "spec.podCIDRs: Invalid value: [\"10.0.0.0/24\",\"10.0.0.0/24\"]: may specify no more than one CIDR for "
                + "each IP family", "spec.podCIDRs[1]: Duplicate value: \"10.0.0.0/24\""),
        Case(
            resource: "/nodes",
            object:
                #"{"status":{"capacity":{"pods":"1.5"},"addresses":[{"type":"a","address":"b"},{"type":"a","address":"b"}]}}"#,
            old: "{}", part: "status",
            faults: [
                "status.capacity.pods: Invalid value: \"1500m\": must be an integer",
                "status.allocatable.pods: Invalid value: \"1500m\": must be an integer",
                "status.addresses[1]: Duplicate value: {\"Type\":\"a\",\"Address\":\"b\"}",
            ]),
        Case(
            resource: "/namespaces", object: #"{"status":{"phase":"Terminating"}}"#,
            old: #"{"status":{"phase":"Active"}}"#, part: "status",
            faults: [
                "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty"
            ]),
        Case(
            resource: "/replicationcontrollers", object: #"{"status":{"replicas":1,"readyReplicas":2}}"#, old: "{}",
            part: "status",
            faults: ["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"]),
        new(
            "/events", #"{"involvedObject":{"namespace":"default"},"eventTime":"2026-01-01T00:00:00.000000Z"}"#,
            "reportingController: Required value",
            "reportingController: Invalid value: \"\": name part must be non-empty",
            "reportingController: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or "
                + "'.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                + "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "reportingInstance: Required value", "action: Required value", "reason: Required value"),
        new(
            "events.k8s.io/events",
            #"{"regarding":{"namespace":"default"},"type":"x","series":{"count":1},"deprecatedCount":1,"#
                + #""deprecatedSource":{"host":"h"}}"#, "series.count: Invalid value: \"\": should be at least 2",
            "series.lastObservedTime: Required value", "eventTime: Required value",
            "type: Invalid value: \"\": has invalid value: x", "count: Invalid value: \"\": needs to be unset",
            "source: Invalid value: \"\": needs to be unset"),
        Case(
            resource: "events.k8s.io/events",
            object: #"{"regarding":{"namespace":"default"},"reason":"a","note":"b"}"#,
            old: #"{"regarding":{"namespace":"default"},"reason":"b","note":"a"}"#,
            faults: [
                "reason: Invalid value: \"a\": field is immutable", "message: Invalid value: \"b\": field is immutable",
                "reason: Invalid value: \"a\": field is immutable",
            ]),
    ]

    private static func podStatus(_ spec: String, _ old: String, _ new: String, _ faults: String...) -> Case {
        let spec = #"{\#(spec)"containers":[{"name":"c","image":"i"}]}"#
        return Case(
            resource: "/pods", object: #"{"spec":\#(spec),"status":{\#(new)}}"#,
            old: #"{"spec":\#(spec),"status":{\#(old)}}"#, part: "status", faults: faults)
    }

    private static func state(_ state: String) -> String {
        #""containerStatuses":[{"name":"c","state":{\#(state)}}]"#
    }

    private static let stays = "Forbidden: may not be transitioned to non-terminated state"

    static let podStates = [
        podStatus(
            #""restartPolicy":"Never","#, state(#""terminated":{"exitCode":1}"#), state(#""running":{}"#),
            "status.containerStatuses[0].state: \(stays)"),
        podStatus(
            #""restartPolicy":"OnFailure","#, state(#""terminated":{"exitCode":0}"#), state(#""running":{}"#),
            "status.containerStatuses[0].state: \(stays)"),
        podStatus(#""restartPolicy":"OnFailure","#, state(#""terminated":{"exitCode":1}"#), state(#""running":{}"#)),
        podStatus("", state(#""terminated":{"exitCode":0}"#), state(#""waiting":{}"#)),
        podStatus(
            #""nodeName":"n","#, "",
            #""nominatedNodeName":"m","podIPs":[{"ip":"1.2.3.4"},{"ip":"1.2.3.5"}],"hostIPs":[{"ip":"x"}],"#
                + #""qosClass":"Burstable","conditions":[{"type":"a b"}]"#,
            "status.conditions[0].type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', "
                + "'_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
                + "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node",
            "status.qosClass: Invalid value: \"Burstable\": field is immutable",
            "status.podIPs: Invalid value: [{\"IP\":\"1.2.3.4\"},{\"IP\":\"1.2.3.5\"}]: may specify no more than one IP "
                + "for each IP family", "status.hostIPs[0]: Invalid value: \"x\": \(Addresses.addressText)"),
    ]

    static let volumes = [
        Case(
            resource: "/persistentvolumes",
            object:
                #"{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1"},"volumeAttributesClassName":"","#
                + #""csi":{"driver":"d","volumeHandle":"h","nodePublishSecretRef":{"name":"A"}}}}"#,
            faults: [
                "spec.csi.nodePublishSecretRef.name: Invalid value: \"A\": \(Names.subdomainText)",
                "spec.csi.nodePublishSecretRef.namespace: Required value",
                "spec.volumeAttributesClassName: Required value: an empty string is disallowed",
            ]),
        Case(
            resource: "/persistentvolumeclaims", object: #"{"spec":{},"status":{"capacity":{"storage":"-1"}}}"#,
            old: #"{"spec":{}}"#, part: "status",
            faults: ["status.capacity[storage]: Invalid value: -1: must be a valid resource quantity"]),
        Case(
            resource: "/persistentvolumeclaims",
            object:
                #"{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1"}},"volumeMode":"x","#
                + #""volumeAttributesClassName":"A","dataSourceRef":{"kind":"PersistentVolumeClaim","name":"a","#
                + #""namespace":"B"}}}"#,
            faults: [
                "spec.volumeMode: Unsupported value: \"x\": supported values: \"Block\", \"Filesystem\"",
                "spec.dataSourceRef.namespace: Invalid value: \"B\": \(label)",
                "spec.volumeAttributesClassName: Invalid value: \"A\": \(Names.subdomainText)",
            ]),
        Case(
            resource: "coordination.k8s.io/leases", object: #"{"spec":{"preferredHolder":"a"}}"#,
            faults: ["spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"]),
        Case(
            resource: "node.k8s.io/runtimeclasses",
            object: #"{"handler":"a","scheduling":{"tolerations":[{"key":"a","operator":"Exists"},{"key":"a","#
                + #""operator":"Exists"},{"operator":"x","key":"k"}]}}"#,
            faults: [
                "scheduling.tolerations[2].operator: Unsupported value: \"x\": supported values: \"Equal\", \"Exists\"",
                "scheduling.tolerations[1]: Duplicate value: {\"Key\":\"a\",\"Operator\":\"Exists\",\"Value\":\"\","
                    + "\"Effect\":\"\",\"TolerationSeconds\":null}",
            ]),
    ]
}
