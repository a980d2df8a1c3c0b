import Flags
import OCI

/// `helmctl image list`: shows which images there are.
struct ImageListCommand: Command {
    static let description = CommandDescription("list", "List the images", aliases: ["ls"])

    let data = DataFolderOptions()

    func run() async throws {
        let store = try data.images
        let rows = try store.list().map { entry in
            let size = try store.image(entry.reference).size
            return [
                String(entry.reference.familiar.dropLast((entry.reference.tag?.count ?? -1) + 1)),
                entry.reference.tag ?? "", String(entry.digest.hexadecimal.prefix(12)), Self.text(size),
            ]
        }
        let table = [["NAME", "TAG", "DIGEST", "SIZE"]] + rows
        let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
        for row in table {
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 3) }
            print(padded.joined() + row[3])
        }
    }

    /// Bytes as people read them, with one digit of fraction.
    private static func text(_ bytes: Int) -> String {
        for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")] where bytes >= unit {
            return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
        }
        return "\(bytes) B"
    }
}
