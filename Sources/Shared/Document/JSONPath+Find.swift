extension JSONPath {
    /// All values that the path leads to.
    ///
    /// - Throws: where a field or an element is not there, or what it is asked of is no object or list.
    public func find(in value: Value) throws(Failure) -> [Value] { try find(in: value, skipsMissing: false) }

    /// All values that the path leads to; whatever is not there is passed over.
    public func values(in value: Value) -> [Value] { (try? find(in: value, skipsMissing: true)) ?? [] }

    private func find(in value: Value, skipsMissing: Bool) throws(Failure) -> [Value] {
        var current = [value]
        var isSearch = false
        for step in steps {
            var next: [Value] = []
            for value in current {
                do throws(Failure) {
                    next += try JSONPath.take(step, value)
                } catch {
                    // Of all that lies below, only what has the field is meant.
                    guard isSearch || skipsMissing else { throw error }
                }
            }
            isSearch = step == .everything
            current = next
        }
        return current
    }

    private static func take(_ step: Step, _ value: Value) throws(Failure) -> [Value] {
        switch step {
        case .field(let name):
            guard let found = value[name] else { throw Failure(message: "\(name.string) is not found") }
            return [found]
        case .all: return value.object.map { Array($0.values) } ?? value.array ?? []
        case .everything: return [value] + below(value)
        case .index(let index):
            guard let list = value.array else {
                throw Failure(message: "\(JSON.text(value).string) is not array or slice")
            }
            let place = index < 0 ? list.count + index : index
            guard list.indices.contains(place) else {
                throw Failure(message: "array index out of bounds: index \(index), length \(list.count)")
            }
            return [list[place]]
        case .slice(let low, let high): return Array(slice(value.array ?? [], low, high))
        case .filter(let path, let wanted):
            return (value.array ?? []).filter { element in
                guard let wanted else { return element[path: path] != nil }
                return (element[path: path] == wanted.value) == wanted.isEqual
            }
        }
    }

    private static func slice(_ list: [Value], _ low: Int?, _ high: Int?) -> ArraySlice<Value> {
        func bound(_ index: Int?, _ otherwise: Int) -> Int {
            let place = index ?? otherwise
            return max(0, min(list.count, place < 0 ? list.count + place : place))
        }
        let start = bound(low, 0)
        return list[start..<max(start, bound(high, list.count))]
    }

    private static func below(_ value: Value) -> [Value] {
        let children = value.object.map { Array($0.values) } ?? value.array ?? []
        return children.flatMap { [$0] + below($0) }
    }
}
