import API
import Document

/// Groups of Kubernetes' own community say who approved of their definitions (apiextensions-apiserver's apihelpers).
enum ApprovalPolicy: Equatable {
    case missing, invalid
    case approved(String)
    case bypassed(String)

    static let annotation = "api-approved.kubernetes.io"

    /// Nil for other groups.
    init?(_ definition: Value, group: String) {
        guard ["k8s.io", "kubernetes.io"].contains(where: { group == $0 || group.hasSuffix(".\($0)") }) else {
            return nil
        }
        let text = definition[path: ["metadata", "annotations", Text(ApprovalPolicy.annotation)]]?.string ?? ""
        if text.isEmpty {
            self = .missing
        } else if text.hasPrefix("unapproved") {
            self = .bypassed(text)
        } else if text.contains("://"), !text.hasPrefix(":"), !text.hasSuffix("://") {
            self = .approved(text)
        } else {
            self = .invalid
        }
    }

    /// Why, in upstream's words.
    var message: String {
        let words = "protected groups must have approval annotation \"\(ApprovalPolicy.annotation)\""
        let advice = ", see https://github.com/kubernetes/enhancements/pull/1111"
        return switch self {
        case .missing: words + advice
        case .invalid: "\(words) with either a URL or a reason starting with \"unapproved\"\(advice)"
        case .approved(let text): "approved in \(text)"
        case .bypassed(let text): "not approved: \(GoQuote.quote(Text(text)))"
        }
    }

    /// What upstream's controller tells of it in a definition's status.
    var condition: Condition {
        let (isConformant, reason) =
            switch self {
            case .missing: (false, "MissingAnnotation")
            case .invalid: (false, "InvalidAnnotation")
            case .approved: (true, "ApprovedAnnotation")
            case .bypassed: (false, "UnapprovedAnnotation")
            }
        return Condition(
            type: "KubernetesAPIApprovalPolicyConformant", status: isConformant ? "True" : "False", reason: reason,
            message: message)
    }
}
