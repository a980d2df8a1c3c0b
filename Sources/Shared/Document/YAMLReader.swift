/// Builds one document from libyaml's events, on a stack of its own.
struct YAMLReader {
    private struct Node {
        var value: Value
        var place: YAML.Place?
        /// How many values it holds, itself included.
        var size = 1
        /// Set for scalars, whose meaning as a key differs from that as a value.
        var scalar: YAMLScalar?
        /// What cannot be written as JSON in it: an index of `faults`.
        var fault: Int?
    }

    /// What an anchor names: the latest node that bears it, which may not have ended yet.
    private enum Anchored {
        case finished(Node)
        case open(container: Int)
    }

    /// A sequence or mapping whose end has not come yet.
    private struct Container {
        let isMapping: Bool
        let anchor: String
        let number: Int
        let isFlow: Bool
        let line: Int
        let column: Int
        /// Where its elements, or its keys and values in turn, begin among the finished nodes.
        let first: Int
        /// A sequence may stand in the column of the mapping around it; then what follows is that mapping's.
        var mappingColumn: Int? { isMapping ? column : nil }
    }

    private let events: YAMLEvents
    private let marksPlaces: Bool
    private var open: [Container] = []
    /// What is in the open containers, the innermost one's last.
    private var finished: [Node] = []
    private var anchors: [String: Anchored] = [:]
    private var decoded = 0
    private var aliased = 0
    private var duplicates: [(key: Text, line: Int)] = []
    private var containers = 0
    /// What cannot be written as JSON, which is told after all else, and only of what later keys leave.
    private var faults: [YAML.Failure] = []
    /// Set where go-yaml takes the document to end before its text does.
    private var endsEarly = false

    init(events: YAMLEvents, marksPlaces: Bool) {
        self.events = events
        self.marksPlaces = marksPlaces
    }

    mutating func document() throws(YAML.Failure) -> YAML.Document {
        while true {
            switch try events.next() {
            case .streamEnd:
                return YAML.Document(value: .null, place: YAML.Place(line: 1, column: 1), duplicates: [])
            case .documentStart, .documentEnd: continue
            case let event:
                let root = try rootNode(event)
                if let fault = root.fault { throw faults[fault] }
                return YAML.Document(
                    value: root.value, place: root.place ?? YAML.Place(line: 1, column: 1), duplicates: duplicates)
            }
        }
    }

    /// The document's node. go-yaml reads a document to its end before it looks at what the scalars mean, so that what
    /// is wrong with the text goes before what is wrong with values, and those JSON does not have come last.
    private mutating func rootNode(_ event: YAMLEvents.Event) throws(YAML.Failure) -> Node {
        let root: Node
        do throws(YAML.Failure) {
            root = try node(event)
        } catch {
            if !error.isSyntax { try drain() }
            throw error
        }
        try drain()
        return root
    }

    /// Reads on to the end of the document.
    private mutating func drain() throws(YAML.Failure) {
        while !endsEarly {
            switch try events.next() {
            case .documentEnd, .streamEnd: return
            case .scalar(_, _, let anchor, _, _), .sequenceStart(let anchor, _), .mappingStart(let anchor, _):
                if !anchor.isEmpty, anchors[anchor] == nil { anchors[anchor] = .open(container: -1) }
            case .alias(let name):
                if anchors[name] == nil { throw YAMLReader.unknownAnchor(name) }
            case .containerEnd, .documentStart: continue
            }
        }
    }

    private static func unknownAnchor(_ name: String) -> YAML.Failure {
        YAML.Failure(message: "yaml: unknown anchor '\(name)' referenced", isSyntax: true)
    }

    private mutating func node(_ first: YAMLEvents.Event) throws(YAML.Failure) -> Node {
        var event = first
        while true {
            if let node = try take(event) {
                guard !open.isEmpty, !endsEarly else { return node }
                finished.append(node)
            }
            event = try events.next()
        }
    }

