import API
import ArgumentParser
import Client
import Glibc
import Release

/// Which cluster and namespace a command is about; each flag has an environment variable.
struct ConnectionFlags: ParsableArguments {
    @Option(name: [.customShort("n"), .customLong("namespace")], help: "namespace scope for this request")
    var namespace: String?

    @Option(name: .customLong("kubeconfig"), help: "path to the kubeconfig file")
    var kubeconfig: String?

    @Option(name: .customLong("kube-context"), help: "name of the kubeconfig context to use")
    var context: String?

    @Option(name: .customLong("kube-apiserver"), help: "the address and the port for the Kubernetes API server")
    var server: String?

    @Option(name: .customLong("kube-token"), help: "bearer token used for authentication")
    var token: String?

    @Option(name: .customLong("kube-ca-file"), help: "the certificate authority file for the API server connection")
    var authority: String?

    @Option(name: .customLong("kube-as-user"), help: "username to impersonate for the operation")
    var user: String?

    @Option(
        name: .customLong("kube-as-group"), parsing: .unconditionalSingleValue,
        help: "group to impersonate for the operation, this flag can be repeated to specify multiple groups.")
    var groups: [String] = []

    @Option(
        name: .customLong("kube-tls-server-name"),
        help: "server name to use for Kubernetes API server certificate validation")
    var serverName: String?

    @Flag(
        name: .customLong("kube-insecure-skip-tls-verify"),
        help: "if true, the Kubernetes API server's certificate will not be checked for validity")
    var skipsVerification = false

    @Flag(name: .customLong("debug"), help: "enable verbose output")
    var debug = false

    @Option(name: .customLong("burst-limit"), help: "client-side default throttling limit (not used)")
    var burstLimit: Int?

    @Option(name: .customLong("qps"), help: "queries per second, not including bursting (not used)")
    var queriesPerSecond: Double?

    @Option(name: [.customLong("color"), .customLong("colour")], help: "use colored output (never, auto, always)")
    var color: String?

    @Option(name: .customLong("registry-config"), help: "path to the registry config file")
    var registryConfiguration: String?

    @Option(name: .customLong("repository-config"), help: "path to the file of repository names and URLs")
    var repositoryConfiguration: String?

    @Option(name: .customLong("repository-cache"), help: "path to the folder of cached repository indexes")
    var repositoryCache: String?

    @Option(name: .customLong("content-cache"), help: "path to the folder of cached content")
    var contentCache: String?

    /// The flag over the environment over what Helm takes by itself.
    var space: String { namespace ?? Self.environment("HELM_NAMESPACE") ?? "default" }

    /// Whether values, hooks and manifests are shown too.
    var isVerbose: Bool { debug || Self.environment("HELM_DEBUG").flatMap(GoFlags.bool) ?? false }

    private var overrides: Kubeconfig.Overrides {
        var overrides = Kubeconfig.Overrides()
        overrides.context = context ?? Self.environment("HELM_KUBECONTEXT")
        overrides.server = server ?? Self.environment("HELM_KUBEAPISERVER")
        overrides.token = token ?? Self.environment("HELM_KUBETOKEN")
        overrides.certificateAuthorityFile = authority ?? Self.environment("HELM_KUBECAFILE")
        overrides.serverName = serverName ?? Self.environment("HELM_KUBETLS_SERVER_NAME")
        if skipsVerification || Self.environment("HELM_KUBEINSECURE_SKIP_TLS_VERIFY").flatMap(GoFlags.bool) ?? false {
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
            let kubeconfig = try Kubeconfig.load(path: kubeconfig)
            space = try kubeconfig.namespace(overrides)
            transport = try kubeconfig.transport(overrides)
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
