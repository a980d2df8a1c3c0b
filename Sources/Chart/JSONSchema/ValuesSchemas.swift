import Document
import Template

/// Holds the values of a chart and its subcharts against their values.schema.json files.
enum ValuesSchemas {
    /// What a chart of the tree asks of its values.
    struct Claim {
        /// The chart's name.
        let name: String
        let subject: Subject

        enum Subject {
            /// That they fit its schema.
            case fit(GoMap, LoadedChart)
            /// That they are a map, which they are not, but of that type.
            case wrongType(String)
        }
    }

    /// What came of a check.
    struct Verdict: Sendable {
        /// What is wrong with the values, in Helm's words with a heading for each chart; nil where nothing is.
        var fault: String?
        var warnings: [RenderWarning] = []
    }

    /// What is wrong with the values, in Helm's words with a heading for each chart; nil where nothing is.
    static func fault(_ chart: LoadedChart, _ values: GoMap, _ warnings: inout [RenderWarning]) -> String? {
        let verdict = verdict(on: claims(chart, values))
        warnings += verdict.warnings
        return verdict.fault
    }

    /// What the chart and its subcharts ask, in Helm's order.
    static func claims(_ chart: LoadedChart, _ values: GoMap) -> [Claim] {
        var result: [Claim] = []
        if chart.schema != nil { result.append(Claim(name: chart.name, subject: .fit(values, chart))) }
        for subchart in chart.dependencies {
            switch values[Text(subchart.name)] {
            case nil, .null?, .invalid?: continue
            case .map(let inner)?: result += claims(subchart, inner)
            case let other?:
                result.append(Claim(name: subchart.name, subject: .wrongType(other.printed(verb: "T").string)))
            }
        }
        return result
    }

    static func verdict(on claims: [Claim]) -> Verdict {
        var verdict = Verdict()
        var text = ""
        for claim in claims {
            switch claim.subject {
            case .wrongType(let type):
                text += "\(claim.name):\ninvalid type for values: expected object (map), got \(type)\n"
            case .fit(let values, let chart):
                let words = fault(values, &verdict.warnings) { () throws(JSONSchema.Failure) in try schema(of: chart) }
                if let words { text += "\(claim.name):\n\(words)" }
            }
        }
        if !text.isEmpty {
            verdict.fault =
                "values don't meet the specifications of the schema(s) in the following chart(s):\n" + text
        }
        return verdict
    }

    /// What is wrong with values by one schema, or with the schema itself; nil where nothing is.
    static func fault(_ schema: [UInt8], _ values: GoMap, _ warnings: inout [RenderWarning]) -> String? {
        fault(values, &warnings) { () throws(JSONSchema.Failure) in try JSONSchema(schema) }
    }

    private static func fault(
        _ values: GoMap, _ warnings: inout [RenderWarning], by schema: () throws(JSONSchema.Failure) -> JSONSchema?
    ) -> String? {
        do throws(JSONSchema.Failure) {
            guard let compiled = try schema() else { return nil }
            warnings += compiled.warnings.map { warning in
                RenderWarning(
                    message: "unresolved URN reference ignored; using permissive schema",
                    attributes: [.init(key: "urn", value: warning.urn)], isInformation: false)
            }
            guard let report = try compiled.report(on: .map(values)) else { return nil }
            // The heading names a file of Helm's own making, so that Helm cuts it off.
            let heading = "jsonschema validation failed with 'file:///values.schema.json#'\n"
            return String(report.hasPrefix(heading) ? report.dropFirst(heading.count) : report[...]) + "\n"
        } catch {
            return error.message
        }
    }

    private static func schema(of chart: LoadedChart) throws(JSONSchema.Failure) -> JSONSchema? {
        try chart.schema.map { (schema) throws(JSONSchema.Failure) in try JSONSchema(schema) }
    }

    /// A fault, and where its value stands among the values of the whole chart.
    struct PlacedFault {
        let path: [JSON.PathStep]
        /// Whether it is what is not there that is wrong, or a name, and not a value.
        let isOfNames: Bool
        let words: String
    }

    /// What is wrong with the values of a chart and its subcharts, one by one.
    static func faults(_ chart: LoadedChart, _ values: GoMap) -> [PlacedFault] {
        var result: [PlacedFault] = []
        if let compiled = try? schema(of: chart) {
            for fault in compiled.faults(of: .map(values)) {
                let isOwn = fault.place.url == JSONSchema.chartURL
                let asked =
                    isOwn ? "\(chart.name)/values.schema.json#\(fault.place.pointer.string)" : fault.place.text.string
                let words = "\(SchemaReport.words(fault.kind)) (asked for by \(asked))"
                result.append(
                    PlacedFault(path: fault.path + fault.surplusKey, isOfNames: fault.isOfNames, words: words))
            }
        }
        for subchart in chart.dependencies {
            let key = Text(subchart.name)
            guard case .map(let inner)? = values[key] else { continue }
            result += faults(subchart, inner).map { fault in
                PlacedFault(path: [.key(key)] + fault.path, isOfNames: fault.isOfNames, words: fault.words)
            }
        }
        return result
    }
}

extension ValuesSchemas.Claim {
    /// The same claim on a copy of the values, which nobody else changes.
    var own: ValuesSchemas.Claim {
        guard case .fit(let values, let chart) = subject else { return self }
        return ValuesSchemas.Claim(name: name, subject: .fit(values.deepCopy(), chart))
    }

    /// How much there is to do, in bytes of templates that are read meanwhile.
    var weight: Int {
        guard case .fit(_, let chart) = subject else { return 0 }
        return 10 * (chart.schema?.count ?? 0)
    }
}

extension SchemaFault {
    /// The step to a property that must not be there.
    fileprivate var surplusKey: [JSON.PathStep] {
        if case .surplus(let names) = kind, let name = names.first { return [.key(name)] }
        return []
    }

    fileprivate var isOfNames: Bool {
        switch kind {
        case .required, .dependency: true
        default: false
        }
    }
}
