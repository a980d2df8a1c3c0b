import API
import Document

/// A cell of a table, computed as upstream's printers do (pkg/printers/internalversion).
///
/// A column's source is a path (`.spec.type`), a path with what stands for nothing (`.spec.nodeName?<none>`), a form of
/// a path (`len(.data)`), or the name of a function for a kind (`pod.status`).
enum Cell {
    typealias Function = @Sendable (_ object: Value, _ now: Time) -> Value

    static func value(_ column: ResourceDeclaration.Column, _ object: Value, now: Time) -> Value {
        if let function = functions[column.source] { return function(object, now) }
        let (source, fallback) = split(column.source)
        guard source.hasSuffix(")"), let open = source.firstIndex(of: "(") else {
            return plain(at(source, object), fallback, column.type)
        }
        let found = at(source[open...].dropFirst().dropLast(), object)
        switch source[..<open] {
        case "len": return .int(found?.array?.count ?? found?.object?.count ?? 0)
        case "labels": return .string(labels(found))
        case "selector": return .string(selector(found))
        case "since": return .string(since(found?.string, now))
        case "join": return .string((found?.array ?? []).compactMap(\.string).joined(separator: ","))
        case "accessModes": return .string(accessModes(found))
        case "int": return found ?? 0
        case "flag": return found ?? false
        case "text": return text(found, fallback)
        default: return .null
        }
    }

    private static func split(_ source: String) -> (source: Substring, fallback: String?) {
        guard let mark = source.firstIndex(of: "?") else { return (Substring(source), nil) }
        return (source[..<mark], String(source[mark...].dropFirst()))
    }

    /// The value at `.spec.template`.
    private static func at(_ path: Substring, _ object: Value) -> Value? {
        let found = object[path: path.split(separator: ".").map { Text($0) }]
        return found?.isNull == true ? nil : found
    }

    private static func plain(_ value: Value?, _ fallback: String?, _ type: String) -> Value {
        if let value, value != "" || fallback == nil { return value }
        if let fallback { return .string(fallback) }
        // A number that is not there is zero in Go; so are the numbers that are shown as texts.
        return type == "string" ? "" : 0
    }

    private static func text(_ value: Value?, _ fallback: String?) -> Value {
        switch value {
        case .bool(let bool)?: .string(bool ? "True" : "False")
        case .number(let number)?: .string(number.literal)
        case let other?: other
        case nil: .string(fallback ?? "")
        }
    }

    private static let functions: [String: Function] = {
        var all: [String: Function] = ["age": { object, now in .string(since(object.creationTimestamp, now)) }]
        for family in [podCells, coreCells, workloadCells, otherCells] { all.merge(family) { first, _ in first } }
        return all
    }()
}

// MARK: - Forms that several kinds use

extension Cell {
    /// `a=b,c=d`, or `<none>`.
    static func labels(_ value: Value?) -> String {
        let labels = value?.object ?? [:]
        guard !labels.isEmpty else { return "<none>" }
        return labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    }

    /// A LabelSelector object as a text; `<none>` where it selects everything.
    static func selector(_ value: Value?) -> String {
        guard let value, let selector = LabelSelector(object: value) else { return "<none>" }
        let text = selector.description
        return text.isEmpty ? "<none>" : text
    }

    /// How long ago, or `<unknown>`.
    static func since(_ time: Time?, _ now: Time) -> String {
        guard let time else { return "<unknown>" }
        return HumanDuration.text(seconds: now.seconds - time.seconds)
    }

    /// How long ago, or `<none>`.
    static func since(_ text: String?, _ now: Time) -> String {
        guard let text else { return "<none>" }
        return since(Time(text), now)
    }

    static func accessModes(_ value: Value?) -> String {
        let names: [String: String] = [
            "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
        ]
        let modes = Set((value?.array ?? []).compactMap(\.string))
        let order = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
        return order.filter(modes.contains).compactMap { names[$0] }.joined(separator: ",")
    }

    static func names(_ value: Value?, _ key: Text) -> String {
        (value?.array ?? []).map { $0[key]?.string ?? "" }.joined(separator: ",")
    }
}

/// apimachinery's duration.HumanDuration: at most two units.
enum HumanDuration {
    static func text(seconds: Int64) -> String {
        // A clock that is a little behind makes no negative ages.
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return seconds % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(seconds % 60)s" }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m" }
        if hours < 48 { return "\(hours)h" }
        if hours < 192 { return hours % 24 == 0 ? "\(hours / 24)d" : "\(hours / 24)d\(hours % 24)h" }
        if hours < 17520 { return "\(hours / 24)d" }
        let days = hours / 24
        if hours < 70080 { return days % 365 == 0 ? "\(days / 365)y" : "\(days / 365)y\(days % 365)d" }
        return "\(days / 365)y"
    }
}
