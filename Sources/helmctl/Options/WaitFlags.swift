import ArgumentParser
import Release

/// `--wait` and how long.
struct WaitFlags: ParsableArguments {
    @Option(
        name: .customLong("wait"),
        help:
            "wait until resources are ready (up to --timeout). Use '--wait' alone for 'watcher', or watcher|hookOnly|legacy"
    )
    var strategy = WaitStrategy.hookOnly.rawValue

    @Option(
        name: .customLong("timeout"),
        help: "time to wait for any individual Kubernetes operation (like Jobs for hooks)")
    var timeout = GoDuration(seconds: 300)

    func wait() throws -> WaitStrategy {
        if let known = WaitStrategy(rawValue: strategy) { return known }
        guard let isOn = GoFlags.bool(strategy) else {
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
