import Document

/// One operation of RFC 6902, as evanphx/json-patch carries it out.
enum JSONPatch {
    /// What kube-apiserver takes at most in one patch.
    static let maximumOperations = 10_000

    static func apply(_ operation: Value, to document: Value) throws(PatchFailure) -> Value {
        let name = operation["op"]?.string ?? ""
        let path = try pointer(operation, "path")
        switch name {
        case "add": return try add(try value(operation), at: path, to: document)
        case "remove": return try edit(document, path, "remove") { _ throws(PatchFailure) in nil }
        case "replace":
            let value = try value(operation)
            // evanphx/json-patch 4 does not mind when the key of an object was not there.
            if let parent = read(document, path.dropLast()), parent.object != nil, !path.isEmpty {
                return try add(value, at: path, to: document)
            }
            return try edit(document, path, "replace") { _ throws(PatchFailure) in value }
        case "move", "copy":
            let from = try pointer(operation, "from")
            guard let moved = read(document, from) else { throw missing(from, name) }
            let rest = name == "copy" ? document : try edit(document, from, name) { _ throws(PatchFailure) in nil }
            return try add(moved, at: path, to: rest)
        case "test":
            let parent = read(document, path.dropLast()) ?? .null
            guard parent.object != nil || parent.array != nil else { throw missing(path, name) }
            guard (read(document, path) ?? .null) == (operation["value"] ?? .null) else {
                throw PatchFailure(
                    reason: .unprocessable, message: "testing value \(text(path)) failed: test failed")
            }
            return document
        default:
            throw PatchFailure(reason: .unprocessable, message: "Unexpected kind: \(name)")
        }
    }

    private static func value(_ operation: Value) throws(PatchFailure) -> Value { operation["value"] ?? .null }

    private static func pointer(_ operation: Value, _ key: Text) throws(PatchFailure) -> [Text] {
        guard let text = operation[key]?.string else {
            throw PatchFailure(reason: .unprocessable, message: "operation missing \(key) field: missing value")
        }
        guard text.isEmpty || text.hasPrefix("/") else {
            throw PatchFailure(reason: .unprocessable, message: "operation does not apply: missing path \(text)")
        }
        return text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            Text(unescaped(String(part)))
        }
    }

    /// `~1` is a slash and `~0` a tilde.
    private static func unescaped(_ part: String) -> String {
        var result = ""
        var rest = Substring(part)
        while let tilde = rest.firstIndex(of: "~") {
            result += rest[..<tilde]
            let code = rest[tilde...].dropFirst().first
            result += code == "1" ? "/" : code == "0" ? "~" : "~"
            rest = rest[tilde...].dropFirst(code == "0" || code == "1" ? 2 : 1)
        }
        return result + rest
    }

    private static func text(_ path: [Text]) -> String { path.map { "/\($0)" }.joined() }

    private static func missing(_ path: [Text], _ operation: String) -> PatchFailure {
        PatchFailure(
            reason: .unprocessable,
            message: "\(operation) operation does not apply: doc is missing path: \(text(path)): missing value")
    }

    private static func read(_ document: Value, _ path: some Sequence<Text>) -> Value? {
        var value = document
        for step in path {
            switch value {
            case .object(let object):
                guard let next = object[step] else { return nil }
                value = next
            case .array(let elements):
                guard let index = index(step, count: elements.count), index < elements.count else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    private static func index(_ step: Text, count: Int) -> Int? {
        guard let index = Int(step.string) else { return nil }
        // evanphx/json-patch counts negative indices from the end.
        let place = index < 0 ? index + count : index
        return place >= 0 && place <= count ? place : nil
    }

    /// Replaces the value at a path that has to exist; nil removes it.
    private static func edit(
        _ document: Value, _ path: [Text], _ operation: String,
        _ change: (Value) throws(PatchFailure) -> Value?
    ) throws(PatchFailure) -> Value {
        guard let last = path.last else { return try change(document) ?? .null }
        return try within(document, path.dropLast(), path, operation) { parent throws(PatchFailure) in
            switch parent {
            case .object(var object):
                guard let old = object[last] else { throw missing(path, operation) }
                object[last] = try change(old)
                return .object(object)
            case .array(var elements):
                guard let index = index(last, count: elements.count), index < elements.count else {
                    throw missing(path, operation)
                }
                if let new = try change(elements[index]) { elements[index] = new } else { elements.remove(at: index) }
                return .array(elements)
            default: throw missing(path, operation)
            }
        }
    }

    private static func add(_ value: Value, at path: [Text], to document: Value) throws(PatchFailure) -> Value {
        guard let last = path.last else { return value }
        return try within(document, path.dropLast(), path, "add") { parent throws(PatchFailure) in
            switch parent {
            case .object(var object):
                object[last] = value
                return .object(object)
            case .array(var elements):
                guard let place = last == "-" ? elements.count : index(last, count: elements.count) else {
                    throw PatchFailure(
                        reason: .unprocessable,
                        message:
                            "add operation does not apply: doc is missing path: \"\(text(path))\": invalid index referenced"
                    )
                }
                elements.insert(value, at: place)
                return .array(elements)
            default: throw missing(path, "add")
            }
        }
    }

    /// Changes the value at the end of a path, remaking what is around it.
    private static func within(
        _ document: Value, _ path: ArraySlice<Text>, _ whole: [Text], _ operation: String,
        _ change: (Value) throws(PatchFailure) -> Value
    ) throws(PatchFailure) -> Value {
        guard let first = path.first else { return try change(document) }
        switch document {
        case .object(var object):
            guard let child = object[first] else { throw missing(whole, operation) }
            object[first] = try within(child, path.dropFirst(), whole, operation, change)
            return .object(object)
        case .array(var elements):
            guard let index = index(first, count: elements.count), index < elements.count else {
                throw missing(whole, operation)
            }
            elements[index] = try within(elements[index], path.dropFirst(), whole, operation, change)
            return .array(elements)
        default: throw missing(whole, operation)
        }
    }
}
