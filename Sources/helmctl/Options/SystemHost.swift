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
            now: { SystemClock.now },
            random: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            })
    }
}
