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

    /// Runs `body` on a thread of its own on another core, for which nobody waits. Its stack is big, but leaves room for
    /// another one.
    ///
    /// - Returns: whether a core and a thread were to be had.
    static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        let call = Unmanaged.passRetained(Call(body))
        if helmctl_start_aside(size / 4, enter, call.toOpaque()) == 0 { return true }
        call.release()
        return false
    }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        Unmanaged<Call>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}
