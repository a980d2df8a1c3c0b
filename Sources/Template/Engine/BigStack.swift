import CLinux
import Glibc

/// Runs deep recursions on a stack of their own: Go's grows as it needs, and Helm's limits count on that.
package enum BigStack {
    /// Only what is touched costs memory.
    private static let size = 1 << 30
    /// What has to be left for functions that call no templates.
    private static let reserve = 1 << 20

    /// Runs `body` to its end; it gets the address below which it must not go on calling.
    ///
    /// It stays on the caller's thread: to wake another one costs a short rendering more than its own work where the
    /// machine is busy. What runs on a big stack already stays there, too.
    package static func run<Result, Failure: Error>(
        _ body: (_ floor: UInt) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if helmctl_stack_left() > size / 2 { return try body(floor) }
        var outcome: Swift.Result<Result, Failure>?
        onStack {
            do throws(Failure) { outcome = .success(try body(floor)) } catch { outcome = .failure(error) }
        }
        return try outcome.unsafelyUnwrapped.get()
    }

    /// Runs two bodies to their ends at the same time: the first on a thread of its own, the second on the caller's.
    ///
    /// The bodies share nothing that either changes. Of two failures the first body's is thrown.
    package static func both<First, Second, Failure: Error>(
        _ first: () throws(Failure) -> First, _ second: () throws(Failure) -> Second
    ) throws(Failure) -> (First, Second) {
        var one: Swift.Result<First, Failure>?
        var other: Swift.Result<Second, Failure>?
        onThread {
            do throws(Failure) { one = .success(try first()) } catch { one = .failure(error) }
        } meanwhile: {
            do throws(Failure) { other = .success(try second()) } catch { other = .failure(error) }
        }
        return (try one.unsafelyUnwrapped.get(), try other.unsafelyUnwrapped.get())
    }

    /// What is handed over. Of no generic type: the runtime would put such a type together at its first use, by a search
    /// through all conformances of the program.
    private final class Call {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private static func onStack(_ body: () -> Void) {
        withoutActuallyEscaping(body) { body in
            let call = Unmanaged.passRetained(Call(body))
            defer { call.release() }
            let status = helmctl_on_stack(
                size, { argument in argument.map { Unmanaged<Call>.fromOpaque($0).takeUnretainedValue().body() } },
                call.toOpaque())
            // No memory to be had: the caller's own stack has a few hundred kilobytes at least.
            if status != 0 { body() }
        }
    }

    /// Where the stack that is in use ends, but for the reserve.
    private static var floor: UInt {
        var marker: UInt8 = 0
        let here = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
        let left = helmctl_stack_left()
        return left == 0 ? here - 256 * 1024 : here - UInt(left) + UInt(reserve)
    }

    /// Runs `body` on a thread with a big stack and `meanwhile` on the caller's, and returns when both have ended; where
    /// no thread is to be had, one after the other.
    private static func onThread(_ body: () -> Void, meanwhile: () -> Void) {
        withoutActuallyEscaping(body) { body in
            let thread = start(Call(body))
            meanwhile()
            if let thread { pthread_join(thread, nil) } else { body() }
        }
    }

    /// Starts a thread, which has to be joined; nil where none is to be had.
    private static func start(_ call: Call) -> pthread_t? {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, size)
        let retained = Unmanaged.passRetained(call)
        var thread = pthread_t()
        guard pthread_create(&thread, &attributes, enter, retained.toOpaque()) == 0 else {
            retained.release()
            return nil
        }
        return thread
    }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        Unmanaged<Call>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}
