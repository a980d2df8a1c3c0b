/// The colours of Helm's reports on a terminal (internal/cli/output/color.go).
public struct Coloring: Sendable, Hashable {
    /// Whether anything is coloured.
    public var isOn: Bool

    public init(isOn: Bool = false) { self.isOn = isOn }

    /// A column's heading, in bold.
    func header(_ text: String) -> String { painted(text, "1", end: "22") }

    /// A namespace, in cyan.
    func namespace(_ text: String) -> String { painted(text, "36") }

    /// A release's state: green where all is well, red where it is not, yellow while something is going on.
    func status(_ status: ReleaseStatus) -> String {
        switch status {
        case .deployed: painted(status.rawValue, "32")
        case .failed, .unknown: painted(status.rawValue, "31")
        case .pendingInstall, .pendingUpgrade, .pendingRollback, .uninstalling: painted(status.rawValue, "33")
        default: status.rawValue
        }
    }

    private func painted(_ text: String, _ start: String, end: String = "0") -> String {
        isOn ? "\u{1B}[\(start)m\(text)\u{1B}[\(end)m" : text
    }
}
