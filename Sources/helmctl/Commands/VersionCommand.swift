import ArgumentParser

/// `helmctl version`: says which helmctl this is and what it is compatible with.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version and what it is compatible with.")

    @Flag(name: .customLong("short"), help: "print the version number")
    var isShort = false

    func run() {
        let version = "v0.1.0"
        Console.print(isShort ? "\(version)\n" : "helmctl \(version), compatible with Helm v4.2 and Kubernetes v1.36\n")
    }
}
