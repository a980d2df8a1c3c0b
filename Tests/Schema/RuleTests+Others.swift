import API

@testable import Schema

/// Rows of the groups with few kinds.
extension RuleTests {
    private static func new(_ resource: String, _ object: String, _ faults: String...) -> Case {
        Case(resource: resource, object: object, faults: faults)
    }

    private static let flow = "flowcontrol.apiserver.k8s.io"

    static let flowControl = [
        new(
            "\(flow)/flowschemas",
            #"{"spec":{"matchingPrecedence":1,"distinguisherMethod":{"type":"x"},"rules":[{"subjects":["#
                + #"{"kind":"User","group":{"name":"g"}},{"kind":"ServiceAccount","serviceAccount":{"name":"*"}},"#
                + #"{"kind":"x"}],"resourceRules":[{"verbs":["*","get"],"apiGroups":["*","a"],"namespaces":["A"]}],"#
                + #""nonResourceRules":[{"verbs":["see"],"nonResourceURLs":["a","/b*","/c//d"]}]},{}]}}"#,
            "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
            "spec.distinguisherMethod.type: Unsupported value: {\"Type\":\"x\"}: supported values: \"ByNamespace\", "
                + "\"ByUser\"",
            "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
            "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
            "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
            "spec.rules[0].subjects[1].serviceAccount.namespace: Required value: must specify namespace for service "
                + "account",
            "spec.rules[0].subjects[2].kind: Unsupported value: \"x\": supported values: \"Group\", "
                + "\"ServiceAccount\", \"User\"",
            "spec.rules[0].resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not specify "
                + "other verbs",
            "spec.rules[0].resourceRules[0].apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not "
                + "specify other api groups",
            "spec.rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one "
                + "resource",
            "spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: \"A\": each member of this list must be '*' "
                + "or a DNS-1123 label; \(Names.labelText)",
            "spec.rules[0].nonResourceRules[0].verbs: Unsupported value: [\"see\"]: supported values: \"create\", "
                + "\"delete\", \"deletecollection\", \"get\", \"list\", \"patch\", \"proxy\", \"update\", \"watch\"",
            "spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"a\": must start with slash",
            "spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: \"/b*\": wildcard can only do suffix "
                + "matching",
            "spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: \"/c//d\": must not contain double "
                + "slash", "spec.rules[1].subjects: Required value: subjects must contain at least one value",
            "spec.rules[1]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty"),
        new(
            "\(flow)/prioritylevelconfigurations",
            #"{"spec":{"type":"Exempt","exempt":{"lendablePercent":101},"limited":{}}}"#,
            "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'",
            "spec.limited: Forbidden: must be nil if the type is not Limited",
            "spec.exempt.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive"),
        new(
            "\(flow)/prioritylevelconfigurations",
            #"{"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":-1,"borrowingLimitPercent":-1,"#
                + #""limitResponse":{"type":"Queue","queuing":{"queues":1024,"handSize":7,"queueLengthLimit":-1}}}}}"#,
            "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
            "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive",
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and "
                + "handSize 7 should not be greater than 60",
            "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer"),
    ]

    private static let admission = "admissionregistration.k8s.io"

