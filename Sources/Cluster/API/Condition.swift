public import Document

/// One entry of `status.conditions`, as metav1.Condition and its older kin have it.
public struct Condition: Sendable, Hashable {
    public var type: String
    /// `True`, `False` or `Unknown`.
    public var status: String
    public var reason: String
    public var message: String

    public init(type: String, status: String, reason: String = "", message: String = "") {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }

    /// A condition that holds or not.
    public init(_ type: String, _ holds: Bool, reason: String = "", message: String = "") {
        self.init(type: type, status: holds ? "True" : "False", reason: reason, message: message)
    }
}

extension Value {
    /// The condition of that type in `status.conditions`.
    public func condition(_ type: String) -> Condition? {
        guard let entry = self["status", "conditions"]?.array?.first(where: { $0["type"]?.string == type }) else {
            return nil
        }
        return Condition(
            type: type, status: entry["status"]?.string ?? "Unknown", reason: entry["reason"]?.string ?? "",
            message: entry["message"]?.string ?? "")
    }

    /// Whether the condition of that type is there and `True`.
    public func isTrue(_ type: String) -> Bool { condition(type)?.status == "True" }
}
