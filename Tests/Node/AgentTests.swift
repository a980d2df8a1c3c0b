import API
import Client
import ClusterTestSupport
import Document
import Glibc
import Networking
import OCI
import PKI
import TestSupport
import Testing

@testable import Node

/// The network as ControlPlane plugs it in.
private struct PluggedNetwork: PodNetwork {
    let network: ClusterNetwork

    var dnsAddress: String { network.dnsAddress }
    func attach(pod: String, namespace: String, routes: Int32) async throws -> String {
        try await network.attach(pod: pod, namespace: namespace, routes: routes)
    }
    func detach(pod: String) async { await network.detach(pod: pod) }
    func withdrawn(_ address: String) async { await network.withdrawn(address) }
}

/// A node agent with real containers and a real network, against a small API server in memory.
final class AgentBench: @unchecked Sendable {  // what changes is changed by the one test that owns it
    let scratch: ScratchFolder
    let cluster: String
    let folder: String
    let api = FakeCluster()
    let network: ClusterNetwork
    let images: ImageStore
    private(set) var agent: NodeAgent
    private var tasks: [Task<Void, Never>] = []

    init() throws {
        scratch = try ScratchFolder("agent")
        (cluster, folder) = (Digest.short(scratch.path), scratch.path)
        let configuration = NetworkConfiguration(
            cluster: cluster, podRange: try #require(IPv4Range("10.79.0.0/16")),
            serviceRange: try #require(IPv4Range("10.80.0.0/16")),
            nodeAddress: try #require(IPv4Address("192.0.2.2")), folder: "\(folder)/network")
        let built = try Command(
            "\(Machine.package)/scripts/build-busybox-image", ["\(scratch.path)/busybox.tar"]
        ).run()
        try #require(built.status == 0)
        images = try ImageStore("\(scratch.path)/images")
        _ = try images.load(archive: "\(scratch.path)/busybox.tar")
        let network = try ClusterNetwork(configuration, client: api.client)
        self.network = network
        let agent = try NodeAgent(
            NodeConfiguration(cluster: cluster, nodeName: "n1", address: "192.0.2.2", folder: "\(folder)/node"),
            client: api.client, images: images, network: PluggedNetwork(network: network))
        self.agent = agent
        tasks = [Task { try? await network.run() }, Task { await agent.run() }]
    }

    /// Ends the agent as a kill would, and starts another in its place.
    func restart() async throws {
        tasks[1].cancel()
        await tasks[1].value
        let agent = try NodeAgent(
            NodeConfiguration(cluster: cluster, nodeName: "n1", address: "192.0.2.2", folder: "\(folder)/node"),
            client: api.client, images: images, network: PluggedNetwork(network: network))
        self.agent = agent
        tasks[1] = Task { await agent.run() }
    }

    /// Runs the body with an agent, and removes everything when it has ended, however it did.
    static func run(_ body: (AgentBench) async throws -> Void) async throws {
        let bench = try AgentBench()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(bench)) } catch { outcome = .failure(error) }
        // An agent that still runs would make again what is removed.
        for task in bench.tasks {
            task.cancel()
            await task.value
        }
        bench.remove()
        try outcome.get()
    }

    private func remove() {
        NodeAgent.cleanUp(cluster: cluster, folder: "\(folder)/node")
        ClusterNetwork.cleanUp(cluster: cluster)
    }

    @discardableResult
    func create(_ name: String, _ spec: Value, labels: Value = [:]) async throws -> Value {
        var spec = spec
        spec["nodeName"] = "n1"
        if spec["terminationGracePeriodSeconds"] == nil { spec["terminationGracePeriodSeconds"] = 1 }
        return try await api.client.create(
            .pods,
            [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["name": .string(name), "namespace": "default", "labels": labels], "spec": spec,
            ])
    }

    /// A container of busybox that runs a shell script.
    static func shell(_ script: String, name: String = "main", _ more: Value = [:]) -> Value {
        var container: Value = [
            "name": .string(name), "image": "busybox:1.36", "command": ["sh", "-c", .string(script)],
        ]
        for member in more.object ?? [:] { container[member.key] = member.value }
        return container
    }

    func pod(_ name: String) -> Value? { api.object("/api/v1/namespaces/default/pods/\(name)") }

    func wait(_ name: String, _ what: String, _ holds: @escaping (Value) -> Bool) async throws {
        do {
            try await TestSupport.wait(for: "\(name): \(what)") { self.pod(name).map(holds) ?? false }
        } catch {
            Issue.record("\(JSON.text(self.pod(name)?["status"] ?? .null).string)")
            throw error
        }
    }

    func log(_ name: String, container: String = "main", _ options: PodLogs.Options = .init()) async throws -> String {
        let found = try #require(pod(name))
        var bytes: [UInt8] = []
        for try await piece in try logs.read(found, container: container, options) { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    var logs: PodLogs { PodLogs(cluster: cluster, folder: "\(folder)/node") }

    func reasons() -> [String] { api.objects(.events).compactMap { $0["reason"]?.string } }
}

extension Value {
    func container(_ index: Int = 0) -> Value { self["status", "containerStatuses"]?.array?[index] ?? .null }
}

@Suite(.needsRoot, .serialized) struct AgentTests {
    @Test func podRunsAndIsDeleted() async throws {
        try await AgentBench.run { bench in
            try await bench.create(
                "web",
                [
                    "containers": [
                        AgentBench.shell(
                            "echo hello; hostname; exec httpd -f -p 8080 -h /etc",
                            [
                                "readinessProbe": ["httpGet": ["path": "/hostname", "port": 8080], "periodSeconds": 1]
                            ])
                    ]
                ])
            try await bench.wait("web", "ready") { $0.isReady }
            let pod = try #require(bench.pod("web"))
            #expect(pod.phase == "Running")
            #expect(pod["status", "podIP"]?.string == "10.79.0.2")
            #expect(pod.container()["started"]?.bool == true)
            #expect(pod.container()["imageID"]?.string?.hasPrefix("docker.io/library/busybox@sha256:") == true)
            #expect(pod.container()["containerID"]?.string?.hasPrefix("helmctl://") == true)
            #expect(["PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"].allSatisfy(pod.isTrue))
            try await wait(for: "its log") { try await bench.log("web") == "hello\nweb\n" }
            for reason in ["Pulled", "Created", "Started"] { #expect(bench.reasons().contains(reason)) }
            try await bench.api.client.delete(.pods, namespace: "default", name: "web")
            try await wait(for: "the pod to go") { bench.pod("web") == nil }
            #expect(FileAccess.names(in: "\(bench.folder)/node/pods") == [])
            #expect(try Command("ip", ["link"]).run().output.contains(bench.cluster) == false)
            #expect(bench.reasons().contains("Killing"))
        }
    }

    @Test func environmentAndVolumesArrive() async throws {
        try await AgentBench.run { bench in
            bench.api.put(
                .configMaps,
                [
                    "kind": "ConfigMap", "metadata": ["name": "conf", "namespace": "default"],
                    "data": ["a.txt": "text a", "B": "b"],
                ])
            bench.api.put(
                DataKind.secret.resource,
                [
                    "kind": "Secret", "metadata": ["name": "sec", "namespace": "default"],
                    "data": ["password": "c2VjcmV0"],
                ])
            let script = """
                echo $B $P $NAME $IP $CPU "$COMBINED"; cat /conf/a.txt; echo; cat /sec/pw; echo; stat -c %a /sec/..data/pw
                cat /info/labels; echo; echo shared > /tmp/e/f; cat /sub/f 2>/dev/null || echo nosub; pwd; id -u; grep -c search /etc/resolv.conf
                grep web /etc/hosts | wc -l; df -t tmpfs /mem | tail -1 | wc -l
                """
            try await bench.create(
                "env",
                [
                    "restartPolicy": "Never", "hostname": "webby",
                    "containers": [
                        AgentBench.shell(
                            script,
                            [
                                "workingDir": "/var", "securityContext": ["runAsUser": 33],
                                "envFrom": [["configMapRef": ["name": "conf"]]],
                                "env": [
                                    ["name": "P", "valueFrom": ["secretKeyRef": ["name": "sec", "key": "password"]]],
                                    ["name": "NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                                    ["name": "IP", "valueFrom": ["fieldRef": ["fieldPath": "status.podIP"]]],
                                    [
                                        "name": "CPU",
                                        "valueFrom": ["resourceFieldRef": ["resource": "limits.cpu", "divisor": "1m"]],
                                    ],
                                    ["name": "COMBINED", "value": "$(NAME)-$(MISSING)-$$(NAME)"],
                                ],
                                "resources": ["limits": ["cpu": "500m", "memory": "64Mi"]],
                                "volumeMounts": [
                                    ["name": "conf", "mountPath": "/conf"], ["name": "sec", "mountPath": "/sec"],
                                    ["name": "info", "mountPath": "/info"], ["name": "empty", "mountPath": "/tmp/e"],
                                    ["name": "mem", "mountPath": "/mem"],
                                    ["name": "empty", "mountPath": "/sub", "subPath": "s"],
                                ],
                            ])
                    ],
                    "volumes": [
                        ["name": "conf", "configMap": ["name": "conf"]],
                        [
                            "name": "sec",
                            "secret": [
                                "secretName": "sec", "items": [["key": "password", "path": "pw", "mode": 0o444]],
                            ],
                        ],
                        [
                            "name": "info",
                            "downwardAPI": [
                                "items": [["path": "labels", "fieldRef": ["fieldPath": "metadata.labels"]]]
                            ],
                        ],
                        ["name": "empty", "emptyDir": [:]],
                        ["name": "mem", "emptyDir": ["medium": "Memory", "sizeLimit": "1Mi"]],
                    ],
                ], labels: ["app": "x"])
            try await bench.wait("env", "done") { $0.isTerminal }
            #expect(bench.pod("env")?.phase == "Succeeded")
            #expect(
                try await bench.log("env") == """
                    b secret env 10.79.0.2 500 env-$(MISSING)-$(NAME)
                    text a
                    secret
                    444
                    app="x"
                    nosub
                    /var
                    33
                    1
                    1
                    1

                    """)
        }
    }

    /// A key that only its owner may read is for the pod's group too, and parts of a volume are for whom the volume is.
    @Test func usersAndGroupsMayUseTheirVolumes() async throws {
        try await AgentBench.run { bench in
            bench.api.put(
                DataKind.secret.resource,
                ["kind": "Secret", "metadata": ["name": "key", "namespace": "default"], "data": ["k": "c2VjcmV0"]])
            let script = "cat /key/k; echo; stat -Lc '%a %g' /key/k; touch /part/q && stat -c '%a %g' /part"
            try await bench.create(
                "owned",
                [
                    "restartPolicy": "Never", "securityContext": ["runAsUser": 1000, "fsGroup": 2000],
                    "containers": [
                        AgentBench.shell(
                            script,
                            [
                                "volumeMounts": [
                                    ["name": "key", "mountPath": "/key"],
                                    ["name": "empty", "mountPath": "/part", "subPath": "s/t"],
                                ]
                            ])
                    ],
                    "volumes": [
                        ["name": "key", "secret": ["secretName": "key", "defaultMode": 0o400]],
                        ["name": "empty", "emptyDir": [:]],
                    ],
                ])
            try await bench.wait("owned", "done") { $0.isTerminal }
            #expect(try await bench.log("owned") == "secret\n440 2000\n2777 2000\n")
            let started = try #require(bench.api.objects(.events).first { $0["reason"] == "Started" })
            #expect(started["involvedObject", "fieldPath"] == "spec.containers{main}")
            #expect(started["source", "host"] == started["reportingInstance"] && started["source", "host"] != nil)
        }
    }

    @Test func initContainersComeInOrder() async throws {
        try await AgentBench.run { bench in
            let mount: Value = ["volumeMounts": [["name": "v", "mountPath": "/v"]]]
            try await bench.create(
                "init",
                [
                    "restartPolicy": "Never", "volumes": [["name": "v", "emptyDir": [:]]],
                    "initContainers": [
                        AgentBench.shell("echo one >> /v/f", name: "one", mount),
                        AgentBench.shell("echo two >> /v/f", name: "two", mount),
                    ],
                    "containers": [AgentBench.shell("cat /v/f", mount)],
                ])
            try await bench.wait("init", "done") { $0.isTerminal }
            #expect(bench.pod("init")?.phase == "Succeeded")
            #expect(try await bench.log("init") == "one\ntwo\n")
            #expect(
                bench.pod("init")?["status", "initContainerStatuses"]?.array?.allSatisfy { $0["ready"]?.bool == true }
                    == true)
            try await bench.create(
                "bad",
                [
                    "restartPolicy": "Never", "initContainers": [AgentBench.shell("exit 3", name: "one")],
                    "containers": [AgentBench.shell("echo never")],
                ])
            try await bench.wait("bad", "failed") { $0.phase == "Failed" }
            #expect(!(bench.pod("bad")?.isTrue("Initialized") ?? true))
        }
    }

    @Test func crashesAreRestartedWithBackOff() async throws {
        try await AgentBench.run { bench in
            try await bench.create(
                "crash", ["containers": [AgentBench.shell("echo run; echo why > /dev/termination-log; exit 5")]])
            try await bench.wait("crash", "backing off") {
                $0.container()["state", "waiting", "reason"]?.string == "CrashLoopBackOff"
            }
            let status = try #require(bench.pod("crash")).container()
            #expect(status["restartCount"]?.int == 1)
            #expect(status["lastState", "terminated", "exitCode"]?.int == 5)
            #expect(status["lastState", "terminated", "message"]?.string == "why\n")
            #expect(status["state", "waiting", "message"]?.string?.hasPrefix("back-off 10s restarting failed") == true)
            #expect(try await bench.log("crash", .init(previous: true)) == "run\n")
        }
    }

    @Test func livenessKillsAndStartupWaits() async throws {
        try await AgentBench.run { bench in
            let script = "trap 'exit 0' TERM; touch /tmp/alive; sleep 2; rm /tmp/alive; while true; do sleep 0.1; done"
            try await bench.create(
                "live",
                [
                    "containers": [
                        AgentBench.shell(
                            script,
                            [
                                "livenessProbe": [
                                    "exec": ["command": ["cat", "/tmp/alive"]], "periodSeconds": 1,
                                    "failureThreshold": 1,
                                ],
                                "startupProbe": ["exec": ["command": ["cat", "/tmp/alive"]], "periodSeconds": 1],
                            ])
                    ]
                ])
            try await bench.wait("live", "restarted") { $0.container()["restartCount"]?.int ?? 0 > 0 }
            #expect(bench.reasons().contains("Unhealthy"))
        }
    }

    @Test func missingImageIsTold() async throws {
        try await AgentBench.run { bench in
            try await bench.create("none", ["containers": [AgentBench.shell("true", ["image": "no/such:1"])]])
            try await bench.wait("none", "waiting") {
                ["ErrImagePull", "ImagePullBackOff"].contains($0.container()["state", "waiting", "reason"]?.string)
            }
            #expect(bench.pod("none")?.phase == "Pending")
            try bench.images.tag(ImageReference("busybox:1.36"), as: ImageReference("no/such:1"))
            try await bench.wait("none", "running") {
                $0.container()["restartCount"]?.int ?? 0 >= 0 && $0.phase == "Running"
            }
        }
    }

    @Test func restartedAgentAdopts() async throws {
        try await AgentBench.run { bench in
            try await bench.create("stay", ["containers": [AgentBench.shell("echo $$; exec sleep 1000")]])
            try await bench.create(
                "ends", ["restartPolicy": "Never", "containers": [AgentBench.shell("sleep 1; exit 9")]])
            try await bench.wait("stay", "running") { $0.isReady }
            try await bench.wait("ends", "running") { $0.phase == "Running" }
            let id = bench.pod("stay")?.container()["containerID"]?.string
            try await bench.restart()
            try await bench.wait("ends", "failed") { $0.phase == "Failed" }
            #expect(bench.pod("ends")?.container()["state", "terminated", "exitCode"]?.int == 9)
            let stay = try #require(bench.pod("stay"))
            #expect(
                stay.container()["containerID"]?.string == id && stay.container()["restartCount"]?.int == 0
                    && stay.isReady)
            try await bench.api.client.delete(.pods, namespace: "default", name: "stay")
            try await wait(for: "the pod to go") { bench.pod("stay") == nil }
        }
    }

    @Test func terminationIsOrderly() async throws {
        try await AgentBench.run { bench in
            let script = "trap 'echo term; exit 0' TERM; while true; do sleep 0.05; done"
            try await bench.create(
                "slow",
                [
                    "terminationGracePeriodSeconds": 10,
                    "containers": [
                        AgentBench.shell(
                            script,
                            [
                                "lifecycle": [
                                    "preStop": ["exec": ["command": ["sh", "-c", "echo stop > /proc/1/fd/1"]]]
                                ]
                            ])
                    ],
                ])
            try await bench.wait("slow", "running") { $0.isReady }
            let pod = try #require(bench.pod("slow"))
            let stream = try bench.logs.read(pod, container: "main", .init(follow: true))
            let reading = Task {
                var bytes: [UInt8] = []
                for try await piece in stream { bytes += piece }
                return String(decoding: bytes, as: UTF8.self)
            }
            try await bench.api.client.delete(.pods, namespace: "default", name: "slow")
            try await wait(for: "the pod to go") { bench.pod("slow") == nil }
            #expect(try await reading.value == "stop\nterm\n")
        }
    }

    @Test func anotherImageReplacesTheContainer() async throws {
        try await AgentBench.run { bench in
            let pod = try await bench.create(
                "swap", ["restartPolicy": "Never", "containers": [AgentBench.shell("exec sleep 1000")]])
            try await bench.wait("swap", "running") { $0.isReady }
            try bench.images.tag(ImageReference("busybox:1.36"), as: ImageReference("other:2"))
            var spec = pod["spec"] ?? [:]
            spec["containers"] = [AgentBench.shell("exec sleep 1000", ["image": "other:2"])]
            _ = try await bench.api.client.patch(
                .pods, namespace: "default", name: "swap", .merge(["spec": spec]))
            try await bench.wait("swap", "replaced") {
                $0.container()["image"]?.string == "docker.io/library/other:2" && $0.isReady
            }
            #expect(bench.pod("swap")?.container()["restartCount"]?.int == 1)
        }
    }

    @Test(
        arguments: [
            (["securityContext": ["seccompProfile": ["type": "Localhost", "localhostProfile": "a.json"]]], "a.json"),
            (["securityContext": ["appArmorProfile": ["type": "RuntimeDefault"]]], "AppArmor"),
        ] as [(Value, String)])
    func whatIsNotSupportedIsRefused(_ more: Value, _ word: String) async throws {
        try await AgentBench.run { bench in
            try await bench.create("odd", ["containers": [AgentBench.shell("true", more)]])
            try await bench.wait("odd", "refused") {
                let waiting = $0.container()["state", "waiting"]
                return waiting?["reason"]?.string == "CreateContainerError"
                    && waiting?["message"]?.string?.contains(word) == true
            }
        }
    }

    @Test func volumesThatAreNotSupportedAreTold() async throws {
        try await AgentBench.run { bench in
            let volume: Value = ["name": "v", "nfs": ["server": "192.0.2.9", "path": "/"]]
            try await bench.create("odd", ["volumes": [volume], "containers": [AgentBench.shell("true")]])
            try await bench.wait("odd", "refused") {
                $0.container()["state", "waiting", "reason"]?.string == "UnsupportedVolume"
            }
            try await wait(for: "the event") { bench.reasons().contains("FailedMount") }
        }
    }

    /// What the filter of RuntimeDefault keeps back is refused, and all else goes on.
    @Test func theNodesFilterOfSystemCallsHolds() async throws {
        try await AgentBench.run { bench in
            let script = "unshare -U true 2>/dev/null && echo open; sh -c 'echo forked' | cat"
            try await bench.create(
                "safe",
                [
                    "restartPolicy": "Never", "securityContext": ["seccompProfile": ["type": "RuntimeDefault"]],
                    "containers": [AgentBench.shell(script)],
                ])
            try await bench.wait("safe", "done") { $0.isTerminal }
            #expect(try await bench.log("safe") == "forked\n")
        }
    }

    @Test func speedOfAPod() async throws {
        try await AgentBench.run { bench in
            var times: [Duration] = []
            for index in 0..<15 {
                let start = ContinuousClock.now
                try await bench.create("p\(index)", ["containers": [AgentBench.shell("exec sleep 1000")]])
                try await bench.wait("p\(index)", "running") { $0.phase == "Running" }
                times.append(ContinuousClock.now - start)
            }
            print("pod created to Running: median \(times.sorted()[7]), first \(times[0])")
        }
    }
}
