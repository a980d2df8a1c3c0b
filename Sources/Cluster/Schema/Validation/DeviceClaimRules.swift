import API
import Document

/// The rules of claims to devices and of classes of devices (pkg/apis/resource/validation), but for their expressions.
enum DeviceClaimRules {
    private static let most = 32
    private static let mostAlternatives = 8
    private static let mostUsers = 256
    private static let longestExpression = 10 * 1024

    static let claim = Rules(
        new: { claim, faults in checkClaim(claim["spec", "devices"] ?? [:], "spec.devices", &faults) },
        update: { claim, old, faults in keeps("ResourceClaimSpec", claim, old, &faults) },
        status: status)

    static let template = Rules(
        new: { template, faults in
            faults.checkMarks(template["spec", "metadata"] ?? [:], "spec.metadata")
            checkClaim(template[path: ["spec", "spec", "devices"]] ?? [:], "spec.spec.devices", &faults)
        },
        update: { template, old, faults in keeps("ResourceClaimTemplateSpec", template, old, &faults) })

    static let deviceClass = Rules(create: { deviceClass, faults in
        let spec = deviceClass["spec"] ?? [:]
        checkSelectors(spec, "spec", &faults)
        checkList(spec["config"], "spec.config", &faults) { config, path, faults in
            checkConfiguration(config, path, &faults)
        }
        if let name = spec["extendedResourceName"]?.string, !ResourceNames.isExtended(name) {
            faults.invalid(
                "spec.extendedResourceName", .string(name), "must be a valid extended resource name")
        }
    })

    private static func keeps(_ type: String, _ object: Value, _ old: Value, _ faults: inout Faults) {
        guard object["spec"] != old["spec"] else { return }
        let shown = GoDump.shown(type, object["spec"] ?? [:], of: "resource")
        faults.invalid("spec", shown: shown, "field is immutable")
    }

    // MARK: Lists

    private static func checkList(
        _ list: Value?, _ path: String, most: Int = most, _ faults: inout Faults,
        _ check: (_ item: Value, _ path: String, _ faults: inout Faults) -> Void
    ) {
        let items = list?.array ?? []
        if items.count > most { faults.tooMany(path, items.count, most) }
        for (index, item) in items.enumerated() { check(item, "\(path)[\(index)]", &faults) }
    }

    private static func checkUnique(_ keys: [Value], _ path: String, _ faults: inout Faults) {
        var seen: Set<Value> = []
        for (index, key) in keys.enumerated() where !seen.insert(key).inserted {
            faults.duplicate("\(path)[\(index)]", key)
        }
    }

    private static func names(_ list: Value?) -> [Value] { (list?.array ?? []).map { $0["name"] ?? "" } }

    // MARK: Claims

    private static func checkClaim(_ claim: Value, _ path: String, _ faults: inout Faults) {
        let known = requestNames(claim)
        checkList(claim["requests"], "\(path).requests", &faults, checkRequest)
        checkUnique(names(claim["requests"]), "\(path).requests", &faults)
        checkList(claim["constraints"], "\(path).constraints", &faults) { constraint, path, faults in
            checkReferences(constraint["requests"], known, "\(path).requests", &faults)
            let keys: [Text] = ["matchAttribute", "distinctAttribute"]
            if let key = keys.first(where: { constraint.has($0) }) {
                checkAttribute(constraint[key]?.string ?? "", "\(path).\(key)", &faults)
            } else {
                faults.required(
                    path,
                    "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set"
                )
            }
        }
        checkList(claim["config"], "\(path).config", &faults) { config, path, faults in
            checkReferences(config["requests"], known, "\(path).requests", &faults)
            checkConfiguration(config, path, &faults)
        }
    }

    /// What others may name: requests, and alternatives of them behind a slash.
    private static func requestNames(_ claim: Value) -> Set<String> {
        var all: Set<String> = []
        for request in claim["requests"]?.array ?? [] {
            let name = request["name"]?.string ?? ""
            all.insert(name)
            for part in names(request["firstAvailable"]) { all.insert("\(name)/\(part.string ?? "")") }
        }
        return all
    }

    private static func checkReferences(
        _ list: Value?, _ known: Set<String>, _ path: String, _ faults: inout Faults
    ) {
        let words =
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
        checkList(list, path, &faults) { item, path, faults in
            let name = item.string ?? ""
            let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2 else { return faults.invalid(path, item, words) }
            for part in parts { faults.invalid(path, .string(part), all: Names.label(part)) }
            if !known.contains(name) { faults.invalid(path, item, words) }
        }
        checkUnique(list?.array ?? [], path, &faults)
    }

    /// `example.com/attribute`
    private static func checkAttribute(_ name: String, _ path: String, _ faults: inout Faults) {
        if name.isEmpty { return faults.required(path) }
        faults.checkDeviceName(name, path)
        if !name.contains("/") { faults.invalid(path, .string(name), "must include a domain") }
    }

    private static func checkRequest(_ request: Value, _ path: String, _ faults: inout Faults) {
        checkName(request, path, &faults)
        let alternatives = request["firstAvailable"]?.array ?? []
        switch (request.has("exactly"), !alternatives.isEmpty) {
        case (false, false):
            faults.required(path, "exactly one of `exactly` or `firstAvailable` is required")
        case (true, true):
            faults.invalid(
                path, .null,
                "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set")
        case (true, false): checkExact(request["exactly"] ?? [:], "\(path).exactly", &faults)
        case (false, true):
            let list = "\(path).firstAvailable"
            checkList(.array(alternatives), list, most: mostAlternatives, &faults) { part, path, faults in
                checkName(part, path, &faults)
                checkExact(part, path, &faults)
            }
            checkUnique(names(.array(alternatives)), list, &faults)
        }
    }

