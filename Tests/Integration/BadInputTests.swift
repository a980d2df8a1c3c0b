import Glibc
import TestSupport
import Testing

/// What is wrong is told once, clearly, with what to do, and nothing half-made stays.
@Suite(.serialized) struct BadInputTests {
    /// One error, its exit status, and no crash.
    private func expectError(_ run: Command.Outcome, _ words: String...) {
        #expect(run.status != 0 && run.status < 128, "\(run.status): \(run.output)\(run.errors)")
        for word in words { #expect(run.errors.contains(word), "no \"\(word)\" in: \(run.errors)") }
        // One error; what follows it shows the place with an excerpt and says what to do.
        let lines = run.errors.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("Error: ") }.count == 1 && lines.count <= 10, "\(run.errors)")
    }

    @Test func aChartThatCannotBeRead() throws {
        let folder = try ScratchFolder()
        try folder.write("apiVersion: v2\nname: [broken\n", to: "chart/Chart.yaml")
        expectError(try Command(Machine.helmctl, ["template", "x", "\(folder.path)/chart"]).run(), "Chart.yaml")
        try folder.write("apiVersion: v2\nname: chart\nversion: 1.0.0\n", to: "chart/Chart.yaml")
        try folder.write("a: {{ .Values.x | nope }}\n", to: "chart/templates/a.yaml")
        expectError(
            try Command(Machine.helmctl, ["template", "x", "\(folder.path)/chart"]).run(), "a.yaml", "nope")
        expectError(try Command(Machine.helmctl, ["template", "x", "\(folder.path)/missing"]).run(), "missing")
    }

    @Test func aChartThatLeavesItsFolder() throws {
        let folder = try ScratchFolder()
        try folder.write("apiVersion: v2\nname: evil\nversion: 1.0.0\n", to: "evil/Chart.yaml")
        try folder.write("root", to: "passwd")
        let packed = try Command(
            "tar",
            [
                "-czf", "evil.tgz", "--absolute-names", "--transform", "s,^passwd,../../etc/passwd,", "evil", "passwd",
            ], in: folder.path
        ).run()
        try #require(packed.status == 0, "\(packed.errors)")
        expectError(
            try Command(Machine.helmctl, ["template", "x", "\(folder.path)/evil.tgz"]).run(), "parent directory")
    }

    @Test func imagesThatCannotBeLoaded() throws {
        let folder = try ScratchFolder()
        let data = "\(folder.path)/data"
        expectError(
            try Command(Machine.helmctl, ["image", "load", "\(folder.path)/none.tar", "--data-dir", data]).run(),
            "none.tar", "No such file")
        try folder.write(String(repeating: "no archive ", count: 500), to: "bad.tar")
        expectError(
            try Command(Machine.helmctl, ["image", "load", "\(folder.path)/bad.tar", "--data-dir", data]).run(),
            "bad.tar")
        let list = try Command(Machine.helmctl, ["image", "list", "--data-dir", data]).run()
        #expect(list.status == 0 && !list.output.contains("bad"))
        let blobs = try Command("find", [data, "-type", "f", "-path", "*blobs*"]).run().output
        #expect(blobs.isEmpty, "\(blobs)")
    }

    @Test func aKubeconfigThatCannotBeRead() throws {
        let folder = try ScratchFolder()
        let bad = try folder.write("clusters: [\n", to: "kubeconfig")
        expectError(try Command(Machine.helmctl, ["list", "--kubeconfig", bad]).run(), bad)
        let missing = "\(folder.path)/none"
        expectError(try Command(Machine.helmctl, ["list", "--kubeconfig", missing]).run(), missing)
        let port = try Ports.free()
        let nobody = try folder.write(
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:\(port)"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """, to: "nobody")
        expectError(try Command(Machine.helmctl, ["list", "--kubeconfig", nobody]).run(), "127.0.0.1:\(port)")
    }

    @Test(.needsRoot) func withoutRootANodeIsRefused() throws {
        let folder = try ScratchFolder()
        chmod(folder.path, 0o777)
        let up = try Command(
            "setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", Machine.helmctl, "cluster", "up", "--data-dir",
                "\(folder.path)/data", "--listen", "127.0.0.1:\(try Ports.free())",
            ]
        ).run()
        expectError(up, "root", "sudo", "--no-node")
    }

    /// Writes are refused with a Status while the disk is full; nothing acknowledged is lost, and it goes on afterwards.
    @Test(.needsRoot, .needsKubectl) func aFullDisk() async throws {
        let folder = try ScratchFolder()
        let disk = "\(folder.path)/disk"
        mkdir(disk, 0o755)
        try #require(try Command("mount", ["-t", "tmpfs", "-o", "size=6m", "helmctl-test", disk]).run().status == 0)
        defer { _ = try? Command("umount", ["-l", disk]).run() }
        let cluster = try TestCluster("full", ["--no-node"], data: "\(disk)/data")
        let large = String(repeating: "x", count: 200_000)
        var kept = 0
        var refusal = ""
        for index in 0..<100 where refusal.isEmpty {
            let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m\(index)}\ndata: {x: \(large)}\n"
            let run = try cluster.kubectl(["create", "-f", "-"], input: object)
            if run.status == 0 { kept = index + 1 } else { refusal = run.errors }
        }
        #expect(kept > 0 && kept < 100)
        #expect(refusal.contains("disk") || refusal.contains("full"), "\(refusal)")
        let names = try cluster.kubectl(["get", "configmaps", "-o", "name"])
        #expect(names.output.split(separator: "\n").filter { $0.contains("/m") }.count == kept, "\(names.errors)")
        try #require(try Command("mount", ["-o", "remount,size=64m", disk]).run().status == 0)
        try await wait(for: "a write to succeed again") {
            try cluster.kubectl(["create", "configmap", "after"]).status == 0
        }
        let process = try cluster.process()
        kill(process, SIGKILL)
        try await wait(for: "the daemon's death") { kill(process, 0) != 0 }
        try await wait(for: "the cluster to start again") { try cluster.up().status == 0 }
        let found = try cluster.kubectl(["get", "configmaps", "-o", "name"]).output
        #expect(found.split(separator: "\n").filter { $0.contains("/m") }.count == kept)
        #expect(found.contains("/after"))
    }

    @Test(.needsRoot) func aDiskThatIsFullFromTheStart() throws {
        let folder = try ScratchFolder()
        let disk = "\(folder.path)/disk"
        mkdir(disk, 0o755)
        try #require(try Command("mount", ["-t", "tmpfs", "-o", "size=64k", "helmctl-test", disk]).run().status == 0)
        defer { _ = try? Command("umount", ["-l", disk]).run() }
        let up = try Command(
            Machine.helmctl,
            [
                "cluster", "up", "--no-node", "--data-dir", "\(disk)/data", "--listen",
                "127.0.0.1:\(try Ports.free())",
            ]
        ).run()
        expectError(up, "no space left", "--data-dir")
    }
}
