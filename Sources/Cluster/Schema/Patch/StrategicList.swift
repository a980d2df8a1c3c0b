import Document

/// Merging of lists by a merge key, or of scalars as a set.
struct StrategicList {
    private let guide: MergeGuide
    private let key: Text?

    /// - Parameter guide: that of the elements.
    init(_ guide: MergeGuide, _ key: Text?) {
        self.guide = guide
        self.key = key
    }

    func merge(_ original: [Value], _ change: [Value]) throws(PatchFailure) -> [Value] {
        guard !original.isEmpty || !change.isEmpty else { return original }
        guard try StrategicList.kind(of: [original, change]) == "map" else {
            var seen: Set<Value> = []
            let merged = (original + change).filter { seen.insert($0).inserted }
            return try ordered(merged, by: change, live: original, of: [original, change])
        }
        guard let key else { throw withoutKey }
        let (live, rest) = try followDirectives(original, change, key)
        var merged = live
        for element in rest {
            let value = try identity(element, key)
            if let index = merged.firstIndex(where: { $0[key] == value }) {
                merged[index] = try StrategicMerge.merge(merged[index], element, guide)
            } else {
                merged.append(element)
            }
        }
        return try ordered(merged, by: rest, live: live, of: [original, change])
    }

    /// `$deleteFromPrimitiveList`
    func delete(_ gone: [Value], from original: [Value]) throws(PatchFailure) -> [Value] {
        guard !original.isEmpty || !gone.isEmpty else { return original }
        guard try StrategicList.kind(of: [original, gone]) != "map" else {
            guard key != nil else { throw withoutKey }
            return try merge(original, gone)
        }
        let gone = Set(gone)
        return original.filter { !gone.contains($0) }
    }

    private var withoutKey: PatchFailure { .unexpected("cannot merge lists without merge key for \(guide.kind)") }

    /// The kind that all elements have (sliceElementType).
    private static func kind(of lists: [[Value]]) throws(PatchFailure) -> String {
        let elements = lists.flatMap { $0 }
        guard let first = elements.first else { throw .unexpected("no elements in any of the given slices") }
        let kind = GoValue.kind(first)
        if kind == "slice" {
            throw PatchFailure(reason: .unprocessable, message: "lists of lists are not supported")
        }
        guard elements.allSatisfy({ GoValue.kind($0) == kind }) else {
            let shown = GoValue.text(.array(lists.map(Value.array)))
            throw .unexpected("list element types are not identical: \(shown)")
        }
        return kind
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
                let value = try identity(element, key)
                live.removeAll { $0[key] == value }
            case "replace"?: replaces = true
            case "merge"?: throw .unexpected("merging lists cannot yet be specified in the patch")
            case let other?: throw .unknownDirective(other, element)
            }
        }
        return replaces ? (rest, []) : (live, rest)
    }

    // MARK: Order

    /// The elements that `order` names in its order, the others where the live list had them.
    ///
    /// - Parameter lists: what was merged, whose elements must be of one kind.
    func ordered(
        _ merged: [Value], by order: [Value], live: [Value], of lists: [[Value]]
    ) throws(PatchFailure) -> [Value] {
        var named: [Value] = []
        var others: [Value] = []
        for element in merged {
            if try isNamed(element, in: order) { named.append(element) } else { others.append(element) }
        }
        if try StrategicList.kind(of: lists) == "map" {
            for element in named + order + others + live { _ = try identity(element, key ?? "") }
        }
        let standing = ranks(live)
        return joined(sorted(others, by: standing)[...], sorted(named, by: ranks(order))[...], standing)
    }

    private func isNamed(_ element: Value, in order: [Value]) throws(PatchFailure) -> Bool {
        guard let key else { return order.contains(element) }
        let value = try identity(element, key)
        for (index, other) in order.enumerated() {
            guard other.object != nil else { throw .unexpected("value for key \(index) is not a map") }
            if other[key] == value { return true }
        }
        return false
    }

    /// Elements that the patch does not name go before those that it names where the live list had them so.
    private func joined(
        _ left: ArraySlice<Value>, _ right: ArraySlice<Value>, _ standing: [Value: Int]
    ) -> [Value] {
        var (left, right) = (left, right)
        var result: [Value] = []
        while let l = left.first, let r = right.first {
            if let a = standing[mark(l)], let b = standing[mark(r)], a < b {
                result.append(left.removeFirst())
            } else {
                result.append(right.removeFirst())
            }
        }
        return result + left + right
    }

    /// Elements by their ranks, and those that the patch deletes at the end. What has no rank goes before all that stood
    /// before it, as Go's insertion sort leaves it under upstream's comparison.
    private func sorted(_ elements: [Value], by ranks: [Value: Int]) -> [Value] {
        var result: [Value] = []
        let deleted = elements.filter { $0[StrategicMerge.patch] == "delete" }
        for element in elements where element[StrategicMerge.patch] != "delete" {
            var place = result.count
            while place > 0, precedes(element, result[place - 1], ranks) { place -= 1 }
            result.insert(element, at: place)
        }
        return result + deleted
    }

    private func precedes(_ a: Value, _ b: Value, _ ranks: [Value: Int]) -> Bool {
        guard let x = ranks[mark(a)], let y = ranks[mark(b)] else { return true }
        return x < y
    }

    /// What an element is known by; null for one without its key.
    private func mark(_ element: Value) -> Value {
        guard let key, element.object != nil else { return element }
        return element[key] ?? .null
    }

    private func ranks(_ list: [Value]) -> [Value: Int] {
        Dictionary(list.enumerated().map { (mark($1), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What an element is known by; an element without it is refused.
    private func identity(_ element: Value, _ key: Text) throws(PatchFailure) -> Value {
        guard element.object != nil else {
            throw .unexpected("expected a map[string]interface {}, but received a \(GoValue.type(element))")
        }
        guard let value = element[key] else {
            throw .unexpected("map: \(GoValue.text(element)) does not contain declared merge key: \(key)")
        }
        return value
    }

    /// The patch's elements have to stand in the order that `$setElementOrder` gives (validatePatchWithSetOrderList).
    func check(_ change: [Value], against order: [Value]) throws(PatchFailure) {
        guard !order.isEmpty, !change.isEmpty else { return }
        var rest = change[...]
        if key != nil {
            for element in change where element.object == nil {
                throw .unexpected("expected a map[string]interface {}, but received a \(GoValue.type(element))")
            }
            rest = change.filter { $0[StrategicMerge.patch] != "delete" }[...]
        }
        var wanted = order[...]
        while let element = rest.first, let other = wanted.first {
            if element[StrategicMerge.patch] != nil {
                rest.removeFirst()
                continue
            }
            if try isSame(element, other) { rest.removeFirst() }
            wanted.removeFirst()
        }
        guard rest.isEmpty || !wanted.isEmpty else {
            throw .unexpected(
                "The order in patch list:\n\(GoValue.text(.array(change)))\n doesn't match $setElementOrder list:\n"
                    + "\(GoValue.text(.array(order)))\n")
        }
    }

    private func isSame(_ element: Value, _ other: Value) throws(PatchFailure) -> Bool {
        guard let key else { return element == other }
        guard element.object != nil, other.object != nil else {
            let odd = element.object == nil ? element : other
            throw .unexpected("expected a map[string]interface {}, but received a \(GoValue.type(odd))")
        }
        return try identity(element, key) == identity(other, key)
    }
}
