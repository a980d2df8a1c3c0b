import Document

/// A query or path parameter of an operation.
struct Parameter: Hashable {
    let name: String
    /// JSON Schema's: `string`, `integer`, `boolean`.
    let type: String
    /// Whether it is a part of the path.
    var isInPath = false

    func value(_ dialect: Definitions.Dialect) -> Value {
        var value: Value = ["name": .string(name), "in": isInPath ? "path" : "query"]
        if let words = Parameter.words[name] { value["description"] = .string(words) }
        if isInPath { value["required"] = true }
        switch dialect {
        case .v2:
            value["type"] = .string(type)
            value["uniqueItems"] = true
        case .v3: value["schema"] = ["type": .string(type), "uniqueItems": true]
        }
        return value
    }

    /// By name; of two with one name, that of the path comes first.
    static func order(_ left: Parameter, _ right: Parameter) -> Bool {
        left.name == right.name ? left.isInPath && !right.isInPath : left.name < right.name
    }

    static func path(_ name: String) -> Parameter { Parameter(name: name, type: "string", isInPath: true) }

    static let pretty = [Parameter(name: "pretty", type: "string")]
    static let resourceVersion = [Parameter(name: "resourceVersion", type: "string")]
    static let list = [
        Parameter(name: "allowWatchBookmarks", type: "boolean"), Parameter(name: "continue", type: "string"),
        Parameter(name: "fieldSelector", type: "string"), Parameter(name: "labelSelector", type: "string"),
        Parameter(name: "limit", type: "integer"), Parameter(name: "resourceVersion", type: "string"),
        Parameter(name: "resourceVersionMatch", type: "string"),
        Parameter(name: "sendInitialEvents", type: "boolean"), Parameter(name: "shardSelector", type: "string"),
        Parameter(name: "timeoutSeconds", type: "integer"), Parameter(name: "watch", type: "boolean"),
    ]
    static let write = [
        Parameter(name: "dryRun", type: "string"), Parameter(name: "fieldManager", type: "string"),
        Parameter(name: "fieldValidation", type: "string"),
    ]
    static let patch = write + [Parameter(name: "force", type: "boolean")]
    static let delete = [
        Parameter(name: "dryRun", type: "string"), Parameter(name: "gracePeriodSeconds", type: "integer"),
        Parameter(name: "ignoreStoreReadErrorWithClusterBreakingPotential", type: "boolean"),
        Parameter(name: "orphanDependents", type: "boolean"), Parameter(name: "propagationPolicy", type: "string"),
    ]
    /// Of built-in resources; those of a CRD tell what a list takes.
    static let deleteCollection = delete + list.filter { $0.name != "watch" && $0.name != "allowWatchBookmarks" }
    /// PodLogOptions, which is no kind of its own here.
    static let log = [
        Parameter(name: "container", type: "string"), Parameter(name: "follow", type: "boolean"),
        Parameter(name: "insecureSkipTLSVerifyBackend", type: "boolean"),
        Parameter(name: "limitBytes", type: "integer"), Parameter(name: "previous", type: "boolean"),
        Parameter(name: "sinceSeconds", type: "integer"), Parameter(name: "stream", type: "string"),
        Parameter(name: "tailLines", type: "integer"), Parameter(name: "timestamps", type: "boolean"),
    ]

    /// The fields of what a connection takes (PodExecOptions, NodeProxyOptions …).
    static func fields(of structure: Structure) -> [Parameter] {
        structure.fields.map { field in
            var shape = field.shape
            if case .list(let item, _) = shape.form { shape = item }
            switch shape.form {
            case .bool: return Parameter(name: field.name.string, type: "boolean")
            case .int32, .int64: return Parameter(name: field.name.string, type: "integer")
            default: return Parameter(name: field.name.string, type: "string")
            }
        }
    }

    /// What each is for, in our own words.
    private static let words = [
        "allowWatchBookmarks": "whether a watch may also send BOOKMARK events, which only tell a resourceVersion",
        "command": "the program and its arguments, one parameter each",
        "container": "which of the pod's containers; the only one if there is no other",
        "continue": "the token of the page before",
        "dryRun": "All: check and answer, but store nothing",
        "fieldManager": "who changes the fields",
        "fieldSelector": "only objects whose fields are as told",
        "fieldValidation": "what to do about unknown and duplicate fields: Ignore, Warn, Strict",
        "follow": "keep sending what the container writes",
        "force": "take fields over from other managers (apply only)",
        "gracePeriodSeconds": "how long the object may take to end; 0 is at once",
        "ignoreStoreReadErrorWithClusterBreakingPotential": "delete also what can no longer be read",
        "insecureSkipTLSVerifyBackend": "do not check the node's certificate",
        "labelSelector": "only objects with such labels",
        "limit": "how many objects a page has at most",
        "limitBytes": "how many bytes are sent at most",
        "name": "the object's name",
        "namespace": "the namespace that the object is in",
        "orphanDependents": "old form of propagationPolicy",
        "path": "what is asked of the other side",
        "ports": "the pod's ports",
        "pretty": "true: with line breaks and indents",
        "previous": "of the container that ran before this one",
        "propagationPolicy": "what becomes of dependents: Orphan, Background, Foreground",
        "resourceVersion": "how new the answer has to be, or from where a watch starts",
        "resourceVersionMatch": "how resourceVersion is meant: NotOlderThan, Exact",
        "sendInitialEvents": "whether a watch starts with what is there already",
        "shardSelector": "only a part of the objects, chosen by hash",
        "sinceSeconds": "only what is not older than so many seconds",
        "stderr": "connect the container's stderr",
        "stdin": "connect the container's stdin",
        "stdout": "connect the container's stdout",
        "stream": "All, Stdout or Stderr",
        "tailLines": "how many lines from the end",
        "timeoutSeconds": "how long a list or watch lasts at most",
        "timestamps": "with the time before each line",
        "tty": "connect a terminal",
        "watch": "answer with changes as they happen, not with a list",
    ]
}