    /// Handles one event; returns the node that it finishes.
    private mutating func take(_ event: YAMLEvents.Event) throws(YAML.Failure) -> Node? {
        switch event {
        case .scalar(let text, let tag, let anchor, let isPlain, _):
            return try scalar(text, tag, anchor, isPlain)
        case .sequenceStart(let anchor, let isFlow):
            try start(isMapping: false, anchor, isFlow)
            return nil
        case .mappingStart(let anchor, let isFlow):
            try start(isMapping: true, anchor, isFlow)
            return nil
        case .alias(let name):
            return try alias(name)
        case .containerEnd:
            return try close()
        case .documentStart, .documentEnd, .streamEnd:
            return nil
        }
    }

    /// go-yaml's limit (max_flow_level, max_indents); libyaml's scanner takes time by the square of the depth.
    private static let deepest = 10_000

    private mutating func start(isMapping: Bool, _ anchor: String, _ isFlow: Bool) throws(YAML.Failure) {
        guard open.count < YAMLReader.deepest else {
            let line = events.line > 0 ? "line \(events.line + 1): " : ""
            throw YAML.Failure(
                message: "yaml: \(line)exceeded max depth of \(YAMLReader.deepest)", isSyntax: true)
        }
        containers += 1
        if !anchor.isEmpty { anchors[anchor] = .open(container: containers) }
        open.append(
            Container(
                isMapping: isMapping, anchor: anchor, number: containers, isFlow: isFlow, line: events.line,
                column: events.column, first: finished.count))
    }

    private mutating func scalar(
        _ text: Text, _ tag: String, _ anchor: String, _ isPlain: Bool
    ) throws(YAML.Failure) -> Node {
        decoded += 1
        if isPlain, let container = open.last, container.isFlow { try checkQuestionMark(text, container) }
        let scalar = try YAMLScalar(text, tag: tag, isPlain: isPlain)
        var node = Node(
            value: YAMLReader.value(scalar), place: place(events.line, events.column, []), scalar: scalar)
        // encoding/json has neither infinities nor NaN; as keys they are text.
        if case .float(let number) = scalar, !number.isFinite {
            node.fault = note(YAML.Failure(message: "json: unsupported value: \(GoFloat.general(number))"))
        }
        if !anchor.isEmpty { anchors[anchor] = .finished(node) }
        return node
    }