    private static func checkName(_ request: Value, _ path: String, _ faults: inout Faults) {
        let name = request["name"]?.string ?? ""
        faults.invalid("\(path).name", .string(name), all: Names.label(name))
    }

    private static func checkExact(_ request: Value, _ path: String, _ faults: inout Faults) {
        let name = request["deviceClassName"]?.string ?? ""
        if name.isEmpty {
            faults.required("\(path).deviceClassName")
        } else {
            faults.invalid("\(path).deviceClassName", .string(name), all: Names.subdomain(name))
        }
        checkSelectors(request, path, &faults)
        let count = request["count"]?.int ?? 0
        switch request["allocationMode"]?.string ?? "" {
        case "All":
            if count != 0 {
                faults.invalid(
                    "\(path).count", .int(count), "must not be specified when allocationMode is 'All'")
            }
        case "ExactCount":
            if count <= 0 { faults.invalid("\(path).count", .int(count), "must be greater than zero") }
        default:
            faults.unsupported(
                "\(path).allocationMode", request["allocationMode"] ?? "", ["All", "ExactCount"])
        }
    }

    private static func checkSelectors(_ object: Value, _ path: String, _ faults: inout Faults) {
        checkList(object["selectors"], "\(path).selectors", &faults) { selector, path, faults in
            guard selector.has("cel") else { return faults.required("\(path).cel") }
            if (selector["cel", "expression"]?.text?.count ?? 0) > longestExpression {
                faults.tooLong("\(path).cel.expression", longestExpression)
            }
        }
    }

    private static func checkConfiguration(_ config: Value, _ path: String, _ faults: inout Faults) {
        guard let opaque = config["opaque"], !opaque.isNull else { return faults.required("\(path).opaque") }
        faults.checkDriverName(opaque["driver"]?.string ?? "", "\(path).opaque.driver")
        guard let parameters = opaque["parameters"], !parameters.isNull else {
            return faults.required("\(path).opaque.parameters")
        }
        if parameters.object == nil {
            faults.invalid(
                "\(path).opaque.parameters", shown: "\"<value omitted>\"",
                "parameters must be a valid JSON object")
        }
    }

    // MARK: The state of claims

    private static let status: Rules.Update = { claim, old, faults in
        let (status, before) = (claim["status"] ?? [:], old["status"] ?? [:])
        let users = status["reservedFor"]?.array ?? []
        checkList(.array(users), "status.reservedFor", most: mostUsers, &faults) { user, path, faults in
            for key: Text in ["resource", "name", "uid"] where (user[key]?.string ?? "").isEmpty {
                faults.required("\(path).\(key)")
            }
        }
        checkUnique(users.map { $0["uid"] ?? "" }, "status.reservedFor", &faults)
        if !users.isEmpty {
            let known = before["reservedFor"]?.array ?? []
            if !status.has("allocation") {
                faults.forbidden("status.reservedFor", "may not be specified when `allocated` is not set")
            } else if claim.isBeingDeleted, !users.allSatisfy(known.contains) {
                faults.forbidden(
                    "status.reservedFor",
                    "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set")
            }
        }
        guard let allocation = status["allocation"], !allocation.isNull else { return }
        if before.has("allocation") {
            guard allocation != before["allocation"] else { return }
            let shown = GoDump.shown("AllocationResult", allocation, of: "resource")
            return faults.invalid("status.allocation", shown: shown, "field is immutable")
        }
        let known = requestNames(claim["spec", "devices"] ?? [:])
        checkAllocation(allocation, known, "status.allocation", &faults)
    }

    private static func checkAllocation(
        _ allocation: Value, _ known: Set<String>, _ path: String, _ faults: inout Faults
    ) {
        checkList(allocation["devices", "results"], "\(path).devices.results", &faults) { result, path, faults in
            let request = result["request"]?.string ?? ""
            if !known.contains(request) {
                faults.invalid(
                    "\(path).request", .string(request),
                    "must be the name of a request in the claim or the name of a request and a subrequest separated by "
                        + "'/'")
            }
            faults.checkDriverName(result["driver"]?.string ?? "", "\(path).driver")
            faults.checkPoolName(result["pool"]?.string ?? "", "\(path).pool")
            let device = result["device"]?.string ?? ""
            faults.invalid("\(path).device", .string(device), all: Names.label(device))
        }
        if let selector = allocation["nodeSelector"], !selector.isNull {
            faults.checkNodeSelector(selector, "\(path).nodeSelector")
        }
    }
}

extension Faults {
    mutating func checkPoolName(_ name: String, _ field: String) {
        if name.isEmpty { return required(field) }
        if name.utf8.count > 253 { tooLong(field, 253) }
        for part in name.split(separator: "/", omittingEmptySubsequences: false).map(String.init) {
            invalid(field, .string(part), all: Names.subdomain(part))
        }
    }

    /// What a device has is called by a C identifier, with or without a domain.
    mutating func checkDeviceName(_ name: String, _ field: String) {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 {
            if parts[0].isEmpty {
                invalid(field, .string(name), "the domain must not be empty")
            } else {
                invalid(field, .string(parts[0]), all: Names.subdomain(parts[0]))
            }
        }
        let id = parts.last ?? ""
        if id.isEmpty { return invalid(field, .string(name), "the name must not be empty") }
        if !Names.isIdentifier(id) {
            invalid(
                field, .string(id),
                "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric "
                    + "characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is "
                    + "'[A-Za-z_][A-Za-z0-9_]*')")
        }
        if id.utf8.count > 32 { tooLong(field, 32) }
    }
}
