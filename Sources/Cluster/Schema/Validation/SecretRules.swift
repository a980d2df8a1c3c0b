import API
import Document

/// The rules of Secrets (pkg/apis/core/validation).
enum SecretRules {
    static let check: Rules.Create = { secret, faults in
        let data = secret["data"]?.object ?? [:]
        var size = 0
        for member in data {
            faults.invalid("data[\(member.key)]", .string(member.key), all: Names.configKey(member.key.string))
            size += (member.value.text?.count ?? 0) / 4 * 3
        }
        if size > Rules.maximumSize { faults.tooLong("data", Rules.maximumSize) }
        switch secret["type"]?.string ?? "" {
        case "kubernetes.io/service-account-token":
            if (secret.annotation("kubernetes.io/service-account.name") ?? "").isEmpty {
                faults.required("metadata.annotations[kubernetes.io/service-account.name]")
            }
        case "kubernetes.io/dockercfg": checkJSON(data, ".dockercfg", &faults)
        case "kubernetes.io/dockerconfigjson": checkJSON(data, ".dockerconfigjson", &faults)
        case "kubernetes.io/basic-auth":
            guard data["username"] == nil, data["password"] == nil else { return }
            for key in ["username", "password"] { faults.required("data[\(key)]") }
        case "kubernetes.io/ssh-auth":
            if (data["ssh-privatekey"]?.string ?? "").isEmpty { faults.required("data[ssh-privatekey]") }
        case "kubernetes.io/tls":
            for key: Text in ["tls.crt", "tls.key"] where data[key] == nil { faults.required("data[\(key)]") }
        default: break
        }
    }

    /// Nothing of what is in it is told.
    private static func checkJSON(_ data: Object, _ key: Text, _ faults: inout Faults) {
        guard let text = data[key]?.text else { return faults.required("data[\(key)]") }
        guard let words = fault(Base64.decode(text.bytes) ?? []) else { return }
        faults.invalid("data[\(key)]", "<secret contents redacted>", words)
    }

    /// Why bytes are no object, in the words of Go's encoding/json.
    private static func fault(_ bytes: [UInt8]) -> String? {
        let value: Value
        do throws(JSON.Failure) { value = try JSON.parse(bytes) } catch { return error.message }
        let kind: String
        switch value {
        case .object, .null: return nil
        case .array: kind = "array"
        case .bool: kind = "bool"
        case .number: kind = "number"
        case .string: kind = "string"
        }
        return "json: cannot unmarshal \(kind) into Go value of type map[string]interface {}"
    }
}
