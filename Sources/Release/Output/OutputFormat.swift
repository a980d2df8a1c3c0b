public import Document

/// The forms in which commands print what they found: `-o`.
public enum OutputFormat: String, Sendable, CaseIterable {
    case table
    case json
    case yaml
}

extension OrderedJSON {
    /// The text of `-o json` or `-o yaml` (pkg/cli/output: EncodeJSON, EncodeYAML); nil for tables.
    public func text(_ format: OutputFormat) -> Text? {
        switch format {
        case .table: nil
        case .json: Text(bytes: bytes + [UInt8(ascii: "\n")])
        case .yaml: YAML.text(sorted)
        }
    }
}
