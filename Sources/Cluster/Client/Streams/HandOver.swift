import Synchronization

/// Hands values from one task to another, one at a time: who gives waits until it is taken, so that nothing piles up
/// between a fast writer and a slow reader.
///
/// One task gives and one takes. When either is cancelled, or ``finish()`` is called, it is over for both.
public final class HandOver<Element: Sendable>: Sendable {
    private struct State {
        var offered: Element?
        var giver: CheckedContinuation<Bool, Never>?
        var taker: CheckedContinuation<Element?, Never>?
        var isOver = false
    }

    private let state = Mutex(State())

    public init() {}

    /// Gives a value, and returns once it was taken; false where nobody takes any more.
    @discardableResult
    public func give(_ element: Element) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Nobody is resumed under the lock: what resumes may come back for it.
                let (taker, answer): (CheckedContinuation<Element?, Never>?, Bool?) = state.withLock { state in
                    if state.isOver { return (nil, false) }
                    if let taker = state.taker {
                        state.taker = nil
                        return (taker, true)
                    }
                    state.offered = element
                    state.giver = continuation
                    return (nil, nil)
                }
                taker?.resume(returning: element)
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            finish()
        }
    }

    /// Takes the next value; nil when it is over.
    public func take() async -> Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (giver, answer): (CheckedContinuation<Bool, Never>?, Element??) = state.withLock { state in
                    if let offered = state.offered {
                        defer { (state.offered, state.giver) = (nil, nil) }
                        return (state.giver, .some(offered))
                    }
                    if state.isOver { return (nil, .some(nil)) }
                    state.taker = continuation
                    return (nil, nil)
                }
                giver?.resume(returning: true)
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            finish()
        }
    }

    /// Says that no more values come, or are wanted.
    public func finish() {
        let (giver, taker) = state.withLock { state in
            defer { (state.giver, state.taker, state.offered) = (nil, nil, nil) }
            state.isOver = true
            return (state.giver, state.taker)
        }
        giver?.resume(returning: false)
        taker?.resume(returning: nil)
    }
}
