import API
import Document

/// Prints the tables that an API server makes of objects, as kubectl's human-readable printer does.
struct ServerTable {
    private var lastColumns: [Value]?

    /// The lines of one object; column titles come only when they change.
    mutating func text(_ object: Value) -> String {
        guard object.kind == "Table" else { return "\(object.kind.lowercased())/\(object.name)\n" }
        // Without rows kubectl prints no titles either.
        guard object["rows"]?.array?.isEmpty == false else { return "" }
        let columns = object["columnDefinitions"]?.array ?? []
        let shown = columns.indices.filter { (columns[$0]["priority"]?.int ?? 0) == 0 }
        var lines: [[String]] = []
        if lastColumns != columns {
            lines.append(shown.map { (columns[$0]["name"]?.string ?? "").uppercased() })
            lastColumns = columns
        }
        for row in object["rows"]?.array ?? [] {
            let cells = row["cells"]?.array ?? []
            lines.append(shown.map { $0 < cells.count ? Self.text(of: cells[$0]) : "" })
        }
        return Self.aligned(lines)
    }

    private static func text(of cell: Value) -> String {
        switch cell {
        case .null: "<none>"
        case .string(let text): text.string
        default: JSON.text(cell).string
        }
    }

    /// text/tabwriter with three blanks between columns of at least six.
    private static func aligned(_ lines: [[String]]) -> String {
        let widths = (0..<(lines.map(\.count).max() ?? 0)).map { column in
            max(6, (lines.compactMap { column < $0.count ? $0[column].unicodeScalars.count : nil }.max() ?? 0) + 3)
        }
        return lines.map { line in
            line.enumerated().map { column, cell in
                let pad = column == line.count - 1 ? 0 : widths[column] - cell.unicodeScalars.count
                return cell + String(repeating: " ", count: pad)
            }.joined() + "\n"
        }.joined()
    }
}
