/// A table as gosuri/uitable prints it: cells padded to their column's widest one, a tab between, nothing trimmed.
public struct TextTable: Sendable {
    private var rows: [[String]] = []
    private let widest: Int

    /// - Parameter widest: what a column may take at most; longer cells are cut with three points.
    public init(_ header: [String] = [], widest: Int = .max) {
        self.widest = widest
        if !header.isEmpty { rows = [header] }
    }

    /// Adds a row.
    public mutating func add(_ row: [String]) { rows.append(row) }

    /// The lines, with a newline after the last one.
    public var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                let lines = cell.split(separator: "\n", omittingEmptySubsequences: false)
                widths[column] = min(widest, max(widths[column], lines.map { Self.width($0) }.max() ?? 0))
            }
        }
        return rows.flatMap { Self.lines($0, widths) }.joined(separator: "\n") + "\n"
    }

    /// A row may take several lines when a cell does.
    private static func lines(_ row: [String], _ widths: [Int]) -> [String] {
        let cells = zip(row, widths).map { cell, width in
            resized(cell, width).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        return (0..<(cells.map(\.count).max() ?? 0)).map { line in
            zip(cells, widths).map { cell, width in
                line < cell.count ? resized(cell[line], width) : String(repeating: " ", count: width)
            }.joined(separator: "\t")
        }
    }

    /// Pads; a cell of several lines is longer than its column, and is cut with three points.
    private static func resized(_ cell: String, _ width: Int) -> String {
        let held = self.width(cell)
        if held <= width { return cell + String(repeating: " ", count: width - held) }
        var result = ""
        var used = 0
        for scalar in cell.unicodeScalars {
            result.unicodeScalars.append(scalar)
            let more = self.width(scalar)
            if used + more >= width - 3 { break }
            used += more
        }
        return result + "..."
    }

    private static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// Columns on a terminal (UAX #11, as mattn/go-runewidth counts): East Asian wide characters take two.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
