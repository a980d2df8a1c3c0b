import Document

/// The query parameters of the API's operations.
enum QueryParameters {
    /// Name and JSON type.
    typealias Parameter = (name: String, type: String)

    static let pretty: [Parameter] = [("pretty", "string")]
    static let list: [Parameter] = [
        ("allowWatchBookmarks", "boolean"), ("continue", "string"), ("fieldSelector", "string"),
        ("labelSelector", "string"), ("limit", "integer"), ("resourceVersion", "string"),
        ("resourceVersionMatch", "string"), ("sendInitialEvents", "boolean"), ("shardSelector", "string"),
        ("timeoutSeconds", "integer"), ("watch", "boolean"),
    ]
    static let write: [Parameter] = [
        ("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"),
    ]
    static let patch: [Parameter] = write + [("force", "boolean")]
    static let delete: [Parameter] = [
        ("dryRun", "string"), ("gracePeriodSeconds", "integer"),
        ("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"), ("orphanDependents", "boolean"),
        ("propagationPolicy", "string"),
    ]
    static let get: [Parameter] = [("resourceVersion", "string")]

    static func value(_ parameter: Parameter, _ dialect: Definitions.Dialect) -> Value {
        var value: Value = ["name": .string(parameter.name), "in": "query"]
        switch dialect {
        case .v2:
            value["type"] = .string(parameter.type)
            value["uniqueItems"] = true
        case .v3: value["schema"] = ["type": .string(parameter.type), "uniqueItems": true]
        }
        return value
    }

    /// A part of the path, such as `{namespace}`.
    static func path(_ name: String, _ dialect: Definitions.Dialect) -> Value {
        var value = value((name, "string"), dialect)
        value["in"] = "path"
        value["required"] = true
        return value
    }
}
