import Glibc
import Store

/// A program that writes to a store until it is killed, and prints each acknowledgement as soon as it has it.
///
/// `store-writer FILE NAME [COUNT]`: several writers at once, so that commits are grouped; with COUNT it makes that many
/// unshared creates, one after the other, prints `ready` first, and ends in order.
@main
struct StoreWriter {
    static func main() async throws {
        let words = CommandLine.arguments
        let store = try SQLiteStore(path: words[1], options: SQLiteStore.Options(relaxed: ["leases/"]))
        if words.count > 3 {
            say("ready")
            for number in 0..<(Int(words[3]) ?? 0) { await create(number, by: words[2], in: store) }
            store.close()
            return
        }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0... { await create(number, by: "\(words[2])-\(writer)", in: store) }
                }
            }
        }
    }

    private static func create(_ number: Int, by writer: String, in store: SQLiteStore) async {
        let folder = number % 5 == 4 ? "leases" : "things"
        let key = Key("\(folder)/\(writer)-\(number)")
        do {
            let revision = try await store.commit(Change(key, .create(Array("value of \(key)".utf8))))
            say("\(revision) \(key)")
        } catch {
            say("failed \(key) \(error)")
        }
    }

    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