    static let admissionPolicies = [
        new(
            "\(admission)/validatingwebhookconfigurations",
            #"{"webhooks":[{"name":"a.b","failurePolicy":"x","timeoutSeconds":31,"clientConfig":{},"rules":["#
                + #"{"operations":["*","GET"],"apiGroups":["*","a"],"apiVersions":[""],"resources":["a/*","a/b","*/*"]"#
                + #"}]},{"name":"a.b.c","clientConfig":{"url":"https://a"},"sideEffects":"Some","#
                + #""admissionReviewVersions":["v2"]},{"name":"a.b.c","clientConfig":{"url":"https://a"},"#
                + #""sideEffects":"None","admissionReviewVersions":["v1"]}]}"#,
            "webhooks[0].name: Invalid value: \"a.b\": should be a domain with at least three segments separated by "
                + "dots",
            "webhooks[0].rules[0].operations: Invalid value: [\"*\",\"GET\"]: if '*' is present, must not specify "
                + "other operations",
            "webhooks[0].rules[0].operations[1]: Unsupported value: \"GET\": supported values: \"*\", \"CONNECT\", "
                + "\"CREATE\", \"DELETE\", \"UPDATE\"",
            "webhooks[0].rules[0].apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other "
                + "API groups", "webhooks[0].rules[0].apiVersions[0]: Required value",
            "webhooks[0].rules[0].resources[1]: Invalid value: \"a/b\": if 'a/*' is present, must not specify a/b",
            "webhooks[0].rules[0].resources: Invalid value: [\"a/*\",\"a/b\",\"*/*\"]: if '*/*' is present, must not "
                + "specify other resources",
            "webhooks[0].failurePolicy: Unsupported value: \"x\": supported values: \"Fail\", \"Ignore\"",
            "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
            "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds",
            "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
            "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
            "webhooks[1].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"",
            "webhooks[1].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1",
            "webhooks[2].name: Duplicate value: \"a.b.c\""),
        new(
            "\(admission)/validatingadmissionpolicies",
            #"{"spec":{"paramKind":{"apiVersion":"a/b/c","kind":"K k"},"validations":[{"message":"a\nb","#
                + #""expression":" ","reason":"x"}],"matchConditions":[{"expression":"true"}]}}"#,
            "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c",
            "spec.paramKind.kind: Invalid value: \"K k\": may have mixed case, but should otherwise match: a DNS-1035 "
                + "label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
                + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
                + "'[a-z]([-a-z0-9]*[a-z0-9])?')", "spec.matchConstraints: Required value",
            "spec.matchConditions[0].name: Required value",
            "spec.validations[0].expression: Required value: expression is not specified",
            "spec.validations[0].message: Invalid value: \"a\\nb\": message must not contain line breaks",
            "spec.validations[0].reason: Unsupported value: \"x\": supported values: \"Forbidden\", \"Invalid\", "
                + "\"RequestEntityTooLarge\", \"Unauthorized\""),
        new(
            "\(admission)/validatingadmissionpolicies", #"{"spec":{"matchConstraints":{}}}"#,
            "spec.matchConstraints.resourceRules: Required value",
            "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
            "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item"),
        new(
            "\(admission)/validatingadmissionpolicybindings",
            #"{"spec":{"paramRef":{"name":"a","selector":{}},"validationActions":["Deny","Warn","Deny"]}}"#,
            "spec.policyName: Required value",
            "spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
            "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive",
            "spec.paramRef.parameterNotFoundAction: Required value",
            "spec.validationActions[2]: Duplicate value: \"Deny\"",
            "spec.validationActions: Invalid value: [\"Deny\",\"Warn\",\"Deny\"]: must not contain both Deny and Warn "
                + "(repeating the same validation failure information in the API response and headers serves no "
                + "purpose)"),
        new(
            "\(admission)/mutatingadmissionpolicies",
            #"{"spec":{"matchConstraints":{"resourceRules":[{"operations":["DELETE"],"apiGroups":["*"],"#
                + #""apiVersions":["*"],"resources":["*"]}]},"mutations":[{"patchType":"JSONPatch","#
                + #""applyConfiguration":{"expression":"x"}}]}}"#,
            "spec.matchConstraints.resourceRules.operations: Unsupported value: \"DELETE\": supported values: \"*\", "
                + "\"CONNECT\", \"CREATE\", \"UPDATE\"",
            "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
            "spec.mutations[0].applyConfiguration: Invalid value: \"{applyConfiguration}\": must not be specified when "
                + "patchType is JSONPatch", "spec.reinvocationPolicy: Required value"),
    ]

