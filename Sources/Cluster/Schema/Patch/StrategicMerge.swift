import Document

/// Strategic merge patch (apimachinery/pkg/util/strategicpatch): a merge patch that knows merge keys and directives.
enum StrategicMerge {
    static let patch: Text = "$patch"
    static let retainKeys: Text = "$retainKeys"
    static let deletePrefix: Text = "$deleteFromPrimitiveList"
    static let orderPrefix: Text = "$setElementOrder"

    static func merge(_ original: Value?, _ change: Value, _ guide: MergeGuide) throws(PatchFailure) -> Value {
        guard case .object(var changes) = change else {
            throw PatchFailure(
                reason: .badRequest,
                message: "json: cannot unmarshal \(change.goKind) into Go value of type map[string]interface {}")
        }
        if let directive = changes[patch] { return try follow(directive, changes) }
        var result = original?.object ?? [:]
        try retain(&result, &changes)
        try mergeOrderedLists(&result, &changes, guide)
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
        default: throw unknownDirective(directive, changes)
        }
    }

    private static func unknownDirective(_ directive: Value, _ changes: Object) -> PatchFailure {
        PatchFailure(
            reason: .internalError,
            message: "unknown patch type: \(GoValue.string(directive)) in map: \(GoValue.text(.object(changes)))")
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
        for member in changes where !member.value.isNull && !member.key.isListDirective {
            guard kept.contains(member.key) else { throw malformed("retainKeys") }
        }
        for key in Array(original.keys) where !kept.contains(key) { original[key] = nil }
    }

    private static func merge(
        _ key: Text, _ value: Value, into result: inout Object, _ guide: MergeGuide
    ) throws(PatchFailure) {
        if key.hasPrefix(deletePrefix) {
            let list = try list(key, after: deletePrefix, "primitive list")
            // A list that goes as a whole, or that is none of those that are merged, is replaced.
            if value.isNull { result[list] = nil }
            guard case .array(let elements)? = result[list], let gone = value.array else { return }
            let isMerged = guide.strategy(list)?.merges == true
            result[list] = .array(isMerged ? elements.filter { !gone.contains($0) } : gone)
            return
        }
        guard !value.isNull else {
            result[key] = nil
            return
        }
        switch (result[key], value) {
        case (.object?, .object) where guide.strategy(key)?.replaces == true: result[key] = value.withoutDirectives
        case (.object?, .object):
            result[key] = try merge(result[key], value, guide.below(key))
        case (.array(let old)?, .array(let new)):
            guard let strategy = guide.strategy(key), strategy.merges else {
                result[key] = value
                return
            }
            result[key] = .array(try StrategicList(guide.below(key), strategy.mergeKey).merge(old, new))
        case (nil, _), (.object?, _), (.array?, _): result[key] = value.withoutDirectives ?? .null
        default: result[key] = value.object != nil || value.array != nil ? value.withoutDirectives ?? .null : value
        }
    }

    private static func elements(_ value: Value) throws(PatchFailure) -> [Value] {
        guard let elements = value.array else {
            throw PatchFailure(
                reason: .internalError,
                message: "expected a []interface {}, but received a \(GoValue.type(value))")
        }
        return elements
    }

    /// Lists that come with `$setElementOrder` are merged and then brought into that order.
    private static func mergeOrderedLists(
        _ original: inout Object, _ changes: inout Object, _ guide: MergeGuide
    ) throws(PatchFailure) {
        for member in changes where member.key.hasPrefix(orderPrefix) {
            changes[member.key] = nil
            let order = try StrategicMerge.elements(member.value)
            let key = try list(member.key, after: orderPrefix, "setElementOrder list")
            let old = try original[key].map(StrategicMerge.elements)
            let new = try changes[key].map(StrategicMerge.elements)
            guard guide.declares(key) else {
                throw PatchFailure(
                    reason: .internalError,
                    message: "unable to find api field in struct \(guide.name) for the json field "
                        + GoQuote.quote(key).string)
            }
            let list = StrategicList(guide.below(key), guide.strategy(key)?.mergeKey)
            if let new { try list.check(new, against: order) }
            let merged: [Value]
            switch (old, new) {
            case (nil, nil): continue
            case (let old?, nil): merged = old
            case (nil, let new?): merged = new.compactMap(\.withoutDirectives)
            case (let old?, let new?):
                merged = guide.strategy(key)?.merges == true ? try list.merge(old, new) : new
            }
            original[key] = .array(list.ordered(merged, by: order, live: old ?? []))
            changes[key] = nil
        }
    }
}

extension Text {
    /// Whether a key orders or shortens a list beside it.
    fileprivate var isListDirective: Bool {
        hasPrefix(StrategicMerge.deletePrefix) || hasPrefix(StrategicMerge.orderPrefix)
    }
}

extension Value {
    /// What is new in an object: without nulls and directives; nil for an element that the patch deletes.
    fileprivate var withoutDirectives: Value? {
        switch self {
        case .array(let elements): return .array(elements.compactMap(\.withoutDirectives))
        case .object(let object):
            if object[StrategicMerge.patch] == "delete" { return nil }
            let members = object.compactMap { member -> (Text, Value)? in
                if member.key == StrategicMerge.patch || member.key == StrategicMerge.retainKeys { return nil }
                if member.key.isListDirective || member.value.isNull { return nil }
                return member.value.withoutDirectives.map { (member.key, $0) }
            }
            return .object(Object(members))
        default: return self
        }
    }
}
