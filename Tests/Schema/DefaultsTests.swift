import API
import Document
import TestSupport
import Testing

@testable import Schema

/// Recorded creates: reading, defaulting and preparing the request gives the body of the answer.
@Suite struct DefaultsTests {
    static let creates = ["defaults", "misc", "patch", "apply", "quota", "admission", "crd"].flatMap(Golden.area)
        .filter { $0.method == "POST" && $0.status == 201 && $0.request.object != nil && $0.resource != nil }

    @Test(.needsShared, arguments: creates) func createGivesTheRecordedObject(_ golden: Golden) throws {
        let resource = try #require(golden.resource)
        var object = try resource.kind.decode(golden.request).object
        for key: Text in ["name", "namespace", "uid", "creationTimestamp", "resourceVersion"] {
            object["metadata", key] = golden.response["metadata", key]
        }
        object = resource.kind.defaulted(object)
        let now = try #require(golden.response.creationTimestamp)
        object = resource.trackingUpdate(object, from: nil, by: golden.owner(now))
        object = resource.preparedForCreate(object, now: now)
        let difference = Difference.of(
            Admission.undone(object), Admission.undone(golden.response))
        #expect(difference == [])
    }
}

extension Golden {
    /// Who the recorded request says it is.
    func owner(_ now: Time, subresource: String? = nil) -> FieldOwner {
        let query = path.split(separator: "?").dropFirst().first ?? ""
        let named = query.split(separator: "&").first { $0.hasPrefix("fieldManager=") }?.dropFirst(13)
        return FieldOwner(manager: named.map(String.init) ?? "golden", subresource: subresource, now: now)
    }

    /// The resource of the request's path; nil for subresources and what the catalogue does not know.
    var resource: Resource? {
        var parts = path.split(separator: "?")[0].split(separator: "/").map(String.init)
        guard parts.count > 2 else { return nil }
        let group = parts[0] == "api" ? "" : parts[1]
        parts.removeFirst(parts[0] == "api" ? 1 : 2)
        let version = parts.removeFirst()
        if parts.first == "namespaces", parts.count > 2 { parts.removeFirst(2) }
        guard let plural = parts.first, parts.count <= 2 else { return nil }
        return Catalogue.builtIn.resource(group: group, version: version, plural: plural)
    }
}

/// What other rooms add to an object before it is stored, taken away again.
enum Admission {
    static func undone(_ object: Value) -> Value {
        var object = object
        switch object.kind {
        case "Pod": undoPod(&object)
        case "Service":
            for key: Text in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] { object["spec", key] = nil }
            object["spec"]?.mapElements(of: "ports") { $0["nodePort"] = nil }
        case "PersistentVolumeClaim", "PersistentVolume": object["metadata", "finalizers"] = nil
        case "Node": object["spec", "taints"] = nil
        case "CertificateSigningRequest":
            for key: Text in ["username", "uid", "groups"] { object["spec", key] = nil }
        default: break
        }
        return object
    }

    private static func undoPod(_ pod: inout Value) {
        for key: Text in ["serviceAccount", "serviceAccountName", "priority", "preemptionPolicy", "tolerations"] {
            pod["spec", key] = nil
        }
        func isToken(_ value: Value) -> Bool { value["name"]?.string?.hasPrefix("kube-api-access") ?? false }
        func strip(_ value: inout Value, _ key: Text) {
            let rest = (value[key]?.array ?? []).filter { !isToken($0) }
            value[key] = rest.isEmpty ? nil : .array(rest)
        }
        var spec = pod["spec"] ?? [:]
        strip(&spec, "volumes")
        for list: Text in ["containers", "initContainers"] {
            spec.mapElements(of: list) { strip(&$0, "volumeMounts") }
        }
        pod["spec"] = spec
    }
}

/// Where two values differ, as lines for a test's report.
enum Difference {
    static func of(_ left: Value, _ right: Value, ignoring: Set<String> = [], at path: String = "") -> [String] {
        guard left != right, !ignoring.contains(path) else { return [] }
        switch (left, right) {
        case (.object(let a), .object(let b)):
            let keys = Set(a.keys).union(b.keys).sorted()
            return keys.flatMap { key -> [String] in
                let place = path.isEmpty ? key.string : "\(path).\(key.string)"
                if ignoring.contains(place) { return [] }
                guard let x = a[key] else { return ["\(place): missing, want \(JSON.text(b[key] ?? .null))"] }
                guard let y = b[key] else { return ["\(place): too much: \(JSON.text(x))"] }
                return of(x, y, ignoring: ignoring, at: place)
            }
        case (.array(let a), .array(let b)) where a.count == b.count:
            return a.indices.flatMap { of(a[$0], b[$0], ignoring: ignoring, at: "\(path)[\($0)]") }
        default: return ["\(path): \(JSON.text(left)), want \(JSON.text(right))"]
        }
    }
}
