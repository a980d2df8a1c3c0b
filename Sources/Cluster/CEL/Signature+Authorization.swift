// MARK: Questions to the authorizer (Kubernetes documentation, "CEL in Kubernetes", authorizer library)

extension CELType {
    /// What policies may ask whether somebody may do something.
    public static let authorizer = authorization("Authorizer")
    /// The same about the kind of the request, `authorizer.requestResource`.
    public static let resourceCheck = authorization("ResourceCheck")

    fileprivate static func authorization(_ name: String) -> CELType {
        .opaque("kubernetes.authorization.\(name)")
    }
}

extension Signature {
    static let authorization: [String: [Signature]] = {
        let (path, group) = (CELType.authorization("PathCheck"), CELType.authorization("GroupCheck"))
        let decision = CELType.authorization("Decision")
        func member(_ types: [CELType], _ result: CELType) -> Signature { Signature(types, result, isMember: true) }
        var all = [
            "path": [member([.authorizer, .string], path)], "group": [member([.authorizer, .string], group)],
            "serviceAccount": [member([.authorizer, .string, .string], .authorizer)],
            "resource": [member([group, .string], .resourceCheck)],
            "check": [path, .resourceCheck].map { member([$0, .string], decision) },
            "errored": [member([decision], .bool)], "allowed": [member([decision], .bool)],
            "error": [member([decision], .string)], "reason": [member([decision], .string)],
        ]
        for name in ["subresource", "namespace", "name", "fieldSelector", "labelSelector"] {
            all[name] = [member([.resourceCheck, .string], .resourceCheck)]
        }
        return all
    }()
}
