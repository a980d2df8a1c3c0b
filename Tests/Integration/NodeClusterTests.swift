import Glibc
import TestSupport
import Testing

/// Clusters with pods on this machine, by the real binary and real kubectl.
@Suite(.serialized, .needsRoot, .needsKubectl) struct NodeClusterTests {
    /// A cluster with the busybox image loaded.
    static func cluster(_ name: String, _ flags: [String] = []) throws -> TestCluster {
        let cluster = try TestCluster(name, flags)
        let archive = "\(cluster.folder.path)/busybox.tar"
        let built = try Command("\(Machine.package)/scripts/build-busybox-image", [archive]).run()
        guard built.status == 0 else { throw CommandFailed(description: "build the image: \(built.errors)") }
        let loaded = try Command(
            Machine.helmctl, ["image", "load", archive, "--data-dir", cluster.data]
        ).run()
        guard loaded.status == 0 else { throw CommandFailed(description: "image load: \(loaded.errors)") }
        return cluster
    }

    static func pod(_ name: String, _ script: String, restartPolicy: String = "Always") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), labels: {app: \(name)}}
        spec:
          restartPolicy: \(restartPolicy)
          terminationGracePeriodSeconds: 1
          containers: [{name: c, image: "busybox:1.36", command: [sh, -c, "\(script)"]}]

        """
    }

    @discardableResult
    static func kubectl(_ cluster: TestCluster, _ words: String, input: String = "") throws -> String {
        let run = try cluster.kubectl(words.split(separator: " ").map(String.init), input: input)
        guard run.status == 0 else { throw CommandFailed(description: "kubectl \(words): \(run.errors)") }
        return run.output
    }

    static func service(_ name: String, nodePort: Int? = nil) -> String {
        let port = nodePort.map { ", nodePort: \($0)" } ?? ""
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: \(name)}
            spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080\(port)}]}

            """
    }

    /// The name that the kernel shows the cluster by.
    private static func id(of cluster: TestCluster) throws -> String {
        let claims = try Command("sh", ["-c", "grep -l '\"\(cluster.data)\"' /run/helmctl/*/claims.json"]).run().output
        let known = claims.split(separator: "/")
        return known.count > 2 ? String(known[2]) : "none"
    }

    @Test func podsOutliveTheDaemon() async throws {
        let cluster = try NodeClusterTests.cluster("outlive")
        let id = try NodeClusterTests.id(of: cluster)
        try NodeClusterTests.kubectl(
            cluster, "apply -f -",
            input: NodeClusterTests.pod("stays", "exec sleep 1000") + "---\n"
                + NodeClusterTests.pod("ends", "sleep 2; exit 7", restartPolicy: "Never"))
        try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/stays pod/ends --timeout=30s")
        let before = try NodeClusterTests.kubectl(
            cluster, "get pod stays -o jsonpath={.status.containerStatuses[0].containerID}")
        let sleeper = try Command("pgrep", ["-f", "^sleep 1000$"]).run().output
        let daemon = try cluster.process()
        kill(daemon, SIGKILL)
        try await wait(for: "the daemon's death") { kill(daemon, 0) != 0 }
        try await wait(for: "the other pod's end") {
            try Command("pgrep", ["-f", "^sleep 2$"]).run().status != 0
        }
        let up = try cluster.up()
        #expect(up.status == 0, "\(up.errors)")
        try await wait(for: "the exit code") {
            try NodeClusterTests.kubectl(
                cluster, "get pod ends -o jsonpath={.status.containerStatuses[0].state.terminated.exitCode}") == "7"
        }
        let after = try NodeClusterTests.kubectl(
            cluster,
            "get pod stays -o jsonpath={.status.containerStatuses[0].containerID},"
                + "{.status.containerStatuses[0].restartCount}")
        #expect(after == "\(before),0")
        #expect(try Command("pgrep", ["-f", "^sleep 1000$"]).run().output == sleeper)
        kill(try cluster.process(), SIGKILL)
        let down = try cluster.down()
        #expect(down.status == 0, "\(down.errors)")
        let look = "ls /run/netns /run/helmctl /sys/fs/cgroup /sys/fs/cgroup/*; mount; nft list tables; ps -eo args"
        let left = try Command("sh", ["-c", look]).run().output.split(separator: "\n").filter { $0.contains(id) }
        #expect(left.isEmpty, "\(left)")
    }

    @Test func twoClustersWithNodesLiveSideBySide() async throws {
        let clusters = [try NodeClusterTests.cluster("one"), try NodeClusterTests.cluster("two")]
        var pages: [String] = []
        for (index, cluster) in clusters.enumerated() {
            let script = "mkdir /w; echo page \(index) > /w/index.html; exec httpd -f -p 8080 -h /w"
            try NodeClusterTests.kubectl(
                cluster, "apply -f -",
                input: NodeClusterTests.pod("web", script) + "---\n" + NodeClusterTests.service("web"))
            try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/web --timeout=30s")
        }
        for cluster in clusters {
            let address = try NodeClusterTests.kubectl(cluster, "get service web -o jsonpath={.spec.clusterIP}")
            let port = try NodeClusterTests.kubectl(cluster, "get service web -o jsonpath={.spec.ports[0].nodePort}")
            for url in ["http://\(address)/", "http://127.0.0.1:\(port)/"] {
                var page = ""
                try await wait(for: url) {
                    page = try Command("curl", ["-s", "-m", "2", url]).run().output
                    return page.hasPrefix("page")
                }
                pages.append(page)
            }
        }
        #expect(pages == ["page 0\n", "page 0\n", "page 1\n", "page 1\n"])
        let port = try NodeClusterTests.kubectl(clusters[0], "get service web -o jsonpath={.spec.ports[0].nodePort}")
        let taken = try clusters[1].kubectl(
            ["apply", "-f", "-"], input: NodeClusterTests.service("other", nodePort: Int(port)))
        #expect(taken.status != 0)
        #expect(taken.errors.contains("already allocated by the cluster in \(clusters[0].data)"), "\(taken.errors)")
    }

    @Test func rangesOfAnotherClusterAreRefused() throws {
        let first = try TestCluster("first", ["--pod-cidr", "10.201.0.0/16", "--service-cidr", "10.202.0.0/16"])
        let folder = try ScratchFolder("second")
        let port = try Ports.free()
        let second = try Command(
            Machine.helmctl,
            [
                "cluster", "up", "--data-dir", "\(folder.path)/data", "--listen", "127.0.0.1:\(port)", "--pod-cidr",
                "10.201.128.0/17",
            ]
        ).run()
        #expect(second.status != 0)
        #expect(second.errors.contains(first.data) && second.errors.contains("--pod-cidr"), "\(second.errors)")
    }

    @Test func aMissingImageIsTold() async throws {
        let cluster = try TestCluster("image")
        let pod = NodeClusterTests.pod("none", "true").replacing("busybox:1.36", with: "no/such:1")
        try NodeClusterTests.kubectl(cluster, "apply -f -", input: pod)
        try await wait(for: "the reason") {
            let list = try NodeClusterTests.kubectl(cluster, "get pods")
            return list.contains("ErrImagePull") || list.contains("ImagePullBackOff")
        }
        try await wait(for: "the advice") {
            try NodeClusterTests.kubectl(cluster, "describe pod none").contains("helmctl image load")
        }
    }
}
