import API
import CLinux
import ClusterTestSupport
import Document
import Glibc
import PKI
import TestSupport
import Testing

@testable import Networking

/// Real namespaces, interfaces and rules of this machine.
@Suite(.needsRoot, .serialized) struct RealNetworkTests {
    /// A network of a test's own with programs that run in its pods.
    final class Bench: @unchecked Sendable {  // what changes is changed by the one test that owns it
        let scratch: ScratchFolder
        let cluster: String
        let api = FakeCluster()
        let network: ClusterNetwork
        let running: Task<Void, Never>
        var programs: [pid_t] = []
        var spaces: [String] = []

        init() throws {
            scratch = try ScratchFolder("network")
            cluster = Digest.short(scratch.path)
            let configuration = try RuleTextTests.configuration(cluster, folder: "\(scratch.path)/network")
            let network = try ClusterNetwork(configuration, client: api.client)
            self.network = network
            running = Task { _ = try? await network.run() }
        }

        deinit {
            running.cancel()
            for process in programs { kill(-process, SIGKILL) }
            for space in spaces { helmctl_unmount(space, 1) }
            ClusterNetwork.cleanUp(cluster: cluster)
        }

        /// A pod without containers: its namespace's path and its address.
        func pod(_ name: String) async throws -> (space: String, address: String) {
            let paths = try ["net", "uts", "ipc"].map { try scratch.write("", to: "\(name)/\($0)") }
            let socket = helmctl_make_sandbox(paths[0], paths[1], paths[2], name)
            try #require(socket >= 0, "\(SystemFailure("sandbox"))")
            defer { close(socket) }
            spaces += paths
            return (paths[0], try await network.attach(pod: name, namespace: paths[0], routes: socket))
        }

        /// A web server in a pod that answers with a word.
        func serve(_ word: String, in pod: (space: String, address: String), port: Int = 8080) async throws {
            let folder = "\(scratch.path)/www-\(word)"
            try scratch.write(word, to: "www-\(word)/index.html")
            var process = pid_t()
            var pidfd: Int32 = -1
            let nothing = open("/dev/null", O_RDWR)
            defer { close(nothing) }
            let words = [
                "/usr/bin/nsenter", "--net=\(pod.space)", "busybox", "httpd", "-f", "-p", "\(port)", "-h", folder,
            ]
            var arguments = words.map { strdup($0) } + [nil]
            var environment = [strdup("PATH=/usr/bin:/bin:/usr/sbin"), nil]
            defer { for word in arguments + environment { free(word) } }
            try #require(
                helmctl_spawn(words[0], &arguments, &environment, [nothing, nothing, nothing], 3, &process, &pidfd) == 0
            )
            close(pidfd)
            programs.append(process)
            try await wait(for: "the web server") { try Self.fetch("http://\(pod.address):\(port)/") == word }
        }

        static func fetch(_ url: String, from space: String? = nil) throws -> String {
            let command = ["busybox", "wget", "-q", "-O", "-", url]
            let whole = (space.map { ["nsenter", "--net=\($0)"] } ?? []) + ["timeout", "-s", "KILL", "5"] + command
            let outcome = try Command(whole[0], Array(whole.dropFirst())).run()
            return outcome.status == 0 ? outcome.output : "failed: \(outcome.errors)"
        }

