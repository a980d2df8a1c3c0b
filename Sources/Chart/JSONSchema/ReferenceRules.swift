import Document

/// The keywords that lead to other schemas.
struct ReferenceRules: Sendable {
    /// `$ref`
    var reference: Int?
    /// `$recursiveRef` (2019-09)
    var recursive: Int?
    /// `$dynamicRef` (2020-12), and the anchor that it names, if it names one.
    var dynamic: (target: Int, anchor: Text?)?
}

/// Where references come to rest that depend on how a schema was reached.
struct AnchorRules: Sendable {
    /// `$recursiveAnchor`
    var isRecursive = false
    /// `$dynamicAnchor`
    var own: Text?
    /// All dynamic anchors of the part with a URL that begins here.
    var dynamic: [Text: Int] = [:]

    var isEmpty: Bool { !isRecursive && own == nil && dynamic.isEmpty }
}

extension SchemaCompiler {
    mutating func referenceRules(_ reference: Int?) throws(JSONSchema.Failure) -> ReferenceRules? {
        var rules = ReferenceRules(reference: reference)
        if draft >= .draft2019 { rules.recursive = try target("$recursiveRef") }
        if draft >= .draft2020, let target = try target("$dynamicRef") {
            let fragment = SchemaReference.split(keywords.text("$dynamicRef") ?? "").fragment
            let isAnchor = !fragment.isEmpty && !fragment.hasPrefix("/")
            rules.dynamic = (target, isAnchor ? fragment : nil)
        }
        return rules.reference == nil && rules.recursive == nil && rules.dynamic == nil ? nil : rules
    }
}

extension SchemaValidation {
    /// Checks the value of the frame by the schema that a keyword refers to.
    mutating func checkReference(
        _ target: Int, _ keyword: Text, _ frame: inout Frame
    ) throws(JSONSchema.Failure) -> SchemaFault? {
        guard let cause = try checkSelf(target, &frame, keyword: keyword) else { return nil }
        var result = fault(.reference)
        result.causes = cause.flattened
        return result
    }

    /// `$recursiveRef` and `$dynamicRef`.
    mutating func checkDynamicReferences(
        _ rules: ReferenceRules, _ frame: inout Frame
    ) throws(JSONSchema.Failure) {
        if let target = rules.recursive {
            let isRecursive = program.nodes[target].anchors?.isRecursive == true
            try note(
                checkReference(isRecursive ? outermostRecursive(target) : target, "$recursiveRef", &frame), &frame)
        }
        if let (target, anchor) = rules.dynamic {
            let isDynamic = anchor != nil && program.nodes[target].anchors?.own == anchor
            let final = isDynamic ? outermost(anchor ?? "", target) : target
            try note(checkReference(final, "$dynamicRef", &frame), &frame)
        }
    }

    /// The outermost schema on the way here that lies in a part with `$recursiveAnchor`.
    private func outermostRecursive(_ fallback: Int) -> Int {
        let found = scopes.first { scope in
            let resource = program.nodes[scope.node].resource
            return program.nodes[resource].anchors?.isRecursive == true
        }
        return found?.node ?? fallback
    }

    /// The schema of that dynamic anchor in the outermost part on the way here that has one.
    private func outermost(_ anchor: Text, _ fallback: Int) -> Int {
        for scope in scopes {
            let resource = program.nodes[scope.node].resource
            if let schema = program.nodes[resource].anchors?.dynamic[anchor] { return schema }
        }
        return fallback
    }
}
