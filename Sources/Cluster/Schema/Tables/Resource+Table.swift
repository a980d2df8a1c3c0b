public import API
public import Document

extension Resource {
    /// The columns of a Table, in order.
    public var columns: [TableColumn] {
        let declared = declaration.columns.map {
            TableColumn(
                name: $0.name, type: $0.type, format: $0.format, description: $0.description, priority: $0.priority)
        }
        if namesItself { return declared }
        return [TableColumn(name: "Name", type: "string", format: "name", description: "", priority: 0)] + declared
    }

    /// Whether the declaration says where the name stands: an event's comes last, and is not always shown.
    private var namesItself: Bool { !isCustom && declaration.columns.contains { $0.name == "Name" } }

    /// The cells of an object's row, one for each column.
    ///
    /// - Parameter now: what ages are counted from.
    public func cells(_ object: Value, now: Time) -> [Value] {
        // v1 of the autoscaler knows too little of itself.
        let object = kind.name == "HorizontalPodAutoscaler" ? stored(object) : object
        let declared = declaration.columns.map { column in
            isCustom ? Cell.custom(column, object, now: now) : Cell.value(column, object, now: now)
        }
        if namesItself { return declared }
        return [.string(kind.name == "StorageClass" ? Cell.storageClassName(object) : object.name)] + declared
    }

    /// The row's `conditions`: `Completed` for pods that ran to their end; empty for most.
    public func rowConditions(_ object: Value) -> [Value] {
        guard kind.name == "Pod", group.isEmpty else { return [] }
        switch object["status", "phase"] {
        case "Succeeded"?:
            return [
                [
                    "type": "Completed", "status": "True", "reason": "Succeeded",
                    "message": "The pod has completed successfully.",
                ]
            ]
        case "Failed"?:
            return [
                [
                    "type": "Completed", "status": "True", "reason": "Failed", "message": "The pod failed.",
                ]
            ]
        default: return []
        }
    }
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

/// The Table of a Scale, which is no resource of its own (pkg/registry/autoscaling prints it).
public enum ScaleTable {
    /// The columns, in order.
    public static let columns: [TableColumn] = [
        ("Name", "string"), ("Desired", "integer"), ("Available", "integer"), ("Age", "string"),
    ].map { TableColumn(name: $0.0, type: $0.1, format: "", description: "", priority: 0) }

    /// The cells of a Scale's row.
    ///
    /// - Parameter now: what its age is counted from.
    public static func cells(_ scale: Value, now: Time) -> [Value] {
        [
            .string(scale.name), scale["spec", "replicas"] ?? 0, scale["status", "replicas"] ?? 0,
            .string(Cell.since(scale.creationTimestamp, now)),
        ]
    }
}
