public import API
public import Document
import Synchronization

/// A kind in one version: what its objects look like.
public final class Kind: Sendable {
    /// Empty for core.
    public let group: String
    public let version: String
    /// `Pod`
    public let name: String
    /// `io.k8s.api.core.v1.Pod`; for a CRD's kind, as OpenAPI names it: `com.example.v1.Widget`.
    let definition: String
    /// What a CRD's schema makes of it; nil for a built-in kind.
    let custom: Structure?
    /// The schema of a CRD's version.
    let structural: Structural?
    private let declared = Mutex<Structure?>(nil)

    init(_ name: String, of declaration: GroupDeclaration) {
        group = declaration.group
        version = declaration.version
        self.name = name
        definition = "\(declaration.package).\(declaration.version).\(name)"
        custom = nil
        structural = nil
    }

    /// - Parameter schema: of a version of a CRD, as it stands there.
    init(group: String, version: String, name: String, schema: Structural) {
        self.group = group
        self.version = version
        self.name = name
        let reversed = group.split(separator: ".").reversed().joined(separator: ".")
        definition = "\(reversed).\(version).\(name)"
        custom = StructuralSchema.root(schema, name: name)
        structural = schema
    }

    /// The schema of a CRD's version as it stands there.
    public var schema: Value? { structural?.schema }

    /// `apps/v1`, or `v1` for the core group.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// Group, version and name.
    public var groupVersionKind: GroupVersionKind { GroupVersionKind(group: group, version: version, kind: name) }

    /// The fields; read from the declarations of the group the first time.
    var structure: Structure {
        if let custom { return custom }
        return declared.withLock { known in
            if let known { return known }
            let found = DeclarationLibrary.shared.structure(definition) ?? Structure(name: name, preservesUnknown: true)
            known = found
            return found
        }
    }
}

/// An object that was read, and what a strict reader has against it.
public struct Decoded: Sendable {
    /// The object as Go would write it.
    public var object: Value
    /// `unknown field "spec.x"`, `duplicate field "data.a"` in upstream's order: the Warning headers, or joined by `, `
    /// after `strict decoding error: ` the reason of a 400.
    public var strictProblems: [String]
}

/// Why a body cannot be read as an object of its kind.
public struct DecodingFailure: Error, Hashable {
    /// Go's text: `json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool`.
    public let message: String
}

extension Kind {
    /// Reads what a client sent as Go's decoder and encoder would give it back: types are checked, unknown fields
    /// dropped (a CRD's by its schema), quantities, times and bytes are brought into their canonical form, fields at
    /// their zero value are left out or written as Go's struct tags say. `apiVersion` and `kind` are set.
    ///
    /// - Parameters:
    ///   - body: the parsed body; that its apiVersion and kind are right is the caller's to check.
    ///   - duplicates: the paths of keys that came twice, from `JSON.parseNotingDuplicates`.
    ///   - isConverted: whether what does not fit is told in the words of apimachinery's converter from unstructured
    ///     maps, which a strategic merge patch goes through, instead of encoding/json's.
    /// - Throws: a failure whose text goes after `Pod in version "v1" cannot be handled as a Pod: `.
    public func decode(
        _ body: Value, duplicates: [[JSON.PathStep]] = [], isConverted: Bool = false
    ) throws(DecodingFailure) -> Decoded {
        var decoder = Decoder(isConverting: isConverted)
        var object = try decoder.decode(body, as: self)
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(name)
        let twice = duplicates.map { "duplicate field \"\(Decoder.text(of: $0))\"" }
        let problems = isConverted ? twice + decoder.unknown.sorted() : decoder.unknown + twice
        return Decoded(object: object, strictProblems: problems)
    }

    /// A path as strict readers tell it: `spec.containers[0].name`.
    public static func fieldPath(_ path: [JSON.PathStep]) -> String { Decoder.text(of: path) }

    /// A custom resource without the nulls that its schema neither takes nor replaces.
    func withoutNulls(_ object: Value) -> Value {
        structural.map { CustomDefaulting(onlyPrunes: true).apply(to: object, $0) } ?? object
    }

    /// The object with the defaults of its declaration, and those that depend on other fields.
    ///
    /// - Parameter keepsNulls: whether nulls where a CRD's schema has none stay, to be refused.
    public func defaulted(_ object: Value, keepsNulls: Bool = false) -> Value {
        Defaulting.apply(to: object, of: self, keepsNulls: keepsNulls)
    }
}
