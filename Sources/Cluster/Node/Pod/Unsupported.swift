import API
import Document

/// What Kubernetes lets a container ask for and this node does not have: it is refused, never passed over.
enum Unsupported {
    /// - Throws: ``NodeError`` of code `unsupported` that names the field.
    static func check(_ container: Value, of pod: Value) throws {
        if container["securityContext", "procMount"]?.string == "Unmasked" { throw refusal("procMount: Unmasked") }
        if !(container["volumeDevices"]?.array ?? []).isEmpty { throw refusal("volumeDevices") }
        try checkAppArmor(container, of: pod)
    }

    /// The profile of the container, else of the pod, else of the annotation that was there before the field.
    private static func checkAppArmor(_ container: Value, of pod: Value) throws {
        let profile =
            container["securityContext", "appArmorProfile"] ?? pod["spec", "securityContext", "appArmorProfile"]
        let old = pod.annotation(Text("container.apparmor.security.beta.kubernetes.io/\(container.nameField)"))
        guard let type = profile?["type"]?.string ?? old else { return }
        if type.lowercased() == "unconfined" { return }
        throw refusal("the AppArmor profile \(profile?["localhostProfile"]?.string ?? type)")
    }

    private static func refusal(_ what: String) -> NodeError {
        NodeError(.unsupported, "\(what) is not supported yet by this node")
    }
}

extension Value {
    fileprivate var nameField: String { self["name"]?.string ?? "" }
}
