/// What a call costs, by the function and the sizes of what it is called with (cel-go's estimator and the Kubernetes CEL
/// libraries').
struct FunctionCost {
    private let name: String
    private let target: CostEstimator.Estimate?
    private let arguments: [CostEstimator.Estimate]
    private let estimator: CostEstimator
    /// What its target and arguments cost by themselves.
    private let operands: CostRange

    init(
        _ name: String, _ target: CostEstimator.Estimate?, _ arguments: [CostEstimator.Estimate],
        _ estimator: CostEstimator
    ) {
        self.name = name
        self.target = target
        self.arguments = arguments
        self.estimator = estimator
        operands = arguments.reduce(target?.cost ?? CostRange(0)) { $0 + $1.cost }
    }

    private typealias Answer = (cost: CostRange, size: CostRange?, inner: CostEstimator.Inner?)

    var estimate: CostEstimator.Estimate {
        switch name {
        case "_&&_", "_||_":
            let cost = CostRange(least: arguments[0].cost.least, most: operands.most)
            return CostEstimator.Estimate(cost: cost)
        case "_?_:_": return conditional()
        default:
            let answer = called()
            return CostEstimator.Estimate(cost: operands + answer.cost, size: answer.size, inner: answer.inner)
        }
    }

    private func conditional() -> CostEstimator.Estimate {
        let (yes, no) = (arguments[1], arguments[2])
        let inner = yes.inner.flatMap { left in no.inner.map { left.union($0) } }
        return CostEstimator.Estimate(
            cost: arguments[0].cost + yes.cost.union(no.cost), size: size(1).union(size(2)), inner: inner)
    }

    private func size(_ argument: Int) -> CostRange {
        argument < arguments.count ? arguments[argument].size ?? .unknown : .unknown
    }

    private func traversal(_ size: CostRange) -> CostRange { size * CostEstimator.perCharacter }

    /// What the pattern costs by its length: four characters are thought to be a part of it.
    private func pattern(_ text: CostRange, _ pattern: CostRange) -> CostRange {
        traversal(text + CostRange(1)) * (pattern * 0.25)
    }

    private func called() -> Answer {
        if let target { return member(target) }
        switch name {
        case "_+_": return sum()
        case "_==_", "_!=_": return (comparison(), nil, nil)
        case "_<_", "_<=_", "_>_", "_>=_": return (ordering(), nil, nil)
        case "@in": return (containment(), nil, nil)
        case "url": return (traversal(size(0)), nil, nil)
        case "dyn": return (CostRange(1), arguments.first?.size, arguments.first?.inner)
        case "bytes" where isText(arguments.first):
            let size = size(0)
            return (traversal(size), CostRange(least: size.least, most: CostRange.product(size.most, 4)), nil)
        case "string" where isBytes(arguments.first):
            let size = size(0)
            return (traversal(size), CostRange(least: size.least / 4, most: size.most), nil)
        case "sets.contains", "sets.intersects": return (size(0) * size(1) + CostRange(1), nil, nil)
        case "lists.range": return allocating(CostRange(arguments.first?.literal ?? .max), 1)
        case "sets.equivalent": return (size(0) * size(1) * 2.0 + CostRange(1), nil, nil)
        default: return (CostRange(1), nil, nil)
        }
    }

    // MARK: Operators

    private func isText(_ operand: CostEstimator.Estimate?) -> Bool {
        switch operand?.type {
        case .string, .dyn: true
        default: false
        }
    }

    private func isBytes(_ operand: CostEstimator.Estimate?) -> Bool {
        switch operand?.type {
        case .bytes, .dyn: true
        default: false
        }
    }

    private var isOfTexts: Bool { arguments.allSatisfy { isText($0) || isBytes($0) } }
    private var isDynamic: Bool { arguments.allSatisfy(\.type.isDynamic) }

    private func sum() -> Answer {
        let size = size(0) + size(1)
        if arguments.contains(where: { if case .list = $0.type { true } else { false } }) {
            let inner = arguments[0].inner.flatMap { left in arguments[1].inner.map { left.union($0) } }
            return (CostRange(1), size, inner)
        }
        guard isOfTexts else { return (CostRange(1), nil, nil) }
        return (isDynamic ? traversal(size).union(CostRange(1)) : traversal(size), size, nil)
    }

    /// Two values differ at the end of the shorter one at the latest.
    private func comparison() -> CostRange {
        if case .opaque(let name)? = arguments.first?.type, case .opaque(name)? = arguments.last?.type {
            guard name == "kubernetes.URL" else { return CostRange(1) }
            let most = min(arguments[0].size?.most ?? 0, arguments[1].size?.most ?? 0)
            return CostRange(least: 0, most: most) * CostEstimator.perCharacter
        }
        let most = min(size(0).most, size(1).most)
        return CostRange(least: most > 0 ? 1 : 0, most: most) * CostEstimator.perCharacter
    }

