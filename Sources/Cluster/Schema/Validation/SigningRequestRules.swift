import API
import Document

/// The rules of requests for certificates (pkg/apis/certificates/validation).
enum SigningRequestRules {
    static let all = Rules(
        create: check, parts: ["approval": checkApproval],
        status: { request, _, faults in checkConditions(request, &faults) })

    private static let usages = [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment",
        "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel",
        "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime",
        "server auth", "signing", "timestamping",
    ]

    private static let check: Rules.Create = { request, faults in
        let spec = request["spec"] ?? [:]
        if !isRequest(spec["request"]) {
            faults.invalid("spec.request", spec["request"], "PEM block type must be CERTIFICATE REQUEST")
        }
        let list = spec["usages"]?.array ?? []
        if list.isEmpty { faults.required("spec.usages") }
        for (index, usage) in list.enumerated() { faults.check(usage, in: usages, "spec.usages[\(index)]") }
        var seen: Set<Value> = []
        for (index, usage) in list.enumerated() where !seen.insert(usage).inserted {
            faults.duplicate("spec.usages[\(index)]", usage)
        }
        if spec["signerName"] == "kubernetes.io/legacy-unknown" {
            faults.invalid(
                "spec.signerName", spec["signerName"], "the legacy signerName is not allowed via this API version")
        } else {
            checkSigner(spec["signerName"]?.string ?? "", "spec.signerName", &faults)
        }
        if let seconds = spec["expirationSeconds"]?.int, seconds < 600 {
            faults.invalid(
                "spec.expirationSeconds", .int(seconds),
                "may not specify a duration less than 600 seconds (10 minutes)")
        }
        checkConditions(request, &faults)
    }

    private static func isRequest(_ data: Value?) -> Bool {
        guard let bytes = Base64.decode((data?.string ?? "").utf8) else { return false }
        let text = Text(bytes: bytes).string
        guard let start = text.firstRange(of: "-----BEGIN ")?.upperBound else { return false }
        return text[start...].hasPrefix("CERTIFICATE REQUEST-----")
    }

    /// `example.com/signer` (ValidateSignerName).
    private static func checkSigner(_ name: String, _ path: String, _ faults: inout Faults) {
        if name.isEmpty { return faults.required(path) }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            return faults.invalid(
                path, .string(name),
                "must be a fully qualified domain and path of the form 'example.com/signer-name'")
        }
        let domain = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let wrong = domain.first(where: { !Names.label($0).isEmpty }) {
            let details = Names.label(wrong).map { "validating label \"\(wrong)\": \($0)" }
            faults.invalid(path, .string(parts[0]), all: details)
        }
        if domain.count < 2 {
            faults.invalid(
                path, .string(parts[0]), "should be a domain with at least two segments separated by dots")
        }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let wrong = labels.first(where: { !Names.subdomain($0).isEmpty }) {
            let details = Names.subdomain(wrong).map { "validating label \"\(wrong)\": \($0)" }
            faults.invalid(path, .string(parts[1]), all: details)
        }
    }

    private static func checkConditions(_ request: Value, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, condition) in (request["status", "conditions"]?.array ?? []).enumerated() {
            let path = "status.conditions[\(index)]"
            let type = condition["type"] ?? ""
            if type == "" { faults.required("\(path).type") }
            if (condition["status"]?.string ?? "").isEmpty {
                faults.required("\(path).status")
            } else {
                let isDecision = ["Approved", "Denied", "Failed"].contains(type.string ?? "")
                faults.check(
                    condition["status"], in: isDecision ? ["True"] : ["False", "True", "Unknown"], "\(path).status")
            }
            let opposite: Value = type == "Approved" ? "Denied" : type == "Denied" ? "Approved" : .null
            if seen.contains(opposite) {
                faults.invalid("\(path).type", type, "Approved and Denied conditions are mutually exclusive")
            }
            if !seen.insert(type).inserted { faults.duplicate("\(path).type", type) }
        }
    }

    /// Decisions stay.
    private static let checkApproval: Rules.Update = { request, old, faults in
        for type: Value in ["Approved", "Denied", "Failed"] {
            let count = { (object: Value) in
                (object["status", "conditions"]?.array ?? []).filter { $0["type"] == type }.count
            }
            if count(request) < count(old) {
                faults.forbidden(
                    "status.conditions", "updates may not remove a condition of type \"\(type.string ?? "")\"")
            }
        }
    }
}
