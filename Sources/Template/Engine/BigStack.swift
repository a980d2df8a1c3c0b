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
            guard let thread = job.start() else {
                // No thread to be had: the caller's own stack has a few hundred kilobytes at least.
                var marker: UInt8 = 0
                let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
                return try body(here - 256 * 1024)
            }
            pthread_join(thread, nil)
            return try job.outcome.unsafelyUnwrapped.get()
        }
    }

    /// Runs two bodies to their ends at the same time: the first on a thread of its own, the second on the caller's.
    ///
    /// The bodies share nothing that either changes. Of two failures the first body's is thrown.
    package static func both<First, Second, Failure: Error>(
        _ first: () throws(Failure) -> First, _ second: () throws(Failure) -> Second
    ) throws(Failure) -> (First, Second) {
        try withoutActuallyEscaping(first) { first throws(Failure) in
            let job = Job { (_: UInt) throws(Failure) in try first() }
            let thread = job.start()
            let other = Result { () throws(Failure) in try second() }
            if let thread { pthread_join(thread, nil) } else { job.run(floor: 0) }
            return (try job.outcome.unsafelyUnwrapped.get(), try other.get())
        }
    }

    /// What the thread runs and leaves. The starter looks at it only after the thread's end, so that no two threads do.
    private final class Job<Result, Failure: Error> {
        let body: (UInt) throws(Failure) -> Result
        var outcome: Swift.Result<Result, Failure>?

        init(_ body: @escaping (UInt) throws(Failure) -> Result) { self.body = body }

        func run(floor: UInt) {
            do throws(Failure) { outcome = .success(try body(floor)) } catch { outcome = .failure(error) }
        }

        /// Starts a thread, which has to be joined; nil where none is to be had.
        func start() -> pthread_t? {
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_setstacksize(&attributes, BigStack.size)
            let closure = Unmanaged.passRetained(Call { [self] floor in run(floor: floor) })
            var thread = pthread_t()
            let status = pthread_create(&thread, &attributes, enter, closure.toOpaque())
            guard status == 0 else {
                closure.release()
                return nil
            }
            return thread
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