    /// In `[]` and `{}` a question mark ends plain text for go-yaml, and begins a key, which cannot stand there.
    private func checkQuestionMark(_ text: Text, _ container: Container) throws(YAML.Failure) {
        guard text.withBytes({ $0.dropFirst().contains(UInt8(ascii: "?")) }) else { return }
        let line = events.line != 0 ? events.line : container.line
        let words = "did not find expected ',' or '\(container.isMapping ? "}" : "]")'"
        throw YAMLEvents.failure(words, line)
    }

    private func place(_ line: Int, _ column: Int, _ children: [YAML.Place]) -> YAML.Place? {
        marksPlaces ? YAML.Place(line: line + 1, column: column + 1, children: children) : nil
    }

    private mutating func alias(_ name: String) throws(YAML.Failure) -> Node {
        guard let anchored = anchors[name] else { throw YAMLReader.unknownAnchor(name) }
        guard case .finished(let node) = anchored else {
            throw YAML.Failure(message: "yaml: anchor '\(name)' value contains itself")
        }
        decoded += node.size
        aliased += node.size
        try checkAliases()
        return node
    }

    /// go-yaml's guard against documents that are small on disk and huge in memory.
    private func checkAliases() throws(YAML.Failure) {
        guard aliased > 100, decoded > 1000 else { return }
        let low = 400_000.0
        let high = 4_000_000.0
        let count = Double(decoded)
        let allowed = count <= low ? 0.99 : count >= high ? 0.10 : 0.99 - 0.89 * (count - low) / (high - low)
        guard Double(aliased) / count <= allowed else {
            throw YAML.Failure(message: "yaml: document contains excessive aliasing")
        }
    }

    private mutating func close() throws(YAML.Failure) -> Node {
        let container = open.removeLast()
        decoded += 1
        if isForgottenKey(container) { try forget(container) }
        var node = container.isMapping ? try mapping(container) : sequence(container)
        for index in container.first..<finished.count { node.size += finished[index].size }
        finished.removeLast(finished.count - container.first)
        // The same anchor may have been given to something within.
        if case .open(container.number)? = anchors[container.anchor] { anchors[container.anchor] = .finished(node) }
        return node
    }

    /// Whether this is `[]` or `{}` before a colon, which go-yaml forgets may be keys; `? {}` and `&a {}` it knows.
    private func isForgottenKey(_ container: Container) -> Bool {
        guard container.isFlow, container.first == finished.count, let mapping = open.last, mapping.isMapping,
            !mapping.isFlow, container.column == mapping.column, container.anchor.isEmpty, mapping.anchor.isEmpty
        else { return false }
        return (finished.count - mapping.first).isMultiple(of: 2)
    }

    /// As the first key of a document such a key is all of it. As the first of another mapping it is taken for the value
    /// that the mapping would be, behind which neither key nor dash comes.
    private mutating func forget(_ container: Container) throws(YAML.Failure) {
        let isFirst = open.last?.first == finished.count
        if isFirst, open.count == 1 {
            endsEarly = true
            return
        }
        let outer = open.dropLast(isFirst ? 1 : 0)
        let isInSequence =
            outer.last.map { !$0.isMapping && $0.column != outer.dropLast().last?.mappingColumn } ?? false
        let place = YAML.Place(line: container.line + 1, column: container.column + 1)
        throw YAMLEvents.failure(YAMLEvents.missing(inSequence: isInSequence), container.line, place)
    }

    private mutating func note(_ fault: YAML.Failure) -> Int {
        faults.append(fault)
        return faults.count - 1
    }

    private func sequence(_ container: Container) -> Node {
        let children = finished[container.first...]
        let places = marksPlaces ? children.compactMap(\.place) : []
        return Node(
            value: .array(children.map(\.value)), place: place(container.line, container.column, places),
            fault: faults.isEmpty ? nil : children.lazy.compactMap(\.fault).first)
    }

    private mutating func mapping(_ container: Container) throws(YAML.Failure) -> Node {
        if !marksPlaces, faults.isEmpty, let members = plainMembers(container) {
            return Node(value: .object(Object(unsorted: members)), place: nil)
        }
        var members: [(key: Text, node: Node)] = []
        var written: [(key: Text, line: Int)] = []
        var fault: Int?
        for index in stride(from: container.first, to: finished.count - 1, by: 2) {
            let key = finished[index]
            let value = finished[index + 1]
            if case .merge? = key.scalar {
                members += try merged(value)
                continue
            }
            guard let name = try YAMLReader.key(key) else {
                if fault == nil { fault = note(YAMLReader.unsupportedKey(key, latest(key, container))) }
                continue
            }
            members.append((name, value))
            written.append((name, key.place?.line ?? 0))
        }
        var node = object(members, container)
        node.fault = fault ?? (faults.isEmpty ? nil : remaining(members))
        if case .object(let object) = node.value, object.count < members.count { noteDuplicates(written) }
        return node
    }

    /// The members of a mapping, where all keys are texts; nil where others want a closer look.
    private func plainMembers(_ container: Container) -> [Object.Member]? {
        var members: [Object.Member] = []
        members.reserveCapacity((finished.count - container.first) / 2)
        for index in stride(from: container.first, to: finished.count - 1, by: 2) {
            guard case .string(let key)? = finished[index].scalar else { return nil }
            members.append(Object.Member(key: key, value: finished[index + 1].value))
        }
        return members
    }

    /// The value that the last of equal keys has, where the key is one that is refused.
    private func latest(_ key: Node, _ container: Container) -> Value {
        let keys = stride(from: finished.count - 2, through: container.first, by: -2).lazy
        let last = keys.first { index in
            switch (key.scalar, finished[index].scalar) {
            case (.null?, .null?): true
            case (.uint(let one)?, .uint(let other)?): one == other
            default: false
            }
        }
        return last.map { finished[$0 + 1].value } ?? .null
    }

    /// The first fault of what is not written again under the same key.
    private func remaining(_ members: [(key: Text, node: Node)]) -> Int? {
        for (index, member) in members.enumerated() {
            if let fault = member.node.fault, !members[(index + 1)...].contains(where: { $0.key == member.key }) {
                return fault
            }
        }
        return nil
    }

    /// Tells the keys that were written again; those that `<<` brought in may be.
    private mutating func noteDuplicates(_ written: [(key: Text, line: Int)]) {
        var seen: Set<Text> = []
        duplicates += written.filter { !seen.insert($0.key).inserted }
    }

    private func object(_ members: [(key: Text, node: Node)], _ container: Container) -> Node {
        let object = Object(members.map { ($0.key, $0.node.value) })
        guard marksPlaces else { return Node(value: .object(object), place: nil) }
        var last: [Text: YAML.Place] = [:]
        for member in members { last[member.key] = member.node.place }
        let places = object.map { last[$0.key] ?? YAML.Place(line: container.line + 1, column: container.column + 1) }
        return Node(value: .object(object), place: place(container.line, container.column, places))
    }

    /// The members that `<<` brings in; earlier maps of a sequence take precedence, so they come last.
    private func merged(_ node: Node) throws(YAML.Failure) -> [(key: Text, node: Node)] {
        switch node.value {
        case .object(let object):
            return object.enumerated().map { index, member in
                (member.key, Node(value: member.value, place: node.place.map { $0.children[index] }))
            }
        case .array(let elements):
            var members: [(key: Text, node: Node)] = []
            for (index, element) in elements.enumerated().reversed() {
                guard case .object = element else { throw YAMLReader.badMerge }
                members += try merged(Node(value: element, place: node.place.map { $0.children[index] }))
            }
            return members
        default:
            throw YAMLReader.badMerge
        }
    }

    private static let badMerge = YAML.Failure(
        message: "yaml: map merge requires map or sequence of maps as the value")

    private static func value(_ scalar: YAMLScalar) -> Value {
        switch scalar {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .number(Number(value))
        case .uint(let value): return .number(Number(literal: Text(String(value))))
        case .string(let text): return .string(text)
        case .merge: return .string("<<")
        case .float(let value):
            // Refused at the end of the document, for keys may be infinite.
            return Number(value).map(Value.number) ?? .number(Number(literal: Text(GoFloat.general(value))))
        }
    }

    /// sigs.k8s.io/yaml's text of a key, for JSON has only strings there; nil for what it takes for none.
    private static func key(_ node: Node) throws(YAML.Failure) -> Text? {
        guard let scalar = node.scalar else {
            throw YAML.Failure(message: "yaml: invalid map key: \(GoSyntax.text(node.value))")
        }
        switch scalar {
        case .string(let text): return text
        case .merge: return "<<"
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return Text(String(number))
        case .float(let number):
            if number.isNaN { return ".nan" }
            // The text is that of a float32, beyond which much lies.
            let short = Float(number)
            if short.isInfinite { return short < 0 ? "-.inf" : ".inf" }
            return Text(GoFloat.general(short))
        case .null, .uint: return nil
        }
    }

    private static func unsupportedKey(_ node: Node, _ value: Value) -> YAML.Failure {
        if case .uint(let number)? = node.scalar {
            return unsupportedKey("uint64", "0x" + String(number, radix: 16), value)
        }
        return unsupportedKey("%!s(<nil>)", "<nil>", value)
    }

    private static func unsupportedKey(_ type: String, _ key: String, _ value: Value) -> YAML.Failure {
        let shown = value.isNull ? "<nil>" : GoSyntax.text(value)
        return YAML.Failure(message: "unsupported map key of type: \(type), key: \(key), value: \(shown)")
    }
}
