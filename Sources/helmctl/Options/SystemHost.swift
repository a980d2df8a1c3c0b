import API
import Template

/// The clock of this machine.
enum SystemClock {
    /// Nanoseconds since 1970.
    static var now: Int64 {
        let time = SystemTime().now
        return time.seconds * 1_000_000_000 + Int64(time.nanoseconds)
    }
}

extension Host {
    /// The clock and randomness of this machine, without a cluster.
    static var system: Host {
        Host(
            now: { SystemClock.now }, random: randomBytes)
    }

    /// Eight bytes at a time, for each number is a call of the kernel.
    @Sendable
    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes += $0.prefix(count - bytes.count) }
        }
        return bytes
    }
}
