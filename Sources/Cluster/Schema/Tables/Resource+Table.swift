public import API
public import Document

extension Resource {
    /// The columns of a Table, in order.
    public var columns: [TableColumn] { preconditionFailure("not supported yet") }

    /// The cells of an object's row, one for each column.
    ///
    /// - Parameter now: what ages are counted from.
    public func cells(_ object: Value, now: Time) -> [Value] { preconditionFailure("not supported yet") }

    /// The row's `conditions`: `Completed` for pods that ran to their end; empty for most.
    public func rowConditions(_ object: Value) -> [Value] { preconditionFailure("not supported yet") }
}

/// A column definition of a Table.
public struct TableColumn: Sendable, Hashable {
    public let name: String
    public let type: String
    public let format: String
    public let description: String
    /// 0 is always shown, more only with `-o wide`.
    public let priority: Int

    /// The object in a Table's `columnDefinitions`.
    public var value: Value {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .int(priority),
        ]
    }
}
