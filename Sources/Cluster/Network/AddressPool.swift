import API
import Document
import Glibc
import Synchronization

/// The addresses of the pod range and who has them, remembered on disk before anybody uses one.
final class AddressPool: Sendable {
    private struct State {
        var owners: [String: IPv4Address] = [:]
        var taken: Set<IPv4Address> = []
        var next = 2
    }

    private let range: IPv4Range
    private let file: String
    private let state: Mutex<State>

    /// - Parameter file: where the addresses are written; read back when it is there.
    init(_ range: IPv4Range, file: String) throws(NetworkError) {
        // The first is the network's, the second the gateway's by custom, the last the broadcast's.
        guard range.count >= 8 else { throw NetworkError(.range, "the pod range \(range) has too few addresses") }
        self.range = range
        self.file = file
        var state = State()
        for (pod, text) in AddressPool.read(file) {
            guard let address = IPv4Address(text), range.contains(address) else { continue }
            state.owners[pod] = address
            state.taken.insert(address)
        }
        if let last = state.taken.max() { state.next = Int(last.value - range.base.value) + 1 }
        self.state = Mutex(state)
    }

    private static func read(_ file: String) -> [(String, String)] {
        guard let stream = fopen(file, "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
        guard let object = (try? JSON.parse(bytes))?.object else { return [] }
        return object.compactMap { member in member.value.string.map { (member.key.string, $0) } }
    }

    /// The address of an owner: the one that it has, or a free one. Addresses come round as late as possible.
    func take(for owner: String) throws(NetworkError) -> IPv4Address {
        try state.withLock { (state) throws(NetworkError) in
            if let address = state.owners[owner] { return address }
            for step in 0..<range.count {
                let index = (state.next - 2 + step) % (range.count - 3) + 2
                let address = range[index]
                guard state.taken.insert(address).inserted else { continue }
                state.owners[owner] = address
                state.next = index + 1
                try write(state)
                return address
            }
            throw NetworkError(.exhausted, "every address of the pod range \(range) is taken")
        }
    }

    /// The address of an owner; nil where it has none.
    func address(of owner: String) -> IPv4Address? { state.withLock { $0.owners[owner] } }

    /// Gives an address back.
    func release(_ owner: String) throws(NetworkError) {
        try state.withLock { (state) throws(NetworkError) in
            guard let address = state.owners.removeValue(forKey: owner) else { return }
            state.taken.remove(address)
            try write(state)
        }
    }

    private func write(_ state: State) throws(NetworkError) {
        let object = Object(state.owners.map { (Text($0.key), .string($0.value.description)) })
        let bytes = JSON.write(.object(object))
        guard let stream = fopen("\(file).new", "w") else { throw NetworkError.system("create", file) }
        let written = fwrite(bytes, 1, bytes.count, stream)
        guard fclose(stream) == 0, written == bytes.count, rename("\(file).new", file) == 0 else {
            throw NetworkError.system("write", file)
        }
    }
}
