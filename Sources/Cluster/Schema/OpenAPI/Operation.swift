import Document

/// One operation of a path, before it is written in one of the two dialects.
struct Operation {
    /// `get`, `post` …: how OpenAPI names the method.
    let method: Text
    /// `x-kubernetes-action`
    let action: String
    let name: String
    let description: String
    let tag: String
    /// Group, version and kind of what it takes or gives.
    let kind: (group: String, version: String, name: String)
    var parameters: [Parameter] = []
    var body: Value?
    /// Whether the operation fails without a body; options for a deletion may be left out.
    var needsBody = true
    let answer: Value
    /// The HTTP statuses that come with an answer.
    var statuses = [200]
    /// What the body may be written in, `*/*` for anything.
    var accepts = ["*/*"]
    /// What the answer may be written in, in the order of the old dialect.
    let gives: [String]

    /// The operation but for those parameters that its path tells already.
    func value(_ dialect: Definitions.Dialect, without shared: Set<Parameter>) -> Value {
        var value: Value = [
            "operationId": .string(name), "description": .string(description), "tags": [.string(tag)],
            "x-kubernetes-action": .string(action),
            "x-kubernetes-group-version-kind": [
                "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.name),
            ],
        ]
        let own = parameters.filter { !shared.contains($0) }.sorted(by: Parameter.order)
        var all = own.map { $0.value(dialect) }
        switch dialect {
        case .v2:
            if let body { all.insert(bodyParameter(body), at: 0) }
            value["consumes"] = .array(accepts.map { .string($0) })
            value["produces"] = .array(gives.map { .string($0) })
            value["schemes"] = ["https"]
        case .v3:
            if let body { value["requestBody"] = requestBody(body) }
        }
        if !all.isEmpty { value["parameters"] = .array(all) }
        value["responses"] = responses(dialect)
        return value
    }

    private func bodyParameter(_ schema: Value) -> Value {
        var parameter: Value = ["name": "body", "in": "body", "schema": schema]
        if needsBody { parameter["required"] = true }
        return parameter
    }

    private func requestBody(_ schema: Value) -> Value {
        var body: Value = ["content": Operation.content(accepts, schema)]
        if needsBody { body["required"] = true }
        return body
    }

    private func responses(_ dialect: Definitions.Dialect) -> Value {
        let words = [200: "OK", 201: "Created", 202: "Accepted"]
        var responses: Value = ["401": ["description": "Unauthorized"]]
        for status in statuses {
            var response: Value = ["description": .string(words[status] ?? "")]
            switch dialect {
            case .v2: response["schema"] = answer
            case .v3: response["content"] = Operation.content(gives, answer)
            }
            responses[Text(String(status))] = response
        }
        return responses
    }

    private static func content(_ types: [String], _ schema: Value) -> Value {
        .object(Object(types.map { (Text($0), ["schema": schema]) }))
    }
}
