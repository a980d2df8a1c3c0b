import API
import Document

/// The checks of CreateOptions, UpdateOptions, PatchOptions and DeleteOptions (apimachinery's metav1/validation).
struct WriteOptions: Sendable {
    /// `CreateOptions` …
    let kind: String
    private var faults: [FieldError] = []

    init(kind: String) { self.kind = kind }

    mutating func checkCommon(_ query: Query) {
        checkManager(query["fieldManager"])
        checkDryRun(query.all("dryRun").map(Value.string))
        let validation = query["fieldValidation"]
        if !["", "Ignore", "Strict", "Warn"].contains(validation) {
            faults.append(
                FieldError(
                    .notSupported, "fieldValidation", value: .string(validation),
                    detail: "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""))
        }
    }

    mutating func checkDryRun(_ values: [Value]) {
        guard !values.allSatisfy({ $0 == "All" }) else { return }
        faults.append(
            FieldError(.notSupported, "dryRun", value: .array(values), detail: "supported values: \"All\""))
    }

    private mutating func checkManager(_ name: String) {
        if name.utf8.count > 128 {
            faults.append(FieldError(.tooLong, "fieldManager", detail: "may not be more than 128 bytes"))
        }
        for index in name.unicodeScalars.indices where !GoQuote.isPrintable(name.unicodeScalars[index]) {
            let code = String(name.unicodeScalars[index].value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
            let place = name.utf8.distance(from: name.startIndex, to: index)
            faults.append(
                FieldError(
                    .invalid, "fieldManager", value: .string(name),
                    detail: "invalid character U+\(padded) (at position \(place))"))
        }
    }

    mutating func checkForce(_ query: Query, isApply: Bool) {
        if isApply && query["fieldManager"].isEmpty {
            faults.append(FieldError(.required, "fieldManager", detail: "is required for apply patch"))
        }
        if !isApply && query.has("force") {
            faults.append(FieldError(.forbidden, "force", detail: "may not be specified for non-apply patch"))
        }
    }

    mutating func add(_ fault: FieldError) { faults.append(fault) }

    /// Throws the 422 that the faults are.
    func finish() throws(Status) {
        guard !faults.isEmpty else { return }
        throw .invalid(GroupVersionKind(group: "meta.k8s.io", version: "v1", kind: kind), "", faults)
    }
}