    static let storage = [
        new(
            "storage.k8s.io/storageclasses",
            #"{"provisioner":"a/b","allowedTopologies":[{"matchLabelExpressions":[{"key":"k","values":["v","v"]}]},"#
                + #"{"matchLabelExpressions":[{"key":"k","values":["v"]}]}]}"#,
            "allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: \"v\"",
            "allowedTopologies[1].matchLabelExpressions: Duplicate value: \"\""),
        new(
            "storage.k8s.io/volumeattributesclasses", #"{}"#, "driverName: Required value",
            "parameters: Required value: must contain at least one key/value pair"),
        new(
            "storage.k8s.io/csidrivers",
            #"{"spec":{"fsGroupPolicy":"x","nodeAllocatableUpdatePeriodSeconds":1,"tokenRequests":[{"audience":"a","#
                + #""expirationSeconds":1},{"audience":"a"}]}}"#,
            "spec.fsGroupPolicy: Unsupported value: \"x\": supported values: \"File\", \"None\", "
                + "\"ReadWriteOnceWithFSType\"",
            "spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes",
            "spec.tokenRequests[1].audience: Duplicate value: \"a\"",
            "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 1: must be greater than or equal to 10 seconds"),
        new(
            "storage.k8s.io/csinodes",
            #"{"spec":{"drivers":[{"name":"a","nodeID":"n","allocatable":{"count":-1}},{"name":"a","#
                + #""topologyKeys":["k","k"]}]}}"#,
            "spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
            "spec.drivers[1].nodeID: Required value", "spec.drivers[1].name: Duplicate value: \"a\"",
            "spec.drivers[1]: Duplicate value: \"k\""),
        new(
            "storage.k8s.io/csistoragecapacities", #"{"storageClassName":"c","capacity":"-1"}"#,
            "capacity: Invalid value: \"-1\": must be greater than or equal to 0"),
        new(
            "storage.k8s.io/volumeattachments", #"{"spec":{"attacher":"a","nodeName":"n","source":{}}}"#,
            "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName"),
        Case(
            resource: "storage.k8s.io/csinodes", object: #"{"spec":{"drivers":[{"name":"a","nodeID":"m"}]}}"#,
            old: #"{"spec":{"drivers":[{"name":"a","nodeID":"n"}]}}"#,
            faults: [
                "spec.drivers: Invalid value: {\"Name\":\"a\",\"NodeID\":\"m\",\"TopologyKeys\":null,"
                    + "\"Allocatable\":null}: field is immutable"
            ]),
    ]

    static let apiServices = [
        new(
            "apiregistration.k8s.io/apiservices",
            #"{"spec":{"version":"v2","groupPriorityMinimum":0,"versionPriority":1001,"insecureSkipTLSVerify":true}}"#,
            "metadata.name: Invalid value: \"a\": must be `spec.version+\".\"+spec.group`: \"v2.\"",
            "spec.group: Required value: only v1 may have an empty group and it better be legacy kube",
            "spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
            "spec.versionPriority: Invalid value: 1001: must be positive and less than 1000",
            "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify")
    ]

    private static let claims = "resource.k8s.io/resourceclaims"
    private static let reference =
        "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"

    static let devices = [
        new(
            claims,
            #"{"spec":{"devices":{"requests":[{"name":"A"},{"name":"a","exactly":{"allocationMode":"x"}},{"name":"a","#
                + #""exactly":{"deviceClassName":"c","allocationMode":"All","count":1,"selectors":[{}]},"#
                + #""firstAvailable":[]},{"name":"b","firstAvailable":[{"name":"s","deviceClassName":"c","#
                + #""allocationMode":"ExactCount"}]}],"constraints":[{"requests":["b/s","b/t"]}],"#
                + #""config":[{"requests":["a/b/c"]}]}}}"#,
            "spec.devices.requests[0].name: Invalid value: \"A\": \(Names.labelText)",
            "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required",
            "spec.devices.requests[1].exactly.deviceClassName: Required value",
            "spec.devices.requests[1].exactly.allocationMode: Unsupported value: \"x\": supported values: \"All\", "
                + "\"ExactCount\"", "spec.devices.requests[2].exactly.selectors[0].cel: Required value",
            "spec.devices.requests[2].exactly.count: Invalid value: 1: must not be specified when allocationMode is "
                + "'All'",
            "spec.devices.requests[3].firstAvailable[0].count: Invalid value: 0: must be greater than zero",
            "spec.devices.requests[2]: Duplicate value: \"a\"",
            "spec.devices.constraints[0].requests[1]: Invalid value: \"b/t\": \(reference)",
            "spec.devices.constraints[0]: Required value: exactly one of \"matchAttribute\" or \"distinctAttribute\" "
                + "is required, but multiple fields are set",
            "spec.devices.config[0].requests[0]: Invalid value: \"a/b/c\": \(reference)",
            "spec.devices.config[0].opaque: Required value"),
        Case(
            resource: claims, object: #"{"spec":{"devices":{"requests":[]}}}"#,
            old: #"{"spec":{"devices":{"requests":[{"name":"a"}]}}}"#,
            faults: [
                "spec: Invalid value: {\"Devices\":{\"Requests\":[],\"Constraints\":null,\"Config\":null}}: field is "
                    + "immutable"
            ]),
        Case(
            resource: claims, object: #"{"spec":{},"status":{"reservedFor":[{"resource":"pods","uid":"u"}]}}"#,
            old: #"{"spec":{}}"#, part: "status",
            faults: [
                "status.reservedFor[0].name: Required value",
                "status.reservedFor: Forbidden: may not be specified when `allocated` is not set",
            ]),
        new(
            "resource.k8s.io/deviceclasses", #"{"spec":{"extendedResourceName":"cpu","config":[{}]}}"#,
            "spec.config[0].opaque: Required value",
            "spec.extendedResourceName: Invalid value: \"cpu\": must be a valid extended resource name"),
        new(
            "resource.k8s.io/resourceslices",
            #"{"spec":{"driver":"d","pool":{"name":"p","generation":-1},"nodeName":"n","allNodes":true,"devices":["#
                + #"{"name":"a","allNodes":true,"attributes":{"1x":{"version":"1.0"},"ok":{}}},{"name":"a"}]}}"#,
            "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
            "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero",
            "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`, `nodeSelector`, `allNodes`, "
                + "`perDeviceNodeSelection` is required, but multiple fields are set",
            "spec.devices[0].attributes[1x]: Invalid value: \"1x\": a valid C identifier must start with alphabetic "
                + "character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or "
                + "'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')",
            "spec.devices[0].attributes[1x].version: Invalid value: \"1.0\": must be a string compatible with "
                + "semver.org spec 2.0.0",
            "spec.devices[0].attributes[ok]: Invalid value: \"\": exactly one value must be specified",
            "spec.devices[0]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if "
                + "`perDeviceNodeSelection` is set to true in the ResourceSlice spec",
            "spec.devices[1]: Duplicate value: \"a\""),
    ]