    private func ordering() -> CostRange {
        guard isOfTexts else { return CostRange(1) }
        return isDynamic ? comparison().union(CostRange(1)) : comparison()
    }

    private func containment() -> CostRange {
        switch arguments[1].type {
        case .list: size(1)
        case .dyn: size(1).union(CostRange(1))
        default: CostRange(1)
        }
    }

    // MARK: Members

    /// A list is made, for which each element costs so much (cel-go's ext/lists).
    private func allocating(_ size: CostRange, _ factor: Double) -> Answer {
        (size * factor + CostRange(11), size, nil)
    }

    /// Every element is compared with every other.
    static func sorting(_ size: CostRange, isText: Bool) -> CostRange {
        size * size * (isText ? 2 + CostEstimator.perCharacter : 2) + CostRange(11)
    }

    private func list(_ target: CostEstimator.Estimate, _ own: CostRange) -> Answer {
        switch name {
        case "slice":
            let (start, end) = (arguments.first?.literal ?? 0, arguments.last?.literal ?? own.most)
            return allocating(CostRange(end > start ? end - start : 0), 1)
        case "flatten": return allocating(own, arguments.isEmpty ? 1 : Double(arguments[0].literal ?? .max))
        case "distinct": return (own * own * 2 + CostRange(11), own, target.inner)
        case "sort":
            var isText = false
            if case .list(let element) = target.type { isText = element.name == "string" || element.name == "bytes" }
            return (FunctionCost.sorting(own, isText: isText), own, target.inner)
        default: return (own + CostRange(11), own, target.inner)
        }
    }

    private func member(_ target: CostEstimator.Estimate) -> Answer {
        let own = target.size ?? .unknown
        switch name {
        case "startsWith", "endsWith": return (traversal(size(0)), nil, nil)
        case "contains": return (traversal(own) * traversal(size(0)), nil, nil)
        case "matches": return (pattern(own, size(0)), nil, nil)
        case "find", "findAll": return (pattern(own, size(0)), CostRange(least: 0, most: own.most), nil)
        case "lowerAscii", "upperAscii", "substring", "trim": return (traversal(own), own, nil)
        case "format": return (traversal(own), nil, nil)
        case "replace": return (own * (2 * CostEstimator.perCharacter), replaced(own), nil)
        case "split": return (own * (2 * CostEstimator.perCharacter), CostRange(least: 0, most: own.most), nil)
        case "join":
            let made = joined(target, own)
            return (traversal(made), made, nil)
        case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf": return (search(target, own), nil, nil)
        case "slice", "flatten", "reverse", "distinct", "sort": return list(target, own)
        // An address has 4 or 16 bytes, of which each side is gone through.
        case "containsIP": return (CostRange(least: 1, most: 4) + parsed, nil, nil)
        case "containsCIDR": return (CostRange(least: 3, most: 7) + parsed, nil, nil)
        // Each name's format is a pattern of up to 128 characters.
        case "validate": return (traversal(size(0)) * 32.0, nil, nil)
        default: return (CostRange(1), nil, nil)
        }
    }

    /// What it costs to read an address that is given as text.
    private var parsed: CostRange {
        guard case .string? = arguments.first?.type else { return CostRange(0) }
        return traversal(size(0))
    }

    private func replaced(_ own: CostRange) -> CostRange {
        let (old, new) = (size(0), size(1))
        let longest = replacements(of: old.least, by: new.most, in: own.most) { new, old in new <= old }
        let shortest = replacements(of: old.most, by: new.least, in: own.least) { new, old in old <= new }
        return CostRange(least: shortest, most: longest)
    }

    /// How long a text is when each part of a length is replaced; `isKept` where that would not change it in the way asked for.
    private func replacements(
        of old: UInt64, by new: UInt64, in text: UInt64, isKept: (UInt64, UInt64) -> Bool
    ) -> UInt64 {
        // Nothing stands before and behind each character.
        if old == 0 { return ((CostRange(text) + CostRange(1)) * CostRange(new) + CostRange(text)).most }
        if isKept(new, old) { return text }
        return CostRange.product(text / old + (text % old == 0 ? 0 : 1), new)
    }

    private func element(of list: CostEstimator.Estimate) -> CostRange {
        list.path.isEmpty ? .unknown : estimator.size(at: list.path + ["@items"]) ?? .unknown
    }

    private func joined(_ target: CostEstimator.Estimate, _ own: CostRange) -> CostRange {
        var made = own * element(of: target)
        if !arguments.isEmpty {
            let gaps = CostRange(least: max(own.least, 1) - 1, most: max(own.most, 1) - 1)
            made = made + size(0) * gaps
        }
        return made
    }

    private func search(_ target: CostEstimator.Estimate, _ own: CostRange) -> CostRange {
        guard case .list(let type) = target.type else { return traversal(own) }
        switch type {
        case .string, .bytes: return own * (CostRange(1) + traversal(element(of: target)))
        default: return own
        }
    }
}
