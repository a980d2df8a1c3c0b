import API
import Document

/// How objects of a definition become those of another version: nothing but the apiVersion changes, or a webhook does it.
enum CustomConversionRules {
    /// - Parameters:
    ///   - old: what the definition said before; nil for a new one.
    ///   - preserves: whether the definition keeps unknown fields, which no webhook may convert.
    static func check(_ conversion: Value?, old: Value?, preserves: Bool, _ faults: inout Faults) {
        guard let conversion, conversion.object != nil else { return }
        let strategy = conversion["strategy"] ?? ""
        let path = "spec.conversion"
        if preserves, strategy != "None" {
            faults.invalid("\(path).strategy", strategy, "must be None if spec.preserveUnknownFields is true")
        }
        if strategy == "" {
            faults.required("\(path).strategy")
        } else {
            faults.check(strategy, in: ["None", "Webhook"], "\(path).strategy")
        }
        let client = conversion["webhook", "clientConfig"]
        let versions = conversion["webhook", "conversionReviewVersions"]?.array ?? []
        guard strategy == "Webhook" else {
            let words = "should not be set when strategy is not set to Webhook"
            if client != nil { faults.forbidden("\(path).webhookClientConfig", words) }
            if !versions.isEmpty { faults.forbidden("\(path).conversionReviewVersions", words) }
            return
        }
        if let client {
            check(client, "\(path).webhookClientConfig", &faults)
        } else {
            faults.required("\(path).webhookClientConfig", "required when strategy is set to Webhook")
        }
        let before = old?["webhook", "conversionReviewVersions"]?.array ?? []
        checkReviews(
            versions, "\(path).conversionReviewVersions", demandsKnown: before.isEmpty || isKnown(before), &faults)
    }

    private static func isKnown(_ versions: [Value]) -> Bool { versions.contains("v1") || versions.contains("v1beta1") }

    /// Where a webhook is reached.
    static func check(_ client: Value, _ place: String, _ faults: inout Faults) {
        switch (client["url"]?.string, client["service"]) {
        case (let url?, nil): checkURL(url, "\(place).url", &faults)
        case (nil, let service?): checkService(service, "\(place).service", &faults)
        default: faults.required(place, "exactly one of url or service is required")
        }
    }

    /// - Parameter demandsKnown: whether there has to be a version that this server sends.
    static func checkReviews(
        _ versions: [Value], _ place: String, demandsKnown: Bool = true, _ faults: inout Faults
    ) {
        if versions.isEmpty { return faults.required(place) }
        for (index, version) in versions.enumerated() {
            if versions[..<index].contains(version) {
                faults.invalid("\(place)[\(index)]", version, "duplicate version")
            } else {
                faults.invalid("\(place)[\(index)]", version, all: Names.label1035(version.string ?? ""))
            }
        }
        if demandsKnown, !isKnown(versions) {
            faults.invalid(place, .array(versions), "must include at least one of v1, v1beta1")
        }
    }

    // MARK: Clients (apiserver/pkg/util/webhook)

    private static func checkURL(_ url: String, _ place: String, _ faults: inout Faults) {
        let form = "; desired format: https://host[/path]"
        let scheme = url.contains("://") ? String(url.prefix { $0 != ":" }).lowercased() : ""
        let rest = scheme.isEmpty ? url[...] : url.dropFirst(scheme.count + 3)
        let authority = scheme.isEmpty ? "" : rest.prefix { !"/?#".contains($0) }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        if scheme != "https" { faults.invalid(place, .string(scheme), "'https' is the only allowed URL scheme\(form)") }
        if parts.last?.isEmpty ?? true { faults.invalid(place, "", "host must be specified\(form)") }
        if parts.count > 1 {
            faults.invalid(place, .string(String(parts[0])), "user information is not permitted in the URL")
        }
        let fragment = rest.drop { $0 != "#" }.dropFirst()
        if !fragment.isEmpty {
            faults.invalid(place, .string(String(fragment)), "fragments are not permitted in the URL")
        }
        let query = rest.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
        if !query.isEmpty {
            faults.invalid(place, .string(String(query)), "query parameters are not permitted in the URL")
        }
    }

    private static func checkService(_ service: Value, _ place: String, _ faults: inout Faults) {
        for key: Text in ["name", "namespace"] where (service[key]?.string ?? "").isEmpty {
            faults.required("\(place).\(key)", "service \(key) is required")
        }
        if let port = service["port"]?.int, !(1...65535).contains(port) {
            faults.invalid(
                "\(place).port", service["port"], "port is not valid: must be between 1 and 65535, inclusive")
        }
        guard let path = service["path"]?.string, path != "/" else { return }
        if path == "//" { return faults.invalid("\(place).path", service["path"], "segment[0] may not be empty") }
        if !path.hasPrefix("/") { faults.invalid("\(place).path", service["path"], "must start with a '/'") }
        let steps = path.hasSuffix("/") ? path.dropFirst().dropLast() : path.dropFirst()
        for (index, step) in steps.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if step.isEmpty {
                faults.invalid("\(place).path", service["path"], "segment[\(index)] may not be empty")
            } else {
                let words = Names.subdomain(String(step)).map { "segment[\(index)]: \($0)" }
                faults.invalid("\(place).path", service["path"], all: words)
            }
        }
    }
}
