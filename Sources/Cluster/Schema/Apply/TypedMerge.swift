import Document

/// Merging and removing by shape (structured-merge-diff's Merge and RemoveItems).
enum TypedMerge {
    /// `live` with the values of `configuration`, lists merged by key; null and what is empty leave a map or list as it is.
    static func merge(_ live: Value?, _ configuration: Value?, _ shape: MergeShape) -> Value {
        guard let configuration else { return live ?? .null }
        guard let live else { return configuration }
        switch shape.form(of: live, or: configuration) {
        case .map where configuration.object != nil || configuration.isNull:
            let (left, right) = (live.object ?? [:], configuration.object ?? [:])
            guard !left.isEmpty, !right.isEmpty else { return left.isEmpty ? configuration : live }
            var result = left
            for member in right {
                result[member.key] = merge(result[member.key], member.value, shape.below(.field(member.key)))
            }
            return .object(result)
        case .list(let merge) where configuration.array != nil || configuration.isNull:
            let (left, right) = (live.array ?? [], configuration.array ?? [])
            guard !left.isEmpty, !right.isEmpty else { return left.isEmpty ? configuration : live }
            return .array(mergeLists(left, right, shape, merge))
        case .leaf, .map, .list: return configuration
        }
    }

    /// Elements keep the order of the configuration, and those that only the live list has stay where they stood.
    private static func mergeLists(
        _ left: [Value], _ right: [Value], _ shape: MergeShape, _ merge: ListMerge
    ) -> [Value] {
        let lefts = left.map { shape.element(of: $0, merge) }
        let rights = right.map { shape.element(of: $0, merge) }
        let leftIndex = Dictionary(zip(lefts, left.indices), uniquingKeysWith: { first, _ in first })
        let rightSet = Set(rights)
        var shared = rights.filter { leftIndex[$0] != nil }[...]
        var merged: Set<PathElement?> = []
        var result: [Value] = []
        var (l, r) = (0, 0)
        func take(_ element: PathElement?) {
            merged.insert(element)
            let counterpart = leftIndex[element].map { left[$0] }
            let inner = element.map { shape.below($0) } ?? MergeShape(.any)
            result.append(TypedMerge.merge(counterpart, right[r], inner))
            r += 1
            if let next = shared.first, next == element { shared = shared.dropFirst() }
        }
        while l < left.count || r < right.count {
            if l < left.count, r < right.count {
                if lefts[l] == rights[r] {
                    take(lefts[l])
                    l += 1
                    continue
                }
                if rightSet.contains(lefts[l]), let next = shared.first, next != lefts[l] {
                    l += 1
                    continue
                }
            }
            if l < left.count {
                if !rightSet.contains(lefts[l]) {
                    result.append(left[l])
                    l += 1
                    continue
                }
                if merged.contains(lefts[l]) { l += 1 }
            }
            if r < right.count { take(rights[r]) }
        }
        return result
    }

    /// The value without the members of `removed`; a map or list of which nothing is left stays, empty.
    static func remove(_ removed: FieldSet, from value: Value, _ shape: MergeShape) -> Value {
        switch (shape.form(of: value), value) {
        case (.map, .object(let object)):
            var members: [Object.Member] = []
            for member in object {
                let element = PathElement.field(member.key)
                guard !removed.has(element) else { continue }
                let rest = keep(member.value, element, removed, shape)
                members.append(Object.Member(key: member.key, value: rest))
            }
            return .object(Object(unsorted: members))
        case (.list(let merge), .array(let items)):
            let rest = items.compactMap { item -> Value? in
                guard let element = shape.element(of: item, merge) else { return item }
                return removed.has(element) ? nil : keep(item, element, removed, shape)
            }
            return .array(rest)
        default: return value
        }
    }

    private static func keep(
        _ value: Value, _ element: PathElement, _ removed: FieldSet, _ shape: MergeShape
    ) -> Value {
        let below = removed.below(element)
        return below.isEmpty ? value : remove(below, from: value, shape.below(element))
    }
}
