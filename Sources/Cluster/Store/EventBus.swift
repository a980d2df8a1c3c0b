/// Who watches what. A watch is registered under its prefix, so that an event looks only at the few prefixes it has.
struct EventBus: Sendable {
    private var watches: [Key: [Watch]] = [:]

    mutating func add(_ watch: Watch) { watches[watch.prefix, default: []].append(watch) }

    /// Hands the event to each watch of it, and adds to `sleepers` those that have to be woken.
    mutating func publish(_ event: Event, sleepers: inout [Watch]) {
        guard !watches.isEmpty else { return }
        for prefix in EventBus.prefixes(of: event.key) {
            guard let listeners = watches[prefix] else { continue }
            var gone = false
            for watch in listeners {
                if watch.push(event) { sleepers.append(watch) }
                gone = gone || watch.isOver
            }
            if gone { sweep(prefix) }
        }
    }

    /// Forgets the watches that are over.
    mutating func sweep(_ prefix: Key) {
        watches[prefix]?.removeAll(where: \.isOver)
        if watches[prefix]?.isEmpty == true { watches[prefix] = nil }
    }

    /// Ends every watch, and returns those that have to be woken.
    mutating func close() -> [Watch] {
        let sleepers = watches.values.flatMap { $0.filter { $0.finish(.closed) } }
        watches = [:]
        return sleepers
    }

    /// The key itself and each part of it that ends in a slash, and the empty one.
    static func prefixes(of key: Key) -> [Key] {
        var result: [Key] = [Key("")]
        let bytes = key.path.utf8
        for index in bytes.indices where bytes[index] == UInt8(ascii: "/") {
            result.append(Key(String(key.path[...index])))
        }
        if bytes.last != UInt8(ascii: "/") { result.append(key) }
        return result
    }
}
