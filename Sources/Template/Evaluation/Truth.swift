import Document

extension GoValue {
    /// Whether `if` takes the value for true: anything but the zero of its type or an empty collection.
    var isTrue: Bool {
        switch self {
        case .invalid, .null: false
        case .bool(let bool): bool
        case .int(let int): int != 0
        case .int64(let int): int != 0
        case .uint8(let int): int != 0
        case .uint64(let int): int != 0
        case .float(let double): double != 0
        case .complex(let real, let imaginary): real != 0 || imaginary != 0
        case .string(let text), .bytes(let text): !text.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .map(let map): map.count > 0
        case .object(let object): object.underlying?.isTrue ?? true
        }
    }

    /// The value of any integer kind that fits 64 bits with a sign.
    var integer: Int64? {
        switch self {
        case .int(let int): Int64(int)
        case .int64(let int): int
        case .uint8(let int): Int64(int)
        case .uint64(let int): Int64(exactly: int)
        default: nil
        }
    }
}
