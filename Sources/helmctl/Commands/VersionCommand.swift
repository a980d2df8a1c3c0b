import Flags

/// `helmctl version`: says which helmctl this is and what it is compatible with.
struct VersionCommand: Command {
    static let description = CommandDescription("version", "Print the version and what it is compatible with")

    @Flag("short", "print the version number")
    var isShort = false

    @Flag("template", "go template for formatting the output")
    var template: String?

    let connection = ConnectionFlags()

    func run() throws {
        if template != nil { throw CommandFailure("--template is not supported yet") }
        let version = "v0.1.0"
        Console.print(isShort ? "\(version)\n" : "helmctl \(version), compatible with Helm v4.2 and Kubernetes v1.36\n")
    }
}
