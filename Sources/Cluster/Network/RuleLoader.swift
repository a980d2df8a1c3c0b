import CLinux
import Glibc
import NIOPosix

/// Hands rules to the kernel through `nft`, whose compiler of rules is not worth a second one.
struct RuleLoader: Sendable {
    private let program: String

    init() throws(NetworkError) {
        let folders = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin"]
        guard let folder = folders.first(where: { access("\($0)/nft", X_OK) == 0 }) else {
            throw NetworkError(.machine, "nft is not installed: apt-get install nftables")
        }
        program = "\(folder)/nft"
    }

    /// Applies a text as one transaction: all of it or nothing.
    func apply(_ text: String) async throws {
        try await NIOThreadPool.singleton.runIfActive { try applyNow(text) }
    }

    /// The same on the calling thread.
    func applyNow(_ text: String) throws(NetworkError) {
        let input = try RuleLoader.file(text)
        defer { close(input) }
        let errors = try RuleLoader.file("")
        defer { close(errors) }
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        let arguments: [String] = [program, "-f", "-"]
        var words = arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        var pidfd: Int32 = -1
        guard helmctl_spawn(program, &words, &environment, [input, nothing, errors], 3, &process, &pidfd) == 0 else {
            throw NetworkError.system("start", program)
        }
        defer { close(pidfd) }
        guard helmctl_pidfd_reap(pidfd) == 0 else { throw NetworkError(.rules, "nft: \(RuleLoader.text(errors))") }
    }

    /// A file without a name that holds a text, at its beginning.
    private static func file(_ text: String) throws(NetworkError) -> Int32 {
        let file = helmctl_anonymous_file("helmctl-nft")
        guard file >= 0 else { throw NetworkError.system("create", "a file in memory") }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(file)
                throw NetworkError.system("write", "a file in memory")
            }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func text(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 2048)
        let count = pread(file, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
