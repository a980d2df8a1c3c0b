public import Document

/// A value and what it was before, as far as a schema tells which part was which (apiserver's cel/common.CorrelatedObject).
///
/// Used by one validation alone, so that it remembers what it has compared.
public final class Correlation {
    public let new: Value
    public let old: Value
    private let schema: Structural
    private var isSame: Bool?
    private var known: [[Value?]: Value]?

    init(_ new: Value, _ old: Value, _ schema: Structural) {
        self.new = new
        self.old = old
        self.schema = schema
    }

    /// The member of that name; nil where there was none, or where the schema does not know it.
    public func key(_ name: Text) -> Correlation? {
        guard let before = old.object?[name], let after = new.object?[name], let part = schema.member(name) else {
            return nil
        }
        return Correlation(after, before, part)
    }

    /// The element at that index; nil where nobody can tell which it was.
    public func index(_ index: Int) -> Correlation? {
        guard case .map(let keys) = schema.list, let items = schema.items, let after = new.array,
            after.indices.contains(index), let old = before(after[index], keys)
        else { return nil }
        return Correlation(after[index], old, items)
    }

    /// By a table, for lists may be long.
    private func before(_ element: Value, _ keys: [Text]) -> Value? {
        func marks(_ element: Value) -> [Value?] { keys.map { element[$0] } }
        if known == nil, let elements = old.array {
            known = Dictionary(elements.map { (marks($0), $0) }) { first, _ in first }
        }
        return known?[marks(element)]
    }

    /// Whether nothing changed: elements that are told apart by keys may have changed their places.
    public var isEqual: Bool {
        if let isSame { return isSame }
        let result = compared
        isSame = result
        return result
    }

    private var compared: Bool {
        switch (new, old) {
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.array(let after), .array(let before)):
            guard after.count == before.count else { return false }
            guard case .map = schema.list else { return after == before }
            return after.indices.allSatisfy { index($0)?.isEqual == true }
        case (.object(let after), .object(let before)):
            // What the schema does not know is not known to be the same.
            return after.count == before.count && after.allSatisfy { key($0.key)?.isEqual == true }
        default: return new == old
        }
    }
}

extension Resource {
    /// Which parts of two states of an object are the same; nil where the resource has no schema that tells.
    public func correlation(_ new: Value, _ old: Value) -> Correlation? {
        kind.structural.map { Correlation(new, old, $0) }
    }
}
