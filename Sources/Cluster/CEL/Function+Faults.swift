// MARK: Calls that nothing fits

extension Function {
    private static let numbers: Set<String> = ["int", "uint", "double"]
    private static let moments: Set<String> = ["google.protobuf.Timestamp", "google.protobuf.Duration"]

    /// The types whose values have an operator of their own, which then says that it does not fit (cel-go's traits).
    private static let traits: [String: Set<String>] = {
        let moved = numbers.union(moments)
        let ordered = moved.union(["bool", "string", "bytes"])
        let added = moved.union(["string", "bytes", "list"])
        let sized: Set<String> = ["string", "bytes", "list", "map"]
        return [
            "_+_": added, "_-_": moved,
            "_*_": numbers, "_/_": numbers, "_%_": ["int", "uint"], "-_": ["int", "double"], "!_": ["bool"],
            "_<_": ordered, "_<=_": ordered, "_>_": ordered, "_>=_": ordered, "@in": [], "size": sized,
        ]
    }()

    /// The types whose values take any call, and then say that it does not fit.
    private static let receivers: Set<String> = moments.union(["string"])

    /// What is said where no way to call a function fits the values.
    static func unfitting(_ name: String, _ values: [CELValue]) -> CELError {
        if let types = traits[name] {
            let owner = (name == "@in" ? values.last : values.first)?.typeName ?? ""
            return types.contains(owner) || receivers.contains(owner)
                ? .noOverload : CELError("no such overload: \(name)")
        }
        return CELError("no such overload: \(name)(\(values.map(\.typeName).joined(separator: ", ")))")
    }
}
