import Document

/// Strategic merge patch (apimachinery/pkg/util/strategicpatch): a merge patch that knows merge keys and directives.
enum StrategicMerge {
    static let patch: Text = "$patch"
    private static let retainKeys: Text = "$retainKeys"
    private static let deletePrefix: Text = "$deleteFromPrimitiveList"
    private static let orderPrefix: Text = "$setElementOrder"

    static func merge(_ original: Value?, _ change: Value, _ guide: MergeGuide) throws(PatchFailure) -> Value {
        guard case .object(var changes) = change else {
            throw PatchFailure(
                reason: .badRequest,
                message: "json: cannot unmarshal \(change.goKind) into Go value of type map[string]interface {}")
        }
        if let directive = changes[patch] { return try follow(directive, changes) }
        var result = original?.object ?? [:]
        try retain(&result, &changes)
        for key in Array(changes.keys) where key.hasPrefix(orderPrefix) {
            try mergeOrdered(by: key, &result, &changes, guide)
        }
        for member in changes { try merge(member.key, member.value, into: &result, guide) }
        return .object(result)
    }

    /// `$patch: replace` takes the patch as it is, `$patch: delete` empties the map.
    private static func follow(_ directive: Value, _ changes: Object) throws(PatchFailure) -> Value {
        switch directive {
        case "replace":
            var rest = changes
            rest[patch] = nil
            return .object(rest)
        case "delete": return [:]
        default: throw .unknownDirective(directive, .object(changes))
        }
    }

    private static func malformed(_ what: String) -> PatchFailure {
        PatchFailure(reason: .badRequest, message: "invalid patch format of \(what)")
    }

    /// The list that a directive's key names after its slash.
    private static func list(_ key: Text, after prefix: Text, _ what: String) throws(PatchFailure) -> Text {
        guard key.bytes.dropFirst(prefix.count).first == UInt8(ascii: "/") else { throw malformed(what) }
        return Text(bytes: key.bytes.dropFirst(prefix.count + 1))
    }

    /// `$retainKeys` removes what it does not name.
    private static func retain(_ original: inout Object, _ changes: inout Object) throws(PatchFailure) {
        guard let directive = changes.removeValue(forKey: retainKeys) else { return }
        guard let list = directive.array else { throw malformed("retainKeys") }
        let kept = Set(list.compactMap(\.text))
        for member in changes where !member.value.isNull {
            if member.key.hasPrefix(deletePrefix) || member.key.hasPrefix(orderPrefix) { continue }
            guard kept.contains(member.key) else { throw malformed("retainKeys") }
        }
        for key in Array(original.keys) where !kept.contains(key) { original[key] = nil }
    }

    private static func merge(
        _ name: Text, _ value: Value, into result: inout Object, _ guide: MergeGuide
    ) throws(PatchFailure) {
        let deletes = name.hasPrefix(deletePrefix)
        let key = deletes ? try list(name, after: deletePrefix, "primitive list") : name
        guard !value.isNull else {
            result[key] = nil
            return
        }
        guard let old = result[key], GoValue.kind(old) == GoValue.kind(value) else {
            if !deletes { result[key] = value.withoutNulls.withoutDirectives }
            return
        }
        switch (old, value) {
        case (.object, .object):
            let (below, strategy) = try guide.field(key)
            result[key] = strategy?.replaces == true ? value : try merge(old, value, below)
        case (.array(let elements), .array(let changes)):
            let (below, strategy) = try guide.list(key)
            let list = StrategicList(below, strategy?.mergeKey)
            if deletes {
                result[key] = .array(try list.delete(changes, from: elements))
            } else if strategy?.merges == true {
                result[key] = .array(try list.merge(elements, changes))
            } else {
                result[key] = value
            }
        default: result[key] = value
        }
    }

    /// A list that comes with `$setElementOrder` is merged and then brought into that order.
    private static func mergeOrdered(
        by directive: Text, _ original: inout Object, _ changes: inout Object, _ guide: MergeGuide
    ) throws(PatchFailure) {
        let order = try (changes.removeValue(forKey: directive) ?? .null).elements()
        let key = try list(directive, after: orderPrefix, "setElementOrder list")
        let old = try original[key]?.elements()
        let new = try changes[key]?.elements()
        let (below, strategy) = try guide.list(key)
        let list = StrategicList(below, strategy?.mergeKey)
        try list.check(new ?? [], against: order)
        let merged: [Value]
        switch (old, new) {
        case (nil, nil): return
        case (let old?, nil): merged = old
        case (nil, let new?): merged = new.compactMap(\.withoutDirectives)
        case (let old?, let new?): merged = strategy?.merges == true ? try list.merge(old, new) : new
        }
        original[key] = .array(try list.ordered(merged, by: order, live: old ?? [], of: [old ?? [], new ?? []]))
        changes[key] = nil
    }
}

extension PatchFailure {
    /// What upstream has no status of its own for.
    static func unexpected(_ message: String) -> PatchFailure { PatchFailure(reason: .internalError, message: message) }

    static func unknownDirective(_ directive: Value, _ map: Value) -> PatchFailure {
        .unexpected("unknown patch type: \(GoValue.string(directive)) in map: \(GoValue.text(map))")
    }
}

extension Value {
    /// The elements of a list; anything else is refused.
    func elements() throws(PatchFailure) -> [Value] {
        guard let elements = array else {
            throw .unexpected("expected a []interface {}, but received a \(GoValue.type(self))")
        }
        return elements
    }

    /// Without members that are null, however deep.
    fileprivate var withoutNulls: Value {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutNulls))
        case .object(let object):
            .object(Object(object.compactMap { $0.value.isNull ? nil : ($0.key, $0.value.withoutNulls) }))
        default: self
        }
    }

    /// Without the maps that hold `$patch`; nil for one that does. Other directives stay, for whoever reads the object
    /// to refuse.
    fileprivate var withoutDirectives: Value? {
        switch self {
        case .array(let elements): return .array(elements.compactMap(\.withoutDirectives))
        case .object(let object):
            guard object[StrategicMerge.patch] == nil else { return nil }
            return .object(
                Object(object.compactMap { member in member.value.withoutDirectives.map { (member.key, $0) } }))
        default: return self
        }
    }
}
