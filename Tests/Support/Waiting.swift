import Glibc

/// A condition that did not come true in time.
public struct DeadlinePassed: Error, CustomStringConvertible {
    public let description: String
}

/// Waits until `condition` holds, looking every few milliseconds.
///
/// - Parameters:
///   - what: the condition in words, for the error.
///   - seconds: the deadline; generous, for it only matters when the test fails: a machine that others keep busy lets
///     a test stand still for many seconds.
public func wait(
    for what: String, seconds: Double = 60, until condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try await !condition() {
        guard clock.now < deadline else { throw DeadlinePassed(description: "waited \(seconds) s for \(what)") }
        try await clock.sleep(for: .milliseconds(5))
    }
}
