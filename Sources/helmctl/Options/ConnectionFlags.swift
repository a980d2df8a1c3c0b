import API
import Client
import Document
import Flags
import Glibc
import Release
import Template

/// Which cluster and namespace a command is about; each flag has an environment variable.
struct ConnectionFlags {
    @Flag("namespace", short: "n", "namespace scope for this request")
    var namespace: String?

    @Flag("kubeconfig", "path to the kubeconfig file")
    var kubeconfig: String?

    @Flag("kube-context", "name of the kubeconfig context to use")
    var context: String?

    @Flag("kube-apiserver", "the address and the port for the Kubernetes API server")
    var server: String?

    @Flag("kube-token", "bearer token used for authentication")
    var token: String?

    @Flag("kube-ca-file", "the certificate authority file for the API server connection")
    var authority: String?

    @Flag("kube-as-user", "username to impersonate for the operation")
    var user: String?

    @Flag(
        "kube-as-group", "group to impersonate for the operation, this flag can be repeated to specify multiple groups")
    var groups: [String] = []

    @Flag("kube-tls-server-name", "server name to use for Kubernetes API server certificate validation")
    var serverName: String?

    @Flag(
        "kube-insecure-skip-tls-verify",
        "if true, the Kubernetes API server's certificate will not be checked for validity")
    var skipsVerification = false

    @Flag("debug", "enable verbose output")
    var debug = false

    @Flag("burst-limit", "client-side default throttling limit (not used)")
    var burstLimit = 100

    @Flag("qps", "queries per second, not including bursting (not used)", kind: "float32")
    var queriesPerSecond = 0.0

    @Flag("color", "use colored output (never, auto, always)")
    var color: String?

    @Flag("colour", "use colored output (never, auto, always)")
    var colour: String?

    @Flag("registry-config", "path to the registry config file")
    var registryConfiguration: String?

    @Flag("repository-config", "path to the file of repository names and URLs")
    var repositoryConfiguration: String?

    @Flag("repository-cache", "path to the folder of cached repository indexes")
    var repositoryCache: String?

    @Flag("content-cache", "path to the folder of cached content")
    var contentCache: String?

    /// The flag over the environment over what Helm takes by itself.
    var space: String { namespace ?? Self.environment("HELM_NAMESPACE") ?? "default" }

    /// Whether values, hooks and manifests are shown too.
    var isVerbose: Bool { debug || Self.environment("HELM_DEBUG").flatMap(Bool.init(goText:)) ?? false }

    /// Whether reports are coloured: the flag over NO_COLOR over HELM_COLOR, and by itself on a terminal only.
    func coloring() throws -> Coloring {
        let isRefused = Self.environment("NO_COLOR") != nil
        let named = Self.environment("HELM_COLOR").flatMap { ["never", "auto", "always"].contains($0) ? $0 : nil }
        switch color ?? colour ?? (isRefused ? "never" : named ?? "auto") {
        case "never": return Coloring()
        case "always": return Coloring(isOn: true)
        case "auto":
            return Coloring(isOn: !isRefused && Self.environment("TERM") != "dumb" && isatty(STDOUT_FILENO) == 1)
        case let other: throw Self.badColor(other)
        }
    }

    /// Refuses a word of `--color` that is none before anything else is looked at, as Helm does for every command.
    static func checkColor(_ words: [String]) throws {
        // Whoever completes a command line has not written it yet.
        if words.first?.hasPrefix("__complete") ?? false { return }
        let words = words.prefix { $0 != "--" }
        for (index, word) in words.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard ["--color", "--colour"].contains(parts[0]) else { continue }
            guard let mode = parts.count > 1 ? String(parts[1]) : words.dropFirst(index + 1).first else { continue }
            if !["never", "auto", "always"].contains(mode) { throw badColor(mode) }
        }
    }

    private static func badColor(_ mode: String) -> CommandFailure {
        CommandFailure("invalid color mode \(Text(mode).quoted): must be one of: never, auto, always")
    }

    private var overrides: Kubeconfig.Overrides {
        var overrides = Kubeconfig.Overrides()
        overrides.context = context ?? Self.environment("HELM_KUBECONTEXT")
        overrides.server = server ?? Self.environment("HELM_KUBEAPISERVER")
        overrides.token = token ?? Self.environment("HELM_KUBETOKEN")
        overrides.certificateAuthorityFile = authority ?? Self.environment("HELM_KUBECAFILE")
        overrides.serverName = serverName ?? Self.environment("HELM_KUBETLS_SERVER_NAME")
        if skipsVerification
            || Self.environment("HELM_KUBEINSECURE_SKIP_TLS_VERIFY").flatMap(Bool.init(goText:)) ?? false
        {
            overrides.skipsVerification = true
        }
        overrides.user = user ?? Self.environment("HELM_KUBEASUSER")
        let named = Self.environment("HELM_KUBEASGROUPS")?.split(separator: ",").map(String.init) ?? []
        overrides.groups = groups.isEmpty ? named : groups
        overrides.namespace = namespace ?? Self.environment("HELM_NAMESPACE")
        return overrides
    }

    /// What actions work with.
    ///
    /// A kubeconfig that cannot be used is told when the first request is made: not every command makes one.
    func actions(allNamespaces: Bool = false) throws -> ActionContext {
        try Self.checkDriver()
        var space = "default"
        var transport: any Transport
        do {
            (space, transport) = try connection()
        } catch {
            if let named = overrides.namespace { space = named }
            transport = UnreachableTransport(reason: "\(error)")
        }
        let isVerbose = isVerbose
        return ActionContext(
            APIClient(transport), namespace: allNamespaces ? "" : space,
            log: { record in
                if record.level != .debug || isVerbose { Console.warn(record.text + "\n") }
            },
            hookOutput: { Console.warn(String(decoding: $0, as: UTF8.self)) })
    }

    /// A way to the cluster for whoever only reads, without the machinery of actions.
    func client() throws -> APIClient { APIClient(try connection().transport) }

    private func connection() throws -> (space: String, transport: any Transport) {
        let kubeconfig = try Kubeconfig.load(path: kubeconfig)
        return (try kubeconfig.namespace(overrides), try kubeconfig.transport(overrides))
    }

    private static func checkDriver() throws {
        switch environment("HELM_DRIVER") {
        case nil, "secret", "secrets": return
        case "configmap", "configmaps", "memory", "sql":
            throw CommandFailure("the storage driver in HELM_DRIVER is not supported yet: only \"secret\" is")
        case let other?: throw CommandFailure("unknown driver \"\(other)\"")
        }
    }

    /// A variable of the environment that is set to something.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A way to no cluster: every request fails with the reason for which none could be found.
private struct UnreachableTransport: Transport {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let reason: String

    func send(_ request: APIRequest) async throws -> APIResponse { throw Failure(description: reason) }

    func watch(_ request: APIRequest) async throws -> AsyncThrowingStream<WatchEvent, any Error> {
        throw Failure(description: reason)
    }

    func stream(_ request: APIRequest) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        throw Failure(description: reason)
    }
}
