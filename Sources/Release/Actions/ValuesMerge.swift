import Document

/// How the values of a revision are laid over others (pkg/chart/common/util: CoalesceTables, CoalesceValues).
enum ValuesMerge {
    /// `upper` over `lower`; null in `upper` takes the key away.
    static func tables(_ upper: Object, over lower: Object) -> Object {
        var result = Object(upper.filter { !$0.value.isNull }.map { ($0.key, $0.value) })
        for member in lower {
            switch (upper[member.key], member.value) {
            case (nil, let value): result[member.key] = value
            case (.object(let mine)?, .object(let theirs)): result[member.key] = .object(tables(mine, over: theirs))
            default: break
            }
        }
        return result
    }

    /// A stored chart's values under those that the user gave: `COMPUTED VALUES`. Null takes away only what the chart has.
    static func computed(_ chart: StoredChart?, _ config: Object) -> Object {
        let defaults = chart?.values.object ?? [:]
        let unknown = config.filter { $0.value.isNull && defaults[$0.key] == nil }
        var result = tables(config, over: defaults)
        for member in unknown { result[member.key] = .null }
        return result
    }
}
