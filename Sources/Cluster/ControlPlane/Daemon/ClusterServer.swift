public import API
import APIServer
import CLinux
import Glibc
import PKI
import Store

/// A running cluster: the store, the API, its listener, and the parts beside it; the body of the daemon.
public struct ClusterServer: Sendable {
    private let settings: ClusterSettings
    private let folder: DataFolder
    private let clock: any TimeSource

    public init(_ settings: ClusterSettings, clock: any TimeSource = SystemTime()) {
        self.settings = settings
        folder = DataFolder(settings.folder)
        self.clock = clock
    }

    /// Runs the cluster until SIGTERM or SIGINT.
    ///
    /// - Parameter onReady: called once `/readyz` says ok, with the server's URL.
    public func run(onReady: @Sendable (String) -> Void) async throws(ClusterFailure) {
        helmctl_limit_arenas()
        let stop = StopSignal()
        try ClusterParts.check(settings)
        try folder.make()
        guard let lock = try FolderLock(folder) else {
            throw ClusterFailure(.alreadyRunning, "a cluster is already running in \(folder.path)")
        }
        try wrap(.badFolder) { () throws(PKIFailure) in
            try PrivateFile.write("\(getpid())\n", to: folder.processFile)
        }
        defer {
            unlink(folder.processFile)
            unlink(folder.server)
            withExtendedLifetime(lock) {}
        }
        let place = try takePlace()
        let store = try openStore()
        defer { store.close() }
        let names = names(place.ranges)
        let credentials = try wrap(.badFolder) { () throws(PKIFailure) in
            try Credentials(folder, names: names, now: clock.now.seconds)
        }
        let api = try makeAPI(store, credentials, place)
        let server = try makeServer(api, credentials)
        do throws(ClusterFailure) {
            try await serve(api, server, credentials, place.ranges, stop, onReady)
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }

    private func serve(
        _ api: KubeAPI, _ server: HTTPSServer, _ credentials: Credentials, _ ranges: AddressRanges,
        _ stop: StopSignal, _ onReady: @Sendable (String) -> Void
    ) async throws(ClusterFailure) {
        let port = try await listen(server)
        do {
            let bootstrap = Bootstrap(api)
            try await bootstrap.run()
            try await bootstrap.publish(address: settings.podAddress ?? Machine.address, port: port)
        } catch {
            throw ClusterFailure(.startFailed, "cannot make the cluster's first objects: \(error)\(folder.spaceAdvice)")
        }
        let url = "https://\(settings.host):\(port)"
        try wrap(.badFolder) { () throws(PKIFailure) in try publish(url, credentials) }
        api.setReady(true)
        onReady(url)
        let context = ClusterContext(
            settings: settings, folder: folder, ranges: ranges, api: api,
            authority: credentials.authority.credential.certificatePEM, clock: clock)
        let services =
            ClusterParts.services(context) + [
                Upkeep(folder: folder, names: names(ranges), api: api, server: server, clock: clock),
                MemoryReturn(store: api.store, clock: clock),
            ]
        await ServiceGroup(services).run(until: stop)
        api.setReady(false)
    }

    private func listen(_ server: HTTPSServer) async throws(ClusterFailure) -> Int {
        do throws(HTTPSServer.ListenFailure) {
            let port = try await server.listen(host: settings.host, port: settings.port)
            if let second = settings.podAddress { _ = try await server.listen(host: second, port: port) }
            return port
        } catch {
            let advice = error.isTaken ? "; choose another address with --listen" : ""
            throw ClusterFailure(error.isTaken ? .portTaken : .badSettings, error.description + advice)
        }
    }

    private func publish(_ url: String, _ credentials: Credentials) throws(PKIFailure) {
        let file = KubeconfigFile(
            server: url, authority: credentials.authority.credential.certificatePEM, user: credentials.administrator)
        try file.write(to: settings.kubeconfig ?? folder.kubeconfig)
        try PrivateFile.write("\(url)\n", to: folder.server)
    }

    /// All that the server is called: by those outside, and by pods.
    private func names(_ ranges: AddressRanges) -> [String] {
        let service = ranges.services[1].description
        let addresses = [settings.host, "127.0.0.1", "::1", Machine.address, settings.podAddress, service]
            .compactMap { $0 }.filter { $0 != "0.0.0.0" && $0 != "::" }
        var named = [
            "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
        ]
        for address in addresses where !named.contains(address) { named.append(address) }
        return named
    }
}

// MARK: The pieces

extension ClusterServer {
    private func openStore() throws(ClusterFailure) -> any RevisionStore {
        let url = settings.store ?? "sqlite://\(folder.store)"
        let content = try settings.snapshot.map { (path) throws(ClusterFailure) in
            try wrap(.storeUnusable) { () throws(StoreFailure) in try SnapshotFile.read(path) }
        }
        if url == "memory:" { return content.map { MemoryStore(restoring: $0) } ?? MemoryStore() }
        guard let path = folder.storePath(url) else {
            throw ClusterFailure(.badSettings, "--store \(url): it has to be sqlite:///PATH or memory:")
        }
        let options = SQLiteStore.Options(relaxed: KubeAPI.relaxedKeys)
        return try wrap(.storeUnusable) { () throws(StoreFailure) in
            if let content { try SQLiteStore.restore(content, to: path) }
            return try SQLiteStore(path: path, options: options)
        }
    }

