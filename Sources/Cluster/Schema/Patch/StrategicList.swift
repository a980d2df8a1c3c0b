import Document

/// Merging of lists by a merge key, or of scalars as a set.
struct StrategicList {
    private let guide: MergeGuide
    private let key: Text?

    init(_ guide: MergeGuide, _ key: Text?) {
        self.guide = guide
        self.key = key
    }

    func merge(_ original: [Value], _ change: [Value]) throws(PatchFailure) -> [Value] {
        guard let first = original.first ?? change.first else { return original }
        let kind = GoValue.kind(first)
        if kind == "slice" {
            throw PatchFailure(reason: .unprocessable, message: "lists of lists are not supported")
        }
        guard (original + change).allSatisfy({ GoValue.kind($0) == kind }) else {
            let lists: Value = [.array(original), .array(change)]
            throw PatchFailure(
                reason: .internalError, message: "list element types are not identical: \(GoValue.text(lists))")
        }
        guard kind == "map" else { return mergeScalars(original, change) }
        guard let key else {
            throw PatchFailure(
                reason: .internalError, message: "cannot merge lists without merge key for type struct")
        }
        let (live, rest) = try followDirectives(original, change, key)
        var merged = live
        for element in rest {
            guard let value = element[key] else { throw missingKey(element, key) }
            if let index = merged.firstIndex(where: { $0[key] == value }) {
                merged[index] = try StrategicMerge.merge(merged[index], element, guide)
            } else {
                merged.append(element)
            }
        }
        return ordered(merged, by: rest, live: live)
    }

    private func missingKey(_ element: Value, _ key: Text) -> PatchFailure {
        PatchFailure(
            reason: .internalError, message: "map: \(GoValue.text(element)) does not contain declared merge key: \(key)"
        )
    }

    private func mergeScalars(_ original: [Value], _ change: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return ordered((original + change).filter { seen.insert($0).inserted }, by: change, live: original)
    }

    /// Takes `$patch` elements out: they delete elements, or everything that was there.
    private func followDirectives(
        _ original: [Value], _ change: [Value], _ key: Text
    ) throws(PatchFailure) -> (live: [Value], rest: [Value]) {
        var live = original
        var rest: [Value] = []
        var replaces = false
        for element in change {
            switch element[StrategicMerge.patch] {
            case nil: rest.append(element)
            case "delete"?:
                guard let value = element[key] else { throw missingKey(element, key) }
                live.removeAll { $0[key] == value }
            case "replace"?: replaces = true
            case "merge"?:
                throw PatchFailure(
                    reason: .internalError, message: "merging lists cannot yet be specified in the patch")
            case let other?:
                throw PatchFailure(
                    reason: .internalError,
                    message: "unknown patch type: \(GoValue.string(other)) in map: \(GoValue.text(element))")
            }
        }
        return replaces ? (rest, []) : (live, rest)
    }

    /// The elements that `order` names in its order, the others where the live list had them.
    func ordered(_ merged: [Value], by order: [Value], live: [Value]) -> [Value] {
        let wanted = ranks(order)
        let standing = ranks(live)
        let named = merged.filter { wanted[identity($0)] != nil }
        let others = merged.filter { wanted[identity($0)] == nil }
        var right = named.enumerated().sorted { a, b in
            let (x, y) = (wanted[identity(a.element)] ?? 0, wanted[identity(b.element)] ?? 0)
            return (x, a.offset) < (y, b.offset)
        }.map(\.element)[...]
        var left = others.enumerated().sorted { a, b in
            let (x, y) = (standing[identity(a.element)] ?? Int.max, standing[identity(b.element)] ?? Int.max)
            return (x, a.offset) < (y, b.offset)
        }.map(\.element)[...]
        var result: [Value] = []
        while let l = left.first, let r = right.first {
            if let a = standing[identity(l)], let b = standing[identity(r)], a < b {
                result.append(left.removeFirst())
            } else {
                result.append(right.removeFirst())
            }
        }
        return result + left + right
    }

    private func identity(_ element: Value) -> Value { key.flatMap { element[$0] } ?? element }

    private func ranks(_ list: [Value]) -> [Value: Int] {
        Dictionary(list.enumerated().map { (identity($1), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The patch's elements have to stand in the order that `$setElementOrder` gives.
    func check(_ change: [Value], against order: [Value]) throws(PatchFailure) {
        let wanted = ranks(order)
        var last = -1
        for element in change where element[StrategicMerge.patch] == nil {
            guard let rank = wanted[identity(element)], rank >= last else {
                throw PatchFailure(
                    reason: .internalError,
                    message: "The order in patch list:\n\(GoValue.text(.array(change)))\n doesn't match "
                        + "$setElementOrder list:\n\(GoValue.text(.array(order)))\n")
            }
            last = rank
        }
    }
}
