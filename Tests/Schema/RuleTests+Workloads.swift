/// Rows of apps and batch.
extension RuleTests {
    private static let pod = #""spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}"#

    private static func job(_ spec: String, _ faults: String...) -> Case {
        Case(
            resource: "batch/jobs", object: #"{"spec":{\#(spec),"template":{\#(pod)}}}"#, faults: faults)
    }

    private static func change(_ old: String, _ new: String, _ faults: String...) -> Case {
        let rest =
            #""manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},\#(pod)}"#
        return Case(
            resource: "batch/jobs", object: #"{"spec":{\#(new),\#(rest)}}"#, old: #"{"spec":{\#(old),\#(rest)}}"#,
            faults: faults)
    }

    private static func rules(_ rules: String, _ faults: String...) -> Case {
        Case(
            resource: "batch/jobs",
            object: #"{"spec":{"podFailurePolicy":{"rules":[\#(rules)]},"template":{\#(pod)}}}"#, faults: faults)
    }

    private static let path = "spec.podFailurePolicy.rules[0]"
    private static let none = "specifying one of OnExitCodes and OnPodConditions is required"

    static let batch = [
        rules(
            #"{},{"action":"x","onExitCodes":{"operator":"In","values":[1]}}"#,
            "\(path).action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]",
            "\(path): Invalid value: \(none)",
            "spec.podFailurePolicy.rules[1].action: Unsupported value: \"x\": supported values: \"Count\", "
                + "\"FailIndex\", \"FailJob\", \"Ignore\""),
        rules(
            #"{"action":"FailIndex","onExitCodes":{"operator":"In","containerName":"d","values":[3,0,0]},"#
                + #""onPodConditions":[{"type":"a b"},{"type":"c","status":"x"}]}"#,
            "\(path).action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set",
            "\(path).onExitCodes.containerName: Invalid value: \"d\": must be one of the container or initContainer "
                + "names in the pod template",
            "\(path).onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator",
            "\(path).onExitCodes.values[2]: Invalid value: 0: must not be 0 for the In operator",
            "\(path).onExitCodes.values[2]: Duplicate value: 0",
            "\(path).onExitCodes.values: Invalid value: [3,0,0]: must be ordered",
            "\(path).onPodConditions[0].type: Invalid value: \"a b\": name part must consist of alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  "
                + "or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "\(path).onPodConditions[1].status: Unsupported value: \"x\": supported values: \"False\", \"True\", "
                + "\"Unknown\"",
            "\(path): Invalid value: specifying both OnExitCodes and OnPodConditions is not supported"),
        rules(
            #"{"action":"Count","onExitCodes":{"values":[]}}"#,
            "\(path).onExitCodes.operator: Required value: valid values: [\"In\" \"NotIn\"]",
            "\(path).onExitCodes.values: Invalid value: []: at least one value is required"),
        rules(
            Array(repeating: #"{"action":"Count","onExitCodes":{"operator":"In","values":[1]}}"#, count: 21)
                .joined(separator: ","), "spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items"),
        job(
            #""successPolicy":{"rules":[{"succeededCount":1}]}"#,
            "spec.successPolicy: Invalid value: {\"Rules\":[{\"SucceededIndexes\":null,\"SucceededCount\":1}]}: "
                + "requires indexed completion mode"),
        job(
            #""completionMode":"Indexed","completions":3,"successPolicy":{"rules":[]}"#,
            "spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy is "
                + "specified"),
        job(
            #""completionMode":"Indexed","completions":3,"successPolicy":{"rules":[{},{"succeededIndexes":"0,2-1"},"#
                + #"{"succeededIndexes":"0-1","succeededCount":4},{"succeededIndexes":"5"},{"succeededIndexes":"a"},"#
                + #"{"succeededIndexes":"0-1-2"},{"succeededIndexes":"1,0"}]}"#,
            "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be "
                + "specified",
            "spec.successPolicy.rules[1].succeededIndexes: Invalid value: \"0,2-1\": error parsing succeededIndexes: "
                + "non-increasing order, previous: 2, current: 1",
            "spec.successPolicy.rules[2].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number "
                + "of specified completions)",
            "spec.successPolicy.rules[2].succeededCount: Invalid value: 4: must be less than or equal to 2 (the number "
                + "of indexes in the specified succeededIndexes field)",
            "spec.successPolicy.rules[3].succeededIndexes: Invalid value: \"5\": error parsing succeededIndexes: too "
                + "large index: \"5\"",
            "spec.successPolicy.rules[4].succeededIndexes: Invalid value: \"a\": error parsing succeededIndexes: "
                + "cannot convert string to integer for index: \"a\"",
            "spec.successPolicy.rules[5].succeededIndexes: Invalid value: \"0-1-2\": error parsing succeededIndexes: "
                + "the fragment \"0-1-2\" violates the requirement that an index interval can have at most two parts "
                + "separated by '-'",
            "spec.successPolicy.rules[6].succeededIndexes: Invalid value: \"1,0\": error parsing succeededIndexes: "
                + "non-increasing order, previous: 1, current: 0"),
        job(
            #""managedBy":"a","maxFailedIndexes":1"#,
            "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
            "spec.managedBy: Invalid value: \"a\": must be a domain-prefixed path (such as \"acme.io/foo\")",
            "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode"),
        job(
            #""completionMode":"Indexed","completions":100001,"parallelism":100001,"backoffLimitPerIndex":1"#,
            "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is "
                + "Indexed",
            "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
            "spec.parallelism: Invalid value: 100001: must be less than or equal to 10000 when completions are above "
                + "100000 and used with backoff limit per index"),
        Case(
            resource: "batch/jobs",
            object: #"{"spec":{"template":{"metadata":{"labels":{"job-name":"b"}},\#(pod)}}}"#,
            faults: [
                "spec.template.metadata.labels[job-name]: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\","
                    + "\"batch.kubernetes.io/job-name\":\"a\",\"controller-uid\":\"u\",\"job-name\":\"b\"}: must be 'a'"
            ]),
        change(
            #""completionMode":"Indexed","completions":2,"parallelism":2"#,
            #""completionMode":"Indexed","completions":3,"parallelism":2"#,
            "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism"),
        change(
            #""completionMode":"Indexed","completions":2,"parallelism":2"#,
            #""completionMode":"Indexed","completions":3,"parallelism":3"#),
        change(
            #""completions":1"#, #""completions":1,"managedBy":"a/b","backoffLimitPerIndex":1"#,
            "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
            "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
            "spec.backoffLimitPerIndex: Invalid value: 1: field is immutable",
            "spec.managedBy: Invalid value: \"a/b\": field is immutable"),
        change(
            #""completionMode":"Indexed","completions":2"#,
            #""completionMode":"Indexed","completions":2,"successPolicy":{"rules":[{"succeededCount":1}]}"#,
            "spec.successPolicy: Invalid value: {\"Rules\":[{\"SucceededIndexes\":null,\"SucceededCount\":1}]}: "
                + "field is immutable"),
        Case(
            resource: "batch/cronjobs",
            object: #"{"spec":{"schedule":"x","failedJobsHistoryLimit":-1,"concurrencyPolicy":"y","jobTemplate":"#
                + #"{"spec":{"selector":{"matchLabels":{"a":"b"}},"manualSelector":true,"template":{\#(pod)}}}}}"#,
            faults: [
                "spec.schedule: Invalid value: \"x\": expected exactly 5 fields, found 1: [x]",
                "spec.concurrencyPolicy: Unsupported value: \"y\": supported values: \"Allow\", \"Forbid\", "
                    + "\"Replace\"",
                "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector` will be "
                    + "auto-generated",
                "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\"",
                "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
            ]),
    ]

    private static func status(
        _ resource: String, _ old: String, _ new: String, spec: String = "{}", _ faults: String...
    ) -> Case {
        Case(
            resource: resource, object: #"{"spec":\#(spec),"status":\#(new)}"#,
            old: #"{"spec":\#(spec),"status":\#(old)}"#, part: "status", faults: faults)
    }

    private static func conditions(_ types: String...) -> String {
        "[" + types.map { #"{"type":"\#($0)","status":"True"}"# }.joined(separator: ",") + "]"
    }

    static let batchStatus = [
        status(
            "batch/jobs", "{}", #"{"conditions":\#(conditions("Complete", "Failed")),"active":1,"ready":2}"#,
            "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
            "status.completionTime: Required value: completionTime is required for Complete jobs",
            "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true "
                + "condition",
            "status.conditions: Invalid value: cannot set Complete=True condition without the "
                + "SuccessCriteriaMet=true condition",
            "status.active: Invalid value: 1: active>0 is invalid for finished job",
            "status.startTime: Required value: startTime is required for finished job",
            "status.ready: Invalid value: 2: cannot set more ready pods than active"),
        status(
            "batch/jobs",
            #"{"conditions":\#(conditions("FailureTarget", "Failed")),"failed":2,"startTime":"2026-01-01T00:00:00Z"}"#,
            #"{"failed":1,"startTime":"2026-01-02T00:00:00Z","completionTime":"2026-01-01T00:00:00Z"}"#,
            "status.completionTime: Invalid value: \"2026-01-01T00:00:00Z\": cannot set completionTime when there is "
                + "no Complete=True condition",
            "status.completionTime: Invalid value: \"2026-01-01T00:00:00Z\": completionTime cannot be set before "
                + "startTime",
            "status.conditions: Invalid value: cannot disable the terminal Failed=True condition",
            "status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition",
            "status.failed: Invalid value: 1: cannot decrease the failed counter",
            "status.startTime: Required value: startTime cannot be removed for unsuspended job"),
        status(
            "batch/jobs", "{}",
            #"{"active":-1,"uncountedTerminatedPods":{"succeeded":["a",""],"failed":["a"]},"failedIndexes":"1-2","#
                + #""completedIndexes":"2,9"}"#,
            spec: #"{"completionMode":"Indexed","completions":3,"backoffLimitPerIndex":1}"#,
            "status.active: Invalid value: -1: must be greater than or equal to 0",
            "status.uncountedTerminatedPods.succeeded[1]: Invalid value: \"\": must not be empty",
            "status.uncountedTerminatedPods.failed[0]: Duplicate value: \"a\"",
            "status.completedIndexes: Invalid value: \"2,9\": error parsing completedIndexes: too large index: \"9\"",
            "status.failedIndexes: Invalid value: \"1-2\": failedIndexes and completedIndexes overlap at index: 2"),
        status(
            "apps/deployments", #"{"collisionCount":2}"#,
            #"{"replicas":1,"updatedReplicas":2,"readyReplicas":-1,"availableReplicas":1}"#,
            "status.readyReplicas: Invalid value: -1: must be greater than or equal to 0",
            "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
            "status.collisionCount: Invalid value: 0: cannot be decremented"),
        status(
            "apps/replicasets", "{}", #"{"replicas":1,"fullyLabeledReplicas":2,"availableReplicas":2}"#,
            "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas"),
        status(
            "apps/statefulsets", "{}", #"{"replicas":1,"currentReplicas":2,"availableReplicas":1}"#,
            "status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas",
            "status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas"),
        status(
            "apps/daemonsets", #"{"collisionCount":2}"#, #"{"numberReady":-1,"collisionCount":1}"#,
            "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
            "status.collisionCount: Invalid value: 1: cannot be decremented"),
    ]

    private static func workload(
        _ resource: String, _ spec: String, selector: String = #"{"matchLabels":{"a":"b"}}"#, pod: String = "",
        _ faults: String...
    ) -> Case {
        let template =
            #"{"metadata":{"labels":{"a":"b"}},"spec":{\#(pod)"containers":[{"name":"c","image":"i"}]}}"#
        return Case(
            resource: "apps/\(resource)",
            object: #"{"spec":{\#(spec)"selector":\#(selector),"template":\#(template)}}"#, faults: faults)
    }

    private static let key =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    static let workloads = [
        workload(
            "statefulsets",
            #""updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":-1,"maxUnavailable":"0%"}},"#
                + #""persistentVolumeClaimRetentionPolicy":{"whenDeleted":"x"},"ordinals":{"start":-1},"#
                + #""minReadySeconds":-1,"replicas":-1,"serviceName":"a.b","#,
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": cannot be 0",
            "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"x\": supported values: "
                + "\"Retain\", \"Delete\"",
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
            "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0",
            "spec.serviceName: Invalid value: \"a.b\": must not contain dots"),
        workload(
            "statefulsets", #""updateStrategy":{"type":"OnDelete","rollingUpdate":{"partition":1}},"#,
            "spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":1,\"MaxUnavailable\":null}: only allowed "
                + "for updateStrategy 'RollingUpdate'"),
        workload(
            "statefulsets", "", selector: #"{"matchLabels":{"a b":""}}"#, pod: #""restartPolicy":"Never","#,
            "spec.selector.matchLabels: Invalid value: \"a b\": \(key)",
            "spec.selector: Invalid value: {\"matchLabels\":{\"a b\":\"\"}}",
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""),
        workload(
            "deployments", #""strategy":{"type":"x"},"#, selector: #"{"matchLabels":{"a b":""}}"#,
            "spec.selector.matchLabels: Invalid value: \"a b\": \(key)",
            "spec.selector: Invalid value: {\"matchLabels\":{\"a b\":\"\"}}: invalid label selector",
            "spec.strategy: Unsupported value: {\"Type\":\"x\",\"RollingUpdate\":null}: supported values: "
                + "\"Recreate\", \"RollingUpdate\""),
        workload(
            "deployments", #""strategy":{"rollingUpdate":{"maxSurge":"x","maxUnavailable":"200%"}},"#,
            pod: #""activeDeadlineSeconds":1,"#,
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not "
                + "Supported",
            "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a numeric "
                + "string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"200%\": must not be greater than 100%"),
        workload(
            "daemonsets", #""updateStrategy":{"type":"x"},"#, selector: "{}",
            "spec.selector: Invalid value: {}: empty selector is invalid for daemonset",
            "spec.updateStrategy: Unsupported value: {\"Type\":\"x\",\"RollingUpdate\":null}: supported values: "
                + "\"RollingUpdate\", \"OnDelete\""),
        workload(
            "daemonsets", #""updateStrategy":{"rollingUpdate":{"maxUnavailable":"200%","maxSurge":-1}},"#,
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0",
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"200%\": must not be greater than 100%",
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: -1: may not be set when maxUnavailable is "
                + "non-zero"),
        Case(
            resource: "apps/replicasets",
            object: #"{"spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":"#
                + #"{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#,
            old: #"{"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":"#
                + #"{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#,
            faults: [
                "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            ]),
        Case(
            resource: "apps/controllerrevisions", object: #"{"revision":-1}"#,
            faults: [
                "data: Required value: data is mandatory",
                "revision: Invalid value: -1: must be greater than or equal to 0",
            ]),
    ]
}
