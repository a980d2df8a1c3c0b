import Document

/// One check of a value by a compiled schema.
struct SchemaValidation {
    let program: SchemaProgram
    /// The schemas on the way to the one at work.
    private(set) var scopes: [Scope] = []
    /// The way to the value at work.
    private var path: [JSON.PathStep] = []
    /// Whether only the verdict counts, so that faults need no words.
    private(set) var isQuiet = false
    var checks = 0
    private var faultCount = 0
    /// The metaschema that stands for a part of the document that has a dialect of its own, by the pointer to it.
    private let dialects: [Text: Int]
    private var metaschema: Int

    struct Scope {
        let node: Int
        /// The keyword that led here, where it was a reference.
        let keyword: Text
        /// Differs from that of the scope before where the value does.
        let depth: Int
    }

    /// What no keyword has looked at so far, kept only where somebody asks for it.
    struct Unevaluated {
        var members: Set<Text>?
        var elements: Set<Int>?

        var isEmpty: Bool { members?.isEmpty ?? true && elements?.isEmpty ?? true }

        /// Takes out what another schema for the same value has looked at.
        mutating func merge(_ other: Unevaluated) {
            if members != nil { members?.formIntersection(other.members ?? []) }
            if elements != nil { elements?.formIntersection(other.elements ?? []) }
        }
    }

    /// The value and the schema at work, and what came of it so far.
    struct Frame {
        let value: Instance
        let draft: SchemaDraft
        var unevaluated: Unevaluated
        var faults: [SchemaFault] = []
    }

    init(_ program: SchemaProgram, dialects: [Text: Int] = [:]) {
        self.program = program
        self.dialects = dialects
        metaschema = program.root
    }

    /// What is wrong with a value; nil where nothing is.
    mutating func fault(of value: Instance) throws(JSONSchema.Failure) -> SchemaFault? {
        guard let cause = try checkApart(program.root, value) else { return nil }
        let place = program.nodes[program.root].place
        return SchemaFault(.schema(place), place, [], cause.flattened)
    }

    // MARK: - Steps from schema to schema

    /// Checks a value by itself, without regard to how it was reached.
    mutating func checkApart(_ schema: Int, _ value: Instance) throws(JSONSchema.Failure) -> SchemaFault? {
        let kept = (scopes, path, isQuiet)
        (scopes, path, isQuiet) = ([], [], false)
        defer { (scopes, path, isQuiet) = kept }
        var unused = Unevaluated()
        return try enter(schema, value, Scope(node: schema, keyword: "", depth: 0), false, &unused)
    }

    /// Checks a child of the value at work.
    mutating func check(
        _ schema: Int, _ value: Instance, _ step: JSON.PathStep
    ) throws(JSONSchema.Failure) -> SchemaFault? {
        // Nothing to find, and most children are of this sort.
        if program.nodes[schema].verdict == true { return nil }
        path.append(step)
        let kept = metaschema
        defer {
            path.removeLast()
            metaschema = kept
        }
        let schema = switched(schema)
        var unused = Unevaluated()
        let scope = Scope(node: schema, keyword: "", depth: (scopes.last?.depth ?? 0) + 1)
        return try enter(schema, value, scope, false, &unused)
    }

    /// Checks the value at work by another schema.
    mutating func checkSelf(
        _ schema: Int, _ frame: inout Frame, keyword: Text = "", quietly: Bool = false
    ) throws(JSONSchema.Failure) -> SchemaFault? {
        let kept = (isQuiet, metaschema)
        isQuiet = isQuiet || quietly
        defer { (isQuiet, metaschema) = kept }
        let schema = switched(schema)
        var unevaluated = Unevaluated()
        let scope = Scope(node: schema, keyword: keyword, depth: scopes.last?.depth ?? 0)
        let fault = try enter(schema, frame.value, scope, !frame.unevaluated.isEmpty, &unevaluated)
        if fault == nil { frame.unevaluated.merge(unevaluated) }
        return fault
    }

    /// The metaschema of the part of a document that is looked at, where it has a dialect of its own.
    private mutating func switched(_ schema: Int) -> Int {
        guard !dialects.isEmpty, schema == metaschema, let other = dialects[SchemaReport.pointer(path)] else {
            return schema
        }
        metaschema = other
        return other
    }

    private mutating func enter(
        _ schema: Int, _ value: Instance, _ scope: Scope, _ isAsked: Bool, _ unevaluated: inout Unevaluated
    ) throws(JSONSchema.Failure) -> SchemaFault? {
        try count(1)
        let node = program.nodes[schema]
        let limit = program.limits.depth
        if scopes.count >= limit { throw .limit(node.place, "checks are nested deeper than \(limit) levels") }
        scopes.append(scope)
        defer { scopes.removeLast() }
        var frame = Frame(value: value, draft: node.draft, unevaluated: start(node, value, isAsked))
        let result = try run(node, &frame)
        unevaluated = frame.unevaluated
        return result
    }

