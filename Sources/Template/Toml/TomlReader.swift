import Document

/// Reads TOML as BurntSushi's decoder reads it into a map, with its words for what is wrong.
struct TomlReader {
    /// Why a text is no TOML.
    struct Failure: Error {
        let message: String
    }

    var scanner: TomlScanner
    private let root = GoMap()
    /// The table that a `[head]` opened last.
    private var table: GoMap
    /// The path of that table, for error texts.
    private var context: [String] = []
    /// How much of that path a `[head]` named, which is quoted there.
    private var headCount = 0
    private var key: String?
    /// Which tables and arrays may not be written again, by identity.
    private var closed: Set<ObjectIdentifier> = []

    private init(_ bytes: [UInt8]) {
        scanner = TomlScanner(bytes)
        table = root
    }

    /// Reads a whole text.
    static func read(_ text: Text) throws(Failure) -> GoMap {
        let bytes = text.bytes
        if bytes.prefix(6).contains(0) {
            let words = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8"
            throw Failure(message: "toml: line 1: \(words)")
        }
        var reader = TomlReader(bytes)
        do throws(TomlScanner.Fault) {
            try reader.document()
        } catch {
            let head = TomlReader.shown(Array(reader.context[..<reader.headCount]))
            let keys = reader.context[reader.headCount...] + (reader.key.map { [$0] } ?? [])
            let path = ((reader.headCount == 0 ? [] : [head]) + keys).joined(separator: ".")
            let place = path.isEmpty ? "" : " (last key \(GoQuote.quote(Text(path)).string))"
            throw Failure(message: "toml: line \(error.line)\(place): \(error.message)")
        }
        return reader.root
    }

    private mutating func document() throws(TomlScanner.Fault) {
        while true {
            try scanner.skipBlankLines()
            guard let next = scanner.peek else { return }
            if next == "[" { try head() } else { try pair(into: table, end: nil) }
            try scanner.endOfLine()
        }
    }

    // MARK: - Tables

    private mutating func head() throws(TomlScanner.Fault) {
        scanner.skip()
        let isArray = scanner.peek == "["
        if isArray { scanner.skip() }
        let path = try scanner.tableName(isArray: isArray)
        (context, headCount) = ([], 0)
        var parent = root
        for part in path.dropLast() {
            parent = try descend(parent, part, path)
            context.append(part)
            headCount += 1
        }
        let last = Text(path.last ?? "")
        table = isArray ? try appended(parent, last, path) : try opened(parent, last, path)
        (context, headCount) = (path, path.count)
    }

    private func descend(_ parent: GoMap, _ part: String, _ path: [String]) throws(TomlScanner.Fault) -> GoMap {
        switch parent[Text(part)] {
        case nil:
            let inner = GoMap()
            parent[Text(part)] = .map(inner)
            return inner
        case .map(let inner)?: return inner
        case .list(let list)? where list.type == .map:
            if let inner = list.elements.last?.map { return inner }
            throw defined(path)
        default: throw defined(path)
        }
    }

    private mutating func opened(
        _ parent: GoMap, _ name: Text, _ path: [String]
    ) throws(TomlScanner.Fault) -> GoMap {
        let inner: GoMap
        switch parent[name] {
        case nil:
            inner = GoMap()
            parent[name] = .map(inner)
        case .map(let map)? where !closed.contains(ObjectIdentifier(map)): inner = map
        default: throw defined(path)
        }
        closed.insert(ObjectIdentifier(inner))
        return inner
    }

    private mutating func appended(
        _ parent: GoMap, _ name: Text, _ path: [String]
    ) throws(TomlScanner.Fault) -> GoMap {
        let inner = GoMap()
        switch parent[name] {
        case nil: parent[name] = .list(GoList([.map(inner)], type: .map))
        case .list(let list)? where list.type == .map:
            parent[name] = .list(GoList(list.elements + [.map(inner)], type: .map))
        default:
            throw scanner.fault("Key '\(TomlReader.shown(path))' was already created and cannot be used as an array.")
        }
        return inner
    }

