import Document
import Template

/// Under which keys somebody is going to look for a value, so that only these need to be put together.
struct SoughtKeys: Sendable {
    /// All there is.
    static let all = SoughtKeys(isAll: true)

    /// No values are nested as deep: readers of YAML and JSON stop at half of it. What a hostile path asks for is not there.
    private static let deepest = 20_000

    /// The most dependencies to look through, aliases multiplied: all values are put together for a bigger tree of charts.
    private static let most = 300

    private var entries: [Entry] = []
    /// Whether everything below is looked at.
    private var isAll: Bool

    private struct Entry: Sendable {
        let key: Text
        var below: SoughtKeys
    }

    private init(isAll: Bool) { self.isAll = isAll }

    /// What is sought below a key: nothing, where it is not one of them.
    subscript(key: Text) -> SoughtKeys {
        if isAll { return .all }
        return entries.first { $0.key == key }?.below ?? SoughtKeys(isAll: false)
    }

    /// Adds the keys of a path, and what is sought at its end.
    private mutating func insert(_ path: ArraySlice<Text>, _ end: SoughtKeys) {
        guard let key = path.first else {
            isAll = isAll || end.isAll
            for entry in end.entries { insert([entry.key], entry.below) }
            return
        }
        let index = entries.firstIndex { $0.key == key } ?? entries.count
        if index == entries.count { entries.append(Entry(key: key, below: SoughtKeys(isAll: false))) }
        entries[index].below.insert(path.dropFirst(), end)
    }
}

// MARK: - Conditions and tags

extension SoughtKeys {
    /// What decides which subcharts of a chart, and of these in turn, are enabled.
    ///
    /// - Parameter path: what Helm puts before each condition of this chart: the subcharts on the way, with dots.
    init(conditionsOf chart: LoadedChart, path: String) {
        var rest = SoughtKeys.most
        self.init(isAll: SoughtKeys.size(of: chart) > rest)
        if !isAll { insert(conditionsOf: chart, path, &rest) }
    }

    /// The charts of a tree, and the dependencies that they name.
    private static func size(of chart: LoadedChart) -> Int {
        chart.dependencies.reduce(1 + (chart.metadata.dependencies?.count ?? 0)) { $0 + size(of: $1) }
    }

    private mutating func insert(conditionsOf chart: LoadedChart, _ path: String, _ rest: inout Int) {
        guard !isAll, let dependencies = chart.metadata.dependencies else { return }
        rest -= 1 + dependencies.count
        if rest < 0 {
            isAll = true
            return
        }
        insert(["tags"], .all)
        // Each subchart's value has to be a table. What a chart asks for is laid over the values of all.
        insert([], SoughtKeys.names(of: chart))
        for case let dependency? in dependencies {
            for condition in DependencyProcessing.conditions(of: dependency) {
                let keys = DependencyProcessing.keys(of: path + condition)
                if keys.count > SoughtKeys.deepest { continue }
                // Globals are handed down from chart to chart.
                if keys.contains("global") { isAll = true }
                insert(keys[...], SoughtKeys(isAll: false))
            }
        }
        for subchart in chart.dependencies {
            for name in SoughtKeys.names(of: subchart, in: chart) {
                insert(conditionsOf: subchart, path + name + ".", &rest)
            }
        }
    }

    private static func names(of chart: LoadedChart) -> SoughtKeys {
        var names = SoughtKeys(isAll: false)
        for subchart in chart.dependencies {
            let below = SoughtKeys.names(of: subchart)
            for name in SoughtKeys.names(of: subchart, in: chart) { names.insert([Text(name)], below) }
        }
        return names
    }

    /// The names that a subchart has, or is going to have by its aliases.
    private static func names(of subchart: LoadedChart, in chart: LoadedChart) -> [String] {
        var names = [subchart.name]
        for case let dependency? in chart.metadata.dependencies ?? []
        where dependency.name == subchart.name && !dependency.alias.isEmpty {
            names.append(dependency.alias)
        }
        return names
    }
}

// MARK: - What is kept

extension SoughtKeys {
    /// What of an object is sought.
    func kept(of object: Object) -> Object {
        if isAll { return object }
        var kept = Object()
        for entry in entries {
            guard let value = object[entry.key] else { continue }
            kept[entry.key] = value.object.map { .object(entry.below.kept(of: $0)) } ?? value
        }
        return kept
    }

    /// What of a map is sought, in maps that nobody else has.
    func kept(of map: GoMap) -> GoMap {
        if isAll { return map.deepCopy() }
        let kept = GoMap(kind: map.kind, isNil: map.isNil)
        for entry in entries {
            guard let value = map[entry.key] else { continue }
            kept[entry.key] = value.map.map { .map(entry.below.kept(of: $0)) } ?? value
        }
        return kept
    }
}