    /// What nobody has looked at when the check of a schema begins.
    private func start(_ node: SchemaNode, _ value: Instance, _ isAsked: Bool) -> Unevaluated {
        switch value {
        case .object(let object) where isAsked || node.object?.unevaluated != nil:
            if node.evaluatesAllMembers { return Unevaluated() }
            return Unevaluated(members: Set((0..<object.count).map { object.key(at: $0) }))
        case .array(let array) where isAsked || node.array?.unevaluated != nil:
            if node.evaluatesAllElements || node.evaluatedPrefix >= array.count { return Unevaluated() }
            return Unevaluated(elements: Set(node.evaluatedPrefix..<array.count))
        default: return Unevaluated()
        }
    }

    // MARK: - One schema

    private mutating func run(_ node: SchemaNode, _ frame: inout Frame) throws(JSONSchema.Failure) -> SchemaFault? {
        if let verdict = node.verdict { return verdict ? nil : fault(.falseSchema) }
        if let cycle = cycle(node) { return cycle }
        if case .foreign(let type) = frame.value { return fault(.foreign(type)) }
        if let fault = try generalFault(node.general, frame.value) { return fault }
        if let target = node.references?.reference {
            let fault = try checkReference(target, "$ref", &frame)
            if node.draft < .draft2019 { return fault }
            try note(fault, &frame)
        }
        switch frame.value {
        case .object(let object): if let rules = node.object { try checkObject(rules, object, &frame) }
        case .array(let array): if let rules = node.array { try checkArray(rules, array, &frame) }
        case .string(let text): if let rules = node.string { try checkString(rules, text, &frame) }
        case .number(let number): if let rules = node.number { try checkNumber(rules, number, &frame) }
        default: break
        }
        if frame.faults.isEmpty || !isQuiet {
            if let rules = node.references { try checkDynamicReferences(rules, &frame) }
            if let rules = node.conditions { try checkConditions(rules, &frame) }
            try checkUnevaluated(node, &frame)
        }
        return frame.faults.count > 1 ? fault(.group, frame.faults) : frame.faults.first
    }

    private mutating func checkUnevaluated(_ node: SchemaNode, _ frame: inout Frame) throws(JSONSchema.Failure) {
        if case .object(let object) = frame.value, let schema = node.object?.unevaluated {
            try checkUnevaluatedMembers(schema, object, &frame)
        }
        if case .array(let array) = frame.value, let schema = node.array?.unevaluated {
            try checkUnevaluatedElements(schema, array, &frame)
        }
    }

    /// A schema that leads back to itself without a step in the value.
    private mutating func cycle(_ node: SchemaNode) -> SchemaFault? {
        guard let last = scopes.last else { return nil }
        var index = scopes.count - 2
        while index >= 0, scopes[index].depth == last.depth {
            if scopes[index].node == last.node {
                return fault(.cycle(location(scopes.count - 1), location(index), node.place))
            }
            index -= 1
        }
        return nil
    }

    /// The keywords from the root to a schema on the way.
    private func location(_ index: Int) -> Text {
        var location: Text = ""
        for (before, scope) in zip(scopes[..<index], scopes[1...].prefix(index)) {
            if scope.keyword.isEmpty {
                let parent = program.nodes[before.node].place.text
                location = location + Text(bytes: program.nodes[scope.node].place.text.bytes.dropFirst(parent.count))
            } else {
                location = location + "/" + SchemaPlace.escaped(scope.keyword)
            }
        }
        return location
    }

    // MARK: - Faults

    /// A fault of the schema and the value at work.
    func fault(_ kind: @autoclosure () -> SchemaFault.Kind, _ causes: [SchemaFault] = []) -> SchemaFault {
        guard let node = scopes.last?.node, !isQuiet else { return .unspoken }
        return SchemaFault(kind(), program.nodes[node].place, path, causes)
    }

    /// Takes up a fault, if there is one.
    mutating func note(_ fault: SchemaFault?, _ frame: inout Frame) throws(JSONSchema.Failure) {
        guard let fault else { return }
        if !isQuiet {
            faultCount += 1
            if faultCount > program.limits.faults {
                throw .limit(fault.place, "more than \(program.limits.faults) values do not fit the schema")
            }
        }
        frame.faults.append(fault)
    }

    /// Counts work.
    mutating func count(_ steps: Int) throws(JSONSchema.Failure) {
        checks += min(steps, program.limits.checks)
        if checks > program.limits.checks {
            let place = program.nodes[scopes.last?.node ?? program.root].place
            throw .limit(place, "the schema takes more than \(program.limits.checks) checks")
        }
    }
}
