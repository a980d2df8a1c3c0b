import Flags
import Release

/// `-o`: the form in which a command prints what it found.
struct OutputFlags {
    @Flag(
        "output", short: "o", "prints the output in the specified format. Allowed values: table, json, yaml",
        kind: "format")
    var name = "table"

    func format() throws -> OutputFormat {
        guard let format = OutputFormat(rawValue: name) else {
            throw CommandFailure("invalid argument \"\(name)\" for \"-o, --output\" flag: invalid format type")
        }
        return format
    }
}
