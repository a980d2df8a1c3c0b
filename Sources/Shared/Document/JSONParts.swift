extension JSON {
    /// Which members of an object are wanted, at each depth; what is no object is wanted or not as a whole.
    public struct Parts: Sendable {
        /// All of a value.
        public static let whole = Parts([:], others: true)

        /// Nil for a member that is left out.
        private var named: [(key: Text, parts: Parts?)]
        private var others: Bool

        /// - Parameters:
        ///   - named: what is wanted of these members; nil for nothing.
        ///   - others: whether members without a name here are wanted.
        public init(_ named: KeyValuePairs<Text, Parts?>, others: Bool) {
            self.named = named.map { ($0.key, $0.value) }
            self.others = others
        }

        public var isWhole: Bool { others && named.isEmpty }

        /// What is wanted of a member; nil for nothing.
        subscript(key: Text) -> Parts? {
            for member in named where member.key == key { return member.parts }
            return others ? .whole : nil
        }

        /// Adds the value at the end of a path to what is wanted.
        public mutating func insert(_ path: some Collection<Text>) {
            guard let key = path.first else {
                self = .whole
                return
            }
            guard !isWhole else { return }
            let index = named.firstIndex { $0.key == key }
            var inner = index.map { named[$0].parts ?? Parts([:], others: false) } ?? Parts([:], others: others)
            inner.insert(path.dropFirst())
            if let index { named[index].parts = inner } else { named.append((key, inner)) }
        }
    }
}