        static let services = GroupVersionResource(group: "", version: "v1", resource: "services")
        static let slices = GroupVersionResource(
            group: "discovery.k8s.io", version: "v1", resource: "endpointslices")
    }

    @Test func podsReachEachOtherAndTheMachine() async throws {
        let bench = try Bench()
        let (a, b) = (try await bench.pod("a"), try await bench.pod("b"))
        #expect(a.address == "10.77.0.2" && b.address == "10.77.0.3")
        try await bench.serve("one", in: a)
        #expect(try Bench.fetch("http://\(a.address):8080/", from: b.space) == "one")
        #expect(try await bench.network.attach(pod: "a", namespace: a.space, routes: -1) == a.address)
    }

    @Test func servicesLeadToReadyEndpoints() async throws {
        let bench = try Bench()
        let (a, b, c) = (try await bench.pod("a"), try await bench.pod("b"), try await bench.pod("c"))
        try await bench.serve("one", in: a)
        try await bench.serve("two", in: b)
        let web = RuleTextTests.service(
            "web", "10.78.0.50", ports: [["port": 80, "protocol": "TCP", "nodePort": 30999]])
        let none = RuleTextTests.service("none", "10.78.0.51", ports: [["port": 80, "protocol": "TCP"]])
        bench.api.put(Bench.services, web)
        bench.api.put(Bench.services, none)
        bench.api.put(
            Bench.slices,
            RuleTextTests.slice(
                "web", port: 8080, [(a.address, RuleTextTests.ready), (b.address, RuleTextTests.ready)]))
        for (url, space) in [
            ("http://10.78.0.50/", nil), ("http://10.78.0.50/", c.space), ("http://10.78.0.50/", a.space),
            ("http://127.0.0.1:30999/", nil), ("http://192.0.2.2:30999/", nil), ("http://192.0.2.2:30999/", c.space),
        ] as [(String, String?)] {
            var seen: Set<String> = []
            try await wait(for: "both pods at \(url)") {
                seen.insert(try Bench.fetch(url, from: space))
                return seen.isSuperset(of: ["one", "two"])
            }
        }
        // What is dropped instead is ended by `timeout`, and says nothing of a refusal.
        #expect(try Bench.fetch("http://10.78.0.51/", from: c.space).contains("refused"))
        #expect(try Bench.fetch("http://10.78.0.51/").contains("refused"))

        bench.api.put(
            Bench.slices,
            RuleTextTests.slice(
                "web", port: 8080, [(a.address, RuleTextTests.leaving), (b.address, RuleTextTests.ready)]))
        await bench.network.withdrawn(a.address)
        for _ in 0..<20 { #expect(try Bench.fetch("http://10.78.0.50/", from: c.space) == "two") }
    }

    @Test func apiServerOnTheLoopbackIsReached() async throws {
        let bench = try Bench()
        let a = try await bench.pod("a")
        try bench.scratch.write("api", to: "api/index.html")
        _ = try Command("sh", ["-c", "busybox httpd -p 127.0.0.1:18443 -h \(bench.scratch.path)/api"]).run()
        defer { _ = try? Command("sh", ["-c", "fuser -k 18443/tcp || true"]).run() }
        #expect(try Bench.fetch("http://127.0.0.1:18443/") == "api")
        let configuration = bench.network.configuration
        var redirected = configuration
        redirected.apiServer = .init(
            published: .init(address: configuration.nodeAddress, port: 6443),
            actual: .init(address: try #require(IPv4Address("127.0.0.1")), port: 18443))
        let api = RuleTextTests.service("kubernetes", "10.78.0.1", ports: [["port": 443, "protocol": "TCP"]])
        let ports = ServicePort.all(
            services: [api], slices: [RuleTextTests.slice("kubernetes", port: 6443, [("192.0.2.2", [:])])])
        try RuleLoader().applyNow(RuleText(configuration: redirected, ports: ports).description)
        #expect(try Bench.fetch("http://10.78.0.1:443/", from: a.space) == "api")
        #expect(try Bench.fetch("http://10.78.0.1:443/") == "api")
    }

    @Test func nothingStays() async throws {
        let cluster: String
        do {
            let bench = try Bench()
            cluster = bench.cluster
            _ = try await bench.pod("a")
            _ = try await bench.pod("b")
            await bench.network.detach(pod: "a")
            let links = try Command("ip", ["link"]).run().output
            #expect(links.split(separator: bench.network.configuration.interfacePrefix).count == 2)
            #expect(links.contains("altname helmctl-\(cluster)-b"))
            #expect(try Command("ip", ["route"]).run().output.contains("10.78.0.0/16 dev lo"))
            bench.running.cancel()
        }
        let prefix = NetworkConfiguration.interfacePrefix(cluster)
        try await wait(for: "the bench to be gone") {
            let text = try Command("sh", ["-c", "ip link; ip route; ip addr; nft list tables"]).run().output
            return !text.contains(cluster) && !text.contains(String(prefix.dropLast())) && !text.contains("10.78.0.")
        }
    }

    @Test func speedOfAPod() async throws {
        let bench = try Bench()
        let clock = ContinuousClock()
        var times: [Duration] = []
        for index in 0..<20 {
            let start = clock.now
            _ = try await bench.pod("p\(index)")
            times.append(clock.now - start)
        }
        print("a pod's namespace and network, median of 20: \(times.sorted()[10])")
    }
}
