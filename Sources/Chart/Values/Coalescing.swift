import Document
import Template

/// Puts values together by Helm's rules: those from above win, objects are merged, all else is replaced.
///
/// *Coalescing* drops keys that a null takes back; *merging* keeps the nulls, for a later coalescing to act on.
struct Coalescing {
    /// Keeps nulls.
    let merges: Bool
    /// What Helm says on the way; told to the user as warnings.
    private(set) var warnings: [String] = []

    init(merges: Bool) { self.merges = merges }

    /// A subchart whose values are no table.
    struct Mismatch: Error {
        let message: String
    }

    /// The values of a chart and its subcharts under what the user gave, as far as they are sought.
    mutating func values(
        _ chart: LoadedChart, _ user: GoMap, only sought: SoughtKeys = .all
    ) throws(Mismatch) -> GoMap {
        let copy = sought.kept(of: user)
        try coalesce(chart, copy, "", sought)
        return copy
    }

    private mutating func coalesce(
        _ chart: LoadedChart, _ target: GoMap, _ prefix: String, _ sought: SoughtKeys
    ) throws(Mismatch) {
        chartValues(chart, sought.kept(of: chart.values), target, prefix)
        for subchart in chart.dependencies {
            let key = Text(subchart.name)
            let inner: GoMap
            switch target[key] {
            case nil:
                inner = GoMap()
                target[key] = .map(inner)
            case .map(let map)?: inner = map
            case let other?:
                throw Mismatch(message: "type mismatch on \(subchart.name): \(other.printed(verb: "t").string)")
            }
            let path = Coalescing.join(prefix, chart.name)
            globals(inner, target, path)
            try coalesce(subchart, inner, path, sought[key])
        }
    }

    private static func join(_ prefix: String, _ key: String) -> String { prefix.isEmpty ? key : "\(prefix).\(key)" }

    // MARK: - Globals

    /// Copies the globals of `source` into those of `target`; what comes from above wins.
    private mutating func globals(_ target: GoMap, _ source: GoMap, _ prefix: String) {
        let below: GoMap
        switch target["global"] {
        case nil: below = GoMap()
        case .map(let map)?: below = map
        default:
            return warnings.append("warning: skipping globals because destination global is not a table.")
        }
        let above: GoMap
        switch source["global"] {
        case nil: above = GoMap()
        case .map(let map)?: above = map
        default: return warnings.append("warning: skipping globals because source global is not a table.")
        }
        for entry in above.entries { global(entry, below, prefix) }
        target["global"] = .map(below)
    }

    private mutating func global(_ entry: GoMap.Entry, _ below: GoMap, _ prefix: String) {
        let key = entry.key
        guard case .map(let table) = entry.value else {
            if case .map? = below[key] {
                return warnings.append("key \(key.string) is table. Skipping")
            }
            below[key] = entry.value
            return
        }
        let copy = table.copy()
        switch below[key] {
        case nil: below[key] = .map(copy)
        case .map(let inner)?:
            tables(copy, inner, Coalescing.join(prefix, key.string), merges: true)
            below[key] = .map(copy)
        default:
            warnings.append("Conflict: cannot merge map onto non-map for \(Text(key.string).quoted). Skipping.")
        }
    }

    // MARK: - Values of one chart

    /// Lays the chart's own values under those that are there.
    private mutating func chartValues(_ chart: LoadedChart, _ own: Object, _ target: GoMap, _ prefix: String) {
        let path = Coalescing.join(prefix, chart.name)
        for entry in GoMap(own).entries {
            let key = entry.key
            guard let value = target[key] else {
                if !merges {
                    if entry.value.isNil { continue }
                    if case .map(let map) = entry.value { Coalescing.removeNils(map) }
                }
                target[key] = entry.value
                continue
            }
            if value.isNil, !merges {
                target[key] = nil
            } else if case .map(let table) = value {
                chartTable(chart, entry, table, path)
            }
        }
    }

    private mutating func chartTable(_ chart: LoadedChart, _ entry: GoMap.Entry, _ table: GoMap, _ path: String) {
        let full = Coalescing.join(path, entry.key.string)
        guard case .map(let source) = entry.value else {
            if !entry.value.isNil { warnings.append("warning: skipped value for \(full): Not a table.") }
            return
        }
        // The values of a subchart keep their nulls until it is that chart's turn.
        let isSubchart = chart.dependencies.contains { Text($0.name) == entry.key }
        let keeps = merges || isSubchart
        if !keeps { Coalescing.removeNils(source) }
        tables(table, source, full, merges: keeps)
    }

    static func removeNils(_ map: GoMap) {
        for entry in map.entries {
            if entry.value.isNil {
                map[entry.key] = nil
            } else if case .map(let inner) = entry.value {
                removeNils(inner)
            }
        }
    }

    // MARK: - Tables

    /// Merges `source` into `target`, which wins.
    mutating func tables(_ target: GoMap, _ source: GoMap, _ prefix: String = "", merges: Bool) {
        // The defaults that a null takes away.
        var given = TextTable<Bool>()
        for entry in target.entries where entry.value.isNil {
            if source[entry.key]?.isNil == false { given.set(entry.key, true) }
            source[entry.key] = .null
        }
        for entry in source.entries {
            let full = Coalescing.join(prefix, entry.key.string)
            switch (target[entry.key], entry.value) {
            case (nil, _): target[entry.key] = entry.value
            case (.null?, _) where !merges && given[entry.key] != nil: target[entry.key] = nil
            case (.map(let inner)?, .map(let table)): tables(inner, table, full, merges: merges)
            case (_, .map):
                warnings.append(
                    "warning: cannot overwrite table with non table for \(full) (\(entry.value.printed.string))")
            case (.map?, _) where !entry.value.isNil:
                warnings.append(
                    "warning: destination for \(full) is a table. Ignoring non-table value (\(entry.value.printed.string))"
                )
            default: continue
            }
        }
    }
}
