import Glibc

/// Runs deep recursions on a thread with a stack of its own: Go's grows as it needs, and Helm's limits count on that.
package enum BigStack {
    /// Only what is touched costs memory.
    private static let size = 1 << 30
    /// What has to be left for functions that call no templates.
    private static let reserve = 1 << 20

    /// Runs `body` to its end; it gets the address below which it must not go on calling.
    package static func run<Result, Failure: Error>(
        _ body: (_ floor: UInt) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withoutActuallyEscaping(body) { body throws(Failure) in
            let job = Job(body)
            guard job.start() else {
                // No thread to be had: the caller's own stack has a few hundred kilobytes at least.
                var marker: UInt8 = 0
                let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
                return try body(here - 256 * 1024)
            }
            return try job.outcome.unsafelyUnwrapped.get()
        }
    }

    /// What the thread runs and leaves. The starter waits for its end, so that only one thread ever looks at it.
    private final class Job<Result, Failure: Error> {
        let body: (UInt) throws(Failure) -> Result
        var outcome: Swift.Result<Result, Failure>?

        init(_ body: @escaping (UInt) throws(Failure) -> Result) { self.body = body }

        func run(floor: UInt) {
            do throws(Failure) { outcome = .success(try body(floor)) } catch { outcome = .failure(error) }
        }

        /// Whether the thread could be started; it has ended then.
        func start() -> Bool {
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setstacksize(&attributes, BigStack.size)
            let closure = Unmanaged.passRetained(Call { [self] floor in run(floor: floor) })
            var thread = pthread_t()
            let status = pthread_create(&thread, &attributes, enter, closure.toOpaque())
            guard status == 0 else {
                closure.release()
                return false
            }
            pthread_join(thread, nil)
            return true
        }
    }

    private final class Call {
        let body: (UInt) -> Void
        init(_ body: @escaping (UInt) -> Void) { self.body = body }
    }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        let call = Unmanaged<Call>.fromOpaque(argument).takeRetainedValue()
        var marker: UInt8 = 0
        let top = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
        call.body(top - UInt(BigStack.size) + UInt(BigStack.reserve))
        return nil
    }
}
