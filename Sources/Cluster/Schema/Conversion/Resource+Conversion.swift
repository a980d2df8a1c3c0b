public import Document

/// How objects of a built-in resource get from the version in which they are stored to another that is served, and back.
struct Conversion: Sendable {
    typealias Change = @Sendable (_ object: inout Value) -> Void

    /// From the stored version.
    let serve: Change
    /// To the stored version.
    let store: Change
    /// The stored version: group and version.
    let stored: (group: String, version: String)

    /// By group, version and kind of the version that is not stored.
    fileprivate static let all: [String: Conversion] = [
        "autoscaling/v1/HorizontalPodAutoscaler": Conversion(
            serve: AutoscalerConversion.toFirst, store: AutoscalerConversion.toSecond, stored: ("autoscaling", "v2")),
        "events.k8s.io/v1/Event": Conversion(
            serve: EventConversion.toNew, store: EventConversion.toOld, stored: ("", "v1")),
    ]
}

extension Resource {
    private var conversion: Conversion? {
        isCustom ? nil : Conversion.all["\(group)/\(version)/\(kind.name)"]
    }

    /// Whether an object may differ from what is stored by more than its version's name: it is converted, or what
    /// the schema of a CRD says by now of defaults and fields has still to be done to it.
    public var changesWhenRead: Bool {
        conversion != nil || (isCustom && (mayBeStale || kind.schema.map(Resource.hasDefaults) == true))
    }

    private static func hasDefaults(_ schema: Value) -> Bool {
        guard let object = schema.object else { return false }
        if object["default"] != nil { return true }
        for key: Text in ["items", "additionalProperties"] {
            if let inner = object[key], hasDefaults(inner) { return true }
        }
        return object["properties"]?.object?.contains { hasDefaults($0.value) } ?? false
    }

    /// A stored object in this version; versions of a CRD differ in nothing but their name (its None strategy), but
    /// each prunes by its own schema, and the version in which objects are stored gives them its defaults.
    public func served(_ stored: Value) -> Value {
        if isCustom {
            let kept = (storageKind ?? kind).completed(stored)
            return storageKind == nil ? kept : kind.pruned(kept)
        }
        guard let conversion else { return stored }
        var object = stored
        conversion.serve(&object)
        return (try? kind.decode(object).object) ?? object
    }

    /// An object of this version as it is stored.
    public func stored(_ object: Value) -> Value {
        if let storageKind { return storageKind.pruned(object) }
        guard let conversion,
            let kind = Catalogue.builtIn.kind(
                group: conversion.stored.group, version: conversion.stored.version, kind: kind.name)
        else { return object }
        var stored = object
        conversion.store(&stored)
        return (try? kind.decode(stored).object) ?? stored
    }
}

extension Kind {
    /// A stored custom resource with what the schema says by now.
    fileprivate func completed(_ stored: Value) -> Value {
        (try? decode(stored).object).map { defaulted($0) } ?? stored
    }

    /// A custom resource of another version without what this version's schema has no place for.
    fileprivate func pruned(_ object: Value) -> Value {
        (try? decode(object).object).map { withoutNulls($0) } ?? object
    }
}

extension Value {
    /// Gives a member another name; what stood under that is gone.
    mutating func rename(_ name: Text, to other: Text) {
        self[other] = self[name]
        self[name] = nil
    }

    /// An annotation that holds JSON.
    func annotatedJSON(_ key: Text) -> Value? {
        self["metadata", "annotations", key]?.text.flatMap { try? JSON.parse($0) }
    }

    /// Keeps what the version has no field for as an annotation; nothing where it is empty.
    mutating func annotate(_ key: Text, json value: Value) {
        guard value.array?.isEmpty != true, value.object?.isEmpty != true, !value.isNull else { return }
        self["metadata", "annotations", key] = .string(JSON.text(value))
    }

    /// Takes annotations away, and the map itself with its last.
    mutating func dropAnnotations(_ keys: [Text]) {
        guard self["metadata", "annotations"] != nil else { return }
        for key in keys { self["metadata", "annotations", key] = nil }
        if self["metadata", "annotations"]?.object?.isEmpty == true { self["metadata", "annotations"] = nil }
    }
}
