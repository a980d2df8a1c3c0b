import Document

/// What a rendering has used up of its limits.
struct Account {
    /// How often the clock is looked at, in steps.
    private static let interval = 256

    /// How many nodes were evaluated, and how many more the functions cost.
    var steps = 0
    /// About how many bytes functions have made, whether they are still there or not.
    private(set) var made = 0
    private let limits: Limits
    private var deadline: ContinuousClock.Instant?
    /// Whether nobody wants the rendering any more.
    private let isCalledOff: (@Sendable () -> Bool)?
    /// From which step on the limits are looked at again.
    private var checkpoint: Int

    init(_ limits: Limits, _ isCalledOff: (@Sendable () -> Bool)? = nil) {
        self.limits = limits
        self.isCalledOff = isCalledOff
        deadline = limits.time.map { ContinuousClock.now + $0 }
        let neverEnds = deadline == nil && isCalledOff == nil
        checkpoint = neverEnds ? limits.steps : min(limits.steps, Account.interval)
    }

    /// Whether the limits are to be looked at.
    var isDue: Bool {
        @inline(__always) get { steps > checkpoint }
    }

    /// A limit that has been reached, and what allows more.
    struct Excess {
        let words: String
        let hint: String
    }

    /// The limit that has been reached, if one has.
    mutating func excess() -> Excess? {
        if steps > limits.steps {
            return Excess(words: "exceeded the limit of \(limits.steps) steps", hint: "--max-steps allows more")
        }
        if let deadline, let time = limits.time, ContinuousClock.now > deadline {
            return Excess(words: "exceeded the time limit of \(time)", hint: "--max-time allows more")
        }
        if let isCalledOff, isCalledOff() { return Excess(words: "called off", hint: "") }
        checkpoint = min(limits.steps, steps + Account.interval)
        return nil
    }

    /// Leaves out of account how long something took that the templates cannot help.
    mutating func pause<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { deadline? += ContinuousClock.now - start }
        return try body()
    }

    // MARK: - Calls

    /// Counts what a function will do with its arguments, and refuses what it would never be done with.
    @inline(__always)
    mutating func charge(_ function: Function, _ values: [GoValue]) throws(CallFailure) {
        switch function.cost {
        case .free: return
        case .linear: steps &+= Account.size(values) &>> 4
        default: try charge(function.cost, values)
        }
    }

    private mutating func charge(_ cost: Cost, _ values: [GoValue]) throws(CallFailure) {
        steps &+= Account.size(values) &>> 4
        switch cost {
        case .free, .linear: return
        case .trees(let first): steps &+= try extent(values, first) &>> 4
        case .encoding: steps &+= try extent(values, 0, refusesDepth: false) &>> 4
        case .copies(let first): try make(extent(values, first))
        case .square:
            let count = Account.size(values) &>> 4
            steps &+= count &* count &>> 3
        case .inserting: steps &+= values.map(0).count &>> 4
        case .steps(let price): steps &+= price(values)
        case .reading:
            let size = Account.size(values)
            steps &+= size
            try make(size &* 16)
        }
        try check()
    }

    private func extent(
        _ values: [GoValue], _ first: Int, refusesDepth: Bool = true
    ) throws(CallFailure) -> Int {
        var extent = Extent(most: min(limits.madeBytes, Function.mostBytes), refusesDepth: refusesDepth)
        for value in values.dropFirst(first) { try extent.add(value) }
        return extent.bytes
    }

    /// Counts what a function made.
    @inline(__always)
    mutating func charge(_ result: GoValue) throws(CallFailure) {
        switch result {
        case .string(let text): made &+= text.count
        case .list(let list): made &+= list.elements.count &* 24 &+ 64
        case .map(let map): made &+= map.count &* 48 &+ 192
        default: return
        }
        if made > limits.madeBytes { throw excessOfBytes }
    }

    /// Refuses to print a tree that has no end in practice.
    mutating func charge(printing value: GoValue) throws(CallFailure) {
        switch value {
        case .list, .map, .object:
            steps &+= try extent([value], 0) &>> 4
            try check()
        default: return
        }
    }

    private mutating func make(_ bytes: Int) throws(CallFailure) {
        steps &+= bytes &>> 4
        made &+= bytes
        if made > limits.madeBytes { throw excessOfBytes }
    }

    private mutating func check() throws(CallFailure) {
        if isDue, let excess = excess() { throw .limit(Text(excess.words), hint: excess.hint) }
    }

    private var excessOfBytes: CallFailure {
        .limit("functions made more than \(limits.madeBytes) bytes", hint: "--max-memory allows more")
    }

    /// The bytes of all texts, and sixteen for each element of a list.
    private static func size(_ values: [GoValue]) -> Int {
        var size = 0
        for value in values {
            switch value {
            case .string(let text), .bytes(let text): size &+= text.count
            case .list(let list): size &+= list.elements.count &<< 4
            default: continue
            }
        }
        return size
    }
}
