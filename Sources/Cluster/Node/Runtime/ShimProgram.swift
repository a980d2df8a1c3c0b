import CShim
import Glibc

/// The program helmctl-shim, unpacked from this binary into a file that is named by its contents.
struct ShimProgram: Sendable {
    let path: String

    /// Whether this binary carries the shim.
    static var isEmbedded: Bool { helmctl_shim_size > 0 }

    static let missing = NodeError(
        .machine,
        "this helmctl was built without its container shim: run scripts/build-shim and build again, "
            + "or start the cluster with --no-node")

    /// Unpacks the program below `folder`, unless the same bytes lie there already: running shims keep their own file.
    init(in folder: String) throws {
        guard ShimProgram.isEmbedded, let bytes = helmctl_shim_bytes else {
            throw ShimProgram.missing
        }
        let program = Array(UnsafeBufferPointer(start: bytes, count: Int(helmctl_shim_size)))
        let subfolder = "\(folder)/\(ShimProgram.fingerprint(program))"
        path = "\(subfolder)/helmctl-shim"
        try Files.makeFolder(subfolder)
        if Files.read(path) != program { try Files.replace(path, with: program, mode: 0o755) }
    }

    /// FNV-1a of 64 bits: tells builds apart, and guards against nobody.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}
