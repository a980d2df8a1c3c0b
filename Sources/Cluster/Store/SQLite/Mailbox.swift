import Glibc

/// A queue that any thread fills and one thread empties, sleeping while there is nothing.
///
/// `@unchecked Sendable`: `items` and `isShut` are only touched between `pthread_mutex_lock` and `unlock` of `mutex`; the
/// mutex and condition live at fixed addresses from `init` to `deinit`, when no thread can hold a reference any more.
final class Mailbox<Item: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var items: [Item] = []
    private var isShut = false
    /// With how many items the reader is woken.
    private var wanted = 1

    init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Deadlines have to hold while the wall clock jumps.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Adds an item; false once the mailbox is shut.
    func put(_ item: Item) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isShut else { return false }
        items.append(item)
        if items.count == wanted { pthread_cond_signal(condition) }
        return true
    }

    /// Refuses further items and wakes the reader.
    func shut() {
        pthread_mutex_lock(mutex)
        isShut = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Takes all items, waiting for one; none at the deadline; nil once it is shut and empty.
    ///
    /// - Parameters:
    ///   - deadline: in the monotonic clock's time; nil waits without end.
    ///   - count: how many items are worth a short wait once there is one.
    func takeAll(until deadline: timespec?, gathering count: Int = 1) -> [Item]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard waitForFirst(until: deadline) else { return [] }
        if items.isEmpty { return nil }
        if items.count < count { waitForMore(count) }
        defer { items = [] }
        return items
    }

    /// Waits for an item or the end; false where neither came in time.
    private func waitForFirst(until deadline: timespec?) -> Bool {
        while items.isEmpty && !isShut {
            if var deadline {
                if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return false }
            } else {
                pthread_cond_wait(condition, mutex)
            }
        }
        return true
    }

    private func waitForMore(_ count: Int) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        end.tv_nsec += Mailbox.gathering
        if end.tv_nsec >= 1_000_000_000 { end = timespec(tv_sec: end.tv_sec + 1, tv_nsec: end.tv_nsec - 1_000_000_000) }
        wanted = count
        defer { wanted = 1 }
        while items.count < count && !isShut {
            if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return }
        }
    }

    /// How long the reader waits for more, in nanoseconds: less than what a sync takes.
    private static var gathering: Int { 500_000 }
}
