import Testing
import Document
import TestSupport

/// A recorded request to a real API server, and its answer.
struct Golden: Sendable, CustomTestStringConvertible {
    /// `defaults/pod`
    let name: String
    let document: Value

    var testDescription: String { name }

    /// The recording of that name.
    init(_ name: String) throws {
        self.name = name
        document = try JSON.parse(try readFile("\(Machine.shared ?? "")/kube/golden/\(name).json"))
    }

    /// All recordings of an area, sorted by name; none where ../shared is missing.
    static func area(_ area: String) -> [Golden] {
        guard let shared = Machine.shared else { return [] }
        let listing = try? Command("/bin/ls", ["\(shared)/kube/golden/\(area)"]).run().output
        let names = (listing ?? "").split(separator: "\n").filter { $0.hasSuffix(".json") }.map { $0.dropLast(5) }
        return names.compactMap { try? Golden("\(area)/\($0)") }
    }

    var method: String { document["request", "method"]?.string ?? "" }
    var path: String { document["request", "path"]?.string ?? "" }
    var request: Value { document["request", "body"] ?? .null }
    var status: Int { document["response", "status"]?.int ?? 0 }
    var response: Value { document["response", "body"] ?? .null }
}
