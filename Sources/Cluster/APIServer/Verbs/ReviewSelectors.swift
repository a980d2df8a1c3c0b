import API
import Document

/// The selectors of a review's resource: raw, as a query has them, or as requirements (authorization.k8s.io's
/// FieldSelectorAttributes and LabelSelectorAttributes).
struct ReviewSelectors {
    private let resource: Value

    init(_ review: Value) { resource = review["spec", "resourceAttributes"] ?? [:] }

    private static let parts: [Text] = ["fieldSelector", "labelSelector"]

    /// What is wrong with them (pkg/apis/authorization/validation).
    var faults: [FieldError] {
        ReviewSelectors.parts.flatMap { part -> [FieldError] in
            guard let selector = resource[part], !selector.isNull else { return [] }
            let path = "spec.resourceAttributes.\(part)"
            let raw = selector["rawSelector"]?.string ?? ""
            let requirements = selector["requirements"]?.array ?? []
            var faults: [FieldError] = []
            if !raw.isEmpty && !requirements.isEmpty {
                faults.append(
                    FieldError(
                        .invalid, "\(path).rawSelector", value: .string(raw),
                        detail: "may not specified at the same time as requirements"))
            }
            if raw.isEmpty && requirements.isEmpty {
                faults.append(
                    FieldError(
                        .required, "\(path).requirements",
                        detail: "when \(path) is specified, requirements or rawSelector is required"))
            }
            return faults
                + requirements.enumerated().flatMap { ReviewSelectors.faults($1, "\(path).requirements[\($0)]") }
        }
    }

    /// Operators that nobody knows may be those of newer clients.
    private static func faults(_ requirement: Value, _ path: String) -> [FieldError] {
        var faults: [FieldError] = []
        if (requirement["key"]?.string ?? "").isEmpty {
            faults.append(FieldError(.required, "\(path).key", detail: "must be specified"))
        }
        let hasValues = !(requirement["values"]?.array ?? []).isEmpty
        switch requirement["operator"]?.string {
        case "In", "NotIn":
            guard !hasValues else { break }
            faults.append(
                FieldError(
                    .required, "\(path).values", detail: "must be specified when `operator` is 'In' or 'NotIn'"))
        case "Exists", "DoesNotExist":
            guard hasValues else { break }
            faults.append(
                FieldError(
                    .forbidden, "\(path).values",
                    detail: "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
        default: break
        }
        return faults
    }

    /// The field selector as a query would have it, as far as it can be read.
    var fields: String {
        let selector = resource["fieldSelector"] ?? [:]
        if let raw = selector["rawSelector"]?.string, !raw.isEmpty { return FieldSelector(raw) == nil ? "" : raw }
        return (selector["requirements"]?.array ?? []).compactMap { requirement -> String? in
            guard let values = requirement["values"]?.array, values.count == 1, let value = values[0].string,
                let sign = ["In": "=", "NotIn": "!="][requirement["operator"]?.string ?? ""]
            else { return nil }
            return "\(requirement["key"]?.string ?? "")\(sign)\(value)"
        }.joined(separator: ",")
    }

    /// What was left out of them because it could not be read (authorization/util's BuildEvaluationError).
    var ignored: String {
        ReviewSelectors.parts.compactMap { part -> String? in
            guard let selector = resource[part], !selector.isNull else { return nil }
            let path = "spec.resourceAttributes.\(part)"
            if let raw = selector["rawSelector"]?.string, !raw.isEmpty {
                let isRead =
                    part == "fieldSelector"
                    ? FieldSelector(raw) != nil : (try? LabelSelector(parsing: raw)) != nil
                return isRead ? nil : "\(path) ignored due to parse error"
            }
            let requirements = selector["requirements"]?.array ?? []
            let known = requirements.filter {
                ["In", "NotIn", "Exists", "DoesNotExist"].contains($0["operator"]?.string ?? "")
            }
            guard known.count < requirements.count else { return nil }
            return "\(path) \(known.isEmpty ? "" : "partially ")ignored due to parse error"
        }.joined(separator: "; ")
    }
}