    private func defined(_ path: [String]) -> TomlScanner.Fault {
        scanner.fault("Key '\(TomlReader.shown(path))' has already been defined.")
    }

    /// A path of keys as it has to be written, with quotes where a key is not a bare one.
    private static func shown(_ path: [String]) -> String {
        path.map { part in
            let isBare = !part.isEmpty && part.unicodeScalars.allSatisfy(TomlScanner.isBare)
            return isBare ? part : "\"\(part.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        }.joined(separator: ".")
    }

    // MARK: - Pairs

    /// - Parameter follow: looks at what stands behind the pair, while that is still the one that faults name.
    private mutating func pair(
        into target: GoMap, end: Unicode.Scalar?,
        follow: (inout TomlScanner) throws(TomlScanner.Fault) -> Void = { _ throws(TomlScanner.Fault) in }
    ) throws(TomlScanner.Fault) {
        let path = try scanner.key()
        let outer = (context, key)
        if let key { context.append(key) }
        var parent = target
        for (depth, part) in path.dropLast().enumerated() {
            guard case .map(let inner) = parent[Text(part)] ?? .map(GoMap()) else {
                (context, key) = (context + path[depth...].dropLast(), path.last)
                throw defined(Array(path[...depth]))
            }
            parent[Text(part)] = .map(inner)
            closed.insert(ObjectIdentifier(inner))
            parent = inner
            context.append(part)
        }
        let name = path.last ?? ""
        key = name
        let value = try value(end)
        if parent[Text(name)] != nil { throw defined(context + [name]) }
        parent[Text(name)] = value
        try follow(&scanner)
        (context, key) = outer
    }

    private mutating func value(_ end: Unicode.Scalar?) throws(TomlScanner.Fault) -> GoValue {
        scanner.skipBlanks()
        switch scanner.peek {
        case "[": return try array()
        case "{": return try inlineTable()
        case "\"", "'": return .string(try scanner.string())
        default: return try TomlScalar.read(&scanner, end)
        }
    }

    private mutating func array() throws(TomlScanner.Fault) -> GoValue {
        scanner.skip()
        var elements: [GoValue] = []
        while true {
            try scanner.skipBlankLines()
            if scanner.peek == "]" { break }
            if scanner.peek == "," { throw scanner.fault("unexpected comma") }
            elements.append(try value("]"))
            try scanner.skipBlankLines()
            switch scanner.peek {
            case ",": scanner.skip()
            case "]": continue
            case nil: throw scanner.fault("unexpected EOF; expected array terminator")
            case let other?:
                let shown = TomlScanner.shown(other)
                throw scanner.fault("expected a comma (',') or array terminator (']'), but got \(shown)")
            }
        }
        scanner.skip()
        return .list(elements)
    }

    /// A pair of an inline table up to what has to follow it.
    private mutating func item(into table: GoMap) throws(TomlScanner.Fault) {
        try pair(into: table, end: "}") { scanner throws(TomlScanner.Fault) in
            try scanner.skipBlankLines()
            if scanner.peek == "}" { return }
            if scanner.take(",") {
                try scanner.skipBlankLines()
                if scanner.peek == "," { throw scanner.fault("unexpected comma") }
                return
            }
            let shown = scanner.peek.map(TomlScanner.shown) ?? "end of file"
            throw scanner.fault("expected a comma or an inline table terminator '}', but got \(shown) instead")
        }
    }

    private mutating func inlineTable() throws(TomlScanner.Fault) -> GoValue {
        scanner.skip()
        let table = GoMap()
        try scanner.skipBlankLines()
        while scanner.peek != "}" {
            if scanner.peek == "," { throw scanner.fault("unexpected comma") }
            if scanner.peek == nil { throw scanner.fault("unexpected '=': key name appears blank") }
            try item(into: table)
        }
        scanner.skip()
        closed.insert(ObjectIdentifier(table))
        return .map(table)
    }
}