    /// The ranges of the cluster, and what others of this machine have to know of it: nothing, where it has no node.
    private func takePlace() throws(ClusterFailure) -> (ranges: AddressRanges, claims: MachineClaims?) {
        let kept = try wrap(.badFolder) { () throws(PKIFailure) in try AddressRanges.kept(in: folder) }
        func choose(_ others: [MachineClaims.Claim]) throws(ClusterFailure) -> AddressRanges {
            let routes = settings.hasNode ? AddressRanges.routesOfMachine() : []
            return try AddressRanges.choose(settings, kept: kept, routes: routes, others: others)
        }
        let claims = settings.hasNode ? try MachineClaims(folder, choose: choose) : nil
        let ranges = if let claims { claims.ranges } else { try choose([]) }
        try wrap(.badFolder) { () throws(PKIFailure) in try ranges.keep(in: folder) }
        return (ranges, claims)
    }

    private func makeAPI(
        _ store: any RevisionStore, _ credentials: Credentials, _ place: (ranges: AddressRanges, claims: MachineClaims?)
    ) throws(ClusterFailure) -> KubeAPI {
        let options = KubeAPI.Options(
            serviceRange: place.ranges.services, advertised: "\(settings.host):\(settings.port)",
            authority: credentials.authority.credential.certificatePEM, neighbours: place.claims, tokens: try tokens(),
            keyring: SigningKeyring { [folder] () throws(PKIFailure) in try Credentials.tokenKey(folder) },
            installing: .milliseconds(15))
        return KubeAPI(
            store: store, options: options, node: ClusterParts.node(settings, folder), clock: clock)
    }

    private func makeServer(_ api: KubeAPI, _ credentials: Credentials) throws(ClusterFailure) -> HTTPSServer {
        try wrap(.badFolder) { () throws(PKIFailure) in
            try HTTPSServer(
                api, credential: credentials.server, authority: credentials.authority.credential.certificatePEM,
                threads: max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
    }

    private func tokens() throws(ClusterFailure) -> [String: Identity] {
        guard let path = settings.tokenFile else { return [:] }
        let text = try wrap(.badSettings) { () throws(PKIFailure) in try PrivateFile.read(path) }
        guard let text else { throw ClusterFailure(.badSettings, "--token-auth-file \(path): no such file") }
        return try wrap(.badSettings) { () throws(TokenFile.Failure) in try TokenFile.parse(text) }
    }

    private func wrap<Result, Failure: Error>(
        _ code: ClusterFailure.Code, _ body: () throws(Failure) -> Result
    ) throws(ClusterFailure) -> Result {
        do throws(Failure) { return try body() } catch { throw ClusterFailure(code, "\(error)") }
    }
}
