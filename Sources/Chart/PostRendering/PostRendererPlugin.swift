import Document
import Glibc

/// A plugin of Helm 4 that changes rendered documents: type `postrenderer/v1`, run as a process.
public struct PostRendererPlugin: Sendable {
    private let name: String
    private let folder: String
    private let command: String
    private let arguments: [String]
    private let environment: [String]

    /// Finds a plugin by name in the folders of plugins.
    public init(named name: String, _ arguments: [String], folders: [String]) throws(LoadFailure) {
        for parent in folders {
            for entry in (try? HostFile.names(in: parent)) ?? [] {
                let folder = "\(parent)/\(entry)"
                guard let plugin = try PostRendererPlugin.read(folder), plugin["name"]?.string == name,
                    plugin["type"]?.string == "postrenderer/v1"
                else { continue }
                try self.init(name, folder, plugin, arguments)
                return
            }
        }
        throw LoadFailure(
            .notFound, name,
            "invalid argument \(GoQuote.quote(Text(name)).string) for \"--post-renderer\" flag: "
                + "plugin: {Name:\(name) Type:postrenderer/v1} not found")
    }

    private init(
        _ name: String, _ folder: String, _ plugin: Value, _ arguments: [String]
    ) throws(LoadFailure) {
        guard plugin["runtime"]?.string == "subprocess" else {
            let runtime = plugin["runtime"]?.string ?? ""
            throw LoadFailure(.invalid, folder, "plugin \(name): the runtime \"\(runtime)\" is not supported yet")
        }
        let commands = plugin["runtimeConfig", "platformCommand"]?.array ?? []
        guard let chosen = PostRendererPlugin.fitting(commands) else {
            throw LoadFailure(.invalid, folder, "plugin command is not applicable")
        }
        self.name = name
        self.folder = folder
        let variables = ["HELM_PLUGIN_NAME": name, "HELM_PLUGIN_DIR": folder]
        let expand: (String) -> String = { PostRendererPlugin.expanded($0, variables) }
        command = expand(chosen["command"]?.string ?? "")
        self.arguments = (chosen["args"]?.array ?? []).compactMap(\.string).map(expand) + arguments
        environment = variables.map { "\($0.key)=\($0.value)" }
    }

    private static func read(_ folder: String) throws(LoadFailure) -> Value? {
        let path = "\(folder)/plugin.yaml"
        guard HostFile.exists(path) else { return nil }
        let bytes = try HostFile.read(path)
        do throws(YAML.Failure) {
            return try YAML.parse(bytes)
        } catch {
            throw LoadFailure(.malformed, path, "failed to load plugin at \(path): \(error.message)")
        }
    }

    /// The command for this system and processor, else for this system, else for all.
    private static func fitting(_ commands: [Value]) -> Value? {
        #if arch(x86_64)
            let processor = "amd64"
        #else
            let processor = "arm64"
        #endif
        func find(_ system: String, _ wanted: String) -> Value? {
            commands.first { ($0["os"]?.string ?? "") == system && ($0["arch"]?.string ?? "") == wanted }
        }
        return find("linux", processor) ?? find("linux", "") ?? find("", processor) ?? find("", "")
    }

    /// Go's `os.Expand` with `$NAME` and `${NAME}`.
    private static func expanded(_ text: String, _ variables: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            if isBraced { rest.removeFirst() }
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            rest = rest.dropFirst(name.count)
            if isBraced, rest.first == "}" { rest.removeFirst() }
            result += variables[name] ?? getenv(name).map { String(cString: $0) } ?? ""
        }
        return result + rest
    }

    /// Gives the documents to the plugin and returns what it makes of them.
    public func run(_ bytes: [UInt8]) throws(LoadFailure) -> [UInt8] {
        let process = FilterProcess(command, arguments, environment)
        let outcome = try process.run(bytes)
        if outcome.status != 0 {
            let words = String(decoding: outcome.errors, as: UTF8.self)
            throw LoadFailure(
                .invalid, folder,
                "error while running post render on files: failed to invoke post-renderer plugin "
                    + "\(GoQuote.quote(Text(name)).string): exit status \(outcome.status): \(words)")
        }
        if GoText.trimmingLeft(outcome.output[...]).isEmpty {
            throw LoadFailure(
                .invalid, folder,
                "error while running post render on files: post-renderer \(GoQuote.quote(Text(name)).string) "
                    + "produced empty output")
        }
        return outcome.output
    }
}
