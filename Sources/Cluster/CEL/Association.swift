public import Document

/// How the elements of a list of the API belong together (Kubernetes documentation, "CRD validation rules": equality and
/// concatenation of lists by `x-kubernetes-list-type`).
public enum Association: Sendable, Hashable {
    /// Each element stands there once, in no order.
    case set
    /// Elements are told apart by these fields, and have no order.
    case map([String])

    /// Nil for lists that are compared as they stand.
    public init?(_ schema: Value) {
        switch schema["x-kubernetes-list-type"]?.string {
        case "set": self = .set
        case "map": self = .map((schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string))
        default: return nil
        }
    }

    private func isSame(_ left: CELValue, _ right: CELValue) -> Bool {
        switch self {
        case .set: left == right
        case .map(let keys): keys.allSatisfy { left.member($0) == right.member($0) }
        }
    }

    func areEqual(_ left: [CELValue], _ right: [CELValue]) -> Bool {
        left.count == right.count && left.allSatisfy(right.contains)
    }

    /// Both together: what stands in both counts once, of a map's elements as the second has it.
    func join(_ left: [CELValue], _ right: [CELValue]) -> [CELValue] {
        let kept = left.map { element in right.last { isSame(element, $0) } ?? element }
        return kept + right.filter { element in !left.contains { isSame($0, element) } }
    }
}