    private static func status(_ resource: String, _ spec: String, _ status: String, _ faults: String...) -> Case {
        Case(
            resource: resource, object: #"{"spec":{\#(spec)},"status":{\#(status)}}"#,
            old: #"{"spec":{\#(spec)}}"#, part: "status", faults: faults)
    }

    static let states = [
        status(
            "policy/poddisruptionbudgets", "",
            #""currentHealthy":-1,"conditions":[{"type":"A","status":"x","reason":"a b"},{"type":"A","status":"True","#
                + #""lastTransitionTime":"2026-01-01T00:00:00Z"}]"#,
            "status.conditions[0].status: Unsupported value: \"x\": supported values: \"False\", \"True\", "
                + "\"Unknown\"", "status.conditions[0].lastTransitionTime: Required value: must be set",
            "status.conditions[0].reason: Invalid value: \"a b\": a condition reason must start with alphabetic "
                + "character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an "
                + "alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  "
                + "or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
            "status.conditions[1].type: Duplicate value: \"A\"",
            "status.conditions[1].reason: Required value: must be set",
            "status.currentHealthy: Invalid value: -1: must be greater than or equal to 0"),
        status(
            "autoscaling/horizontalpodautoscalers", #""maxReplicas":1"#, #""currentReplicas":-1"#,
            "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0"),
        status(
            "/services", #""type":"LoadBalancer""#,
            #""loadBalancer":{"ingress":[{"ip":"x"},{"hostname":"A"},{"hostname":"a","ipMode":"VIP"}]}"#,
            "status.loadBalancer.ingress[0].ip: Invalid value: \"x\": \(Addresses.addressText)",
            "status.loadBalancer.ingress[1].hostname: Invalid value: \"A\": \(Names.subdomainText)",
            "status.loadBalancer.ingress[2].ipMode: Forbidden: may not be specified when `ip` is not set"),
        status(
            "/services", "", #""loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}"#,
            "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is LoadBalancer"),
        status(
            "apiregistration.k8s.io/apiservices", "", #""conditions":[{"type":"a","status":"x"}]"#,
            "status.conditions[0].status: Unsupported value: \"x\": supported values: \"True\", \"False\", "
                + "\"Unknown\""),
        new(
            "scheduling.k8s.io/priorityclasses", #"{"value":1,"preemptionPolicy":"x"}"#,
            "preemptionPolicy: Unsupported value: \"x\": supported values: \"PreemptLowerPriority\", \"Never\""),
        new(
            "rbac.authorization.k8s.io/rolebindings",
            #"{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"a/b"},"subjects":["#
                + #"{"kind":"ServiceAccount","name":"A"}]}"#,
            "roleRef.name: Invalid value: \"a/b\": may not contain '/'",
            "subjects[0].name: Invalid value: \"A\": \(Names.subdomainText)"),
    ]
}
