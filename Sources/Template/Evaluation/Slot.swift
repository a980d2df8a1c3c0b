/// A value, and whether Go holds it in a slot of type `interface {}`: error texts name the slot's type then, and a nil
/// in such a slot is no missing value.
struct Slot {
    var value: GoValue
    var isInterface: Bool

    init(_ value: GoValue, isInterface: Bool = false) {
        self.value = value
        self.isInterface = isInterface
    }

    static var invalid: Slot { Slot(.invalid) }

    /// The value taken out of its `interface {}`, as at the end of each pipeline.
    var unwrapped: Slot {
        if case .null = value { return .invalid }
        return Slot(value)
    }

    var typeName: String { isInterface ? "interface {}" : value.typeName }

    /// The nil that an `interface {}` holds.
    var isNilInterface: Bool {
        guard isInterface, case .null = value else { return false }
        return true
    }

    var isInvalid: Bool { if case .invalid = value { true } else { false } }
}
