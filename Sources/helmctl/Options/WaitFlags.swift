import Flags
import Release

/// `--wait` and how long.
struct WaitFlags {
    @Flag(
        "wait",
        "wait until resources are ready (up to --timeout). Use '--wait' alone for 'watcher', or watcher|hookOnly|legacy",
        kind: "WaitStrategy", bare: "watcher")
    var strategy = WaitStrategy.hookOnly.rawValue

    @Flag("timeout", "time to wait for any individual Kubernetes operation (like Jobs for hooks)")
    var timeout = Duration.seconds(300)

    func wait() throws -> WaitStrategy {
        if let known = WaitStrategy(rawValue: strategy) { return known }
        guard let isOn = Bool(goText: strategy) else {
            throw CommandFailure(
                "invalid argument \"\(strategy)\" for \"--wait\" flag: invalid wait input \"\(strategy)\". "
                    + "Valid inputs are watcher, hookOnly, and legacy")
        }
        let meant = isOn ? WaitStrategy.watcher : .hookOnly
        let words = "--wait=\(strategy) is deprecated (boolean value) and can be replaced with --wait=\(meant.rawValue)"
        Console.warn(LogRecord(.warn, words).text + "\n")
        return meant
    }
}
