import Glibc
import TestSupport
import Testing

/// `helmctl cluster up|down|status` as a user meets them.
@Suite(.serialized)
struct ClusterTests {
    @Test func aSecondUpSaysThatNothingIsToDo() throws {
        let cluster = try TestCluster(#function, ["--no-node"])
        let process = try cluster.process()
        let again = try Command(Machine.helmctl, ["cluster", "up", "--data-dir", cluster.data, "--no-node"]).run()
        #expect(again.status == 0)
        #expect((again.output + again.errors).contains("already"))
        #expect(try cluster.process() == process)
    }

    @Test func theKubeconfigIsForItsOwnerOnly() throws {
        let cluster = try TestCluster(#function, ["--no-node"])
        var status = stat()
        #expect(stat(cluster.kubeconfig, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func theDaemonHoldsNoneOfTheCallersDescriptors() throws {
        let cluster = try TestCluster(#function, ["--no-node"])
        let listing = try Command("ls", ["-l", "/proc/\(try cluster.process())/fd"]).run().output
        #expect(!listing.contains("helmctl-test-command"), "\(listing)")
    }

    @Test func twoClustersLiveSideBySide() throws {
        let first = try TestCluster("first", ["--no-node"])
        let second = try TestCluster("second", ["--no-node"])
        for cluster in [first, second] {
            let list = try cluster.helmctl(["list"])
            #expect(list.status == 0, "\(list.errors)")
        }
        #expect(try first.process() != second.process())
    }

    /// Whatever ended the daemon, the next start finds what was stored.
    @Test(arguments: [SIGTERM, SIGKILL])
    func aClusterStartsAgainInItsFolder(after signal: Int32) async throws {
        let cluster = try TestCluster("again", ["--no-node"])
        let process = try cluster.process()
        kill(process, signal)
        try await wait(for: "the daemon's end") { kill(process, 0) != 0 }
        let again = try Command(
            Machine.helmctl,
            [
                "cluster", "up", "--no-node", "--data-dir", cluster.data, "--listen", "127.0.0.1:\(try Ports.free())",
                "--write-kubeconfig", cluster.kubeconfig,
            ]
        ).run()
        #expect(again.status == 0, "\(again.errors)")
        #expect(try cluster.helmctl(["list"]).status == 0)
    }

    /// A daemon that was killed just now has its lock still: `up` does not take it for one that runs.
    @Test func upRightAfterAKillMakesAClusterThatAnswers() throws {
        let cluster = try TestCluster("killed", ["--no-node"])
        for round in 0..<30 {
            let process = try cluster.process()
            kill(process, SIGKILL)
            let up = try cluster.up()
            #expect(up.status == 0, "round \(round): \(up.errors)")
            #expect(try cluster.process() != process, "round \(round): \(up.output)")
            #expect(try cluster.helmctl(["list"]).status == 0, "round \(round)")
        }
    }

    @Test func downAfterKillLeavesNothing() async throws {
        let cluster = try TestCluster(#function, ["--no-node"])
        let process = try cluster.process()
        kill(process, SIGKILL)
        try await wait(for: "the daemon's death") { kill(process, 0) != 0 }
        let down = try cluster.down()
        #expect(down.status == 0, "\(down.errors)")
        let status = try Command(Machine.helmctl, ["cluster", "status", "--data-dir", cluster.data]).run()
        #expect((status.output + status.errors).contains("not running"))
    }

    @Test func aPortInUseIsOneClearError() throws {
        let cluster = try TestCluster(#function, ["--no-node"])
        let folder = try ScratchFolder("other")
        let server =
            String(decoding: try readFile(cluster.kubeconfig), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("https://") } ?? ""
        let listen = String(server.dropFirst("https://".count))
        let other = try Command(
            Machine.helmctl,
            ["cluster", "up", "--no-node", "--data-dir", "\(folder.path)/data", "--listen", listen]
        ).run()
        #expect(other.status != 0)
        #expect(other.errors.contains(listen), "\(other.errors)")
        #expect(other.errors.split(separator: "\n").count <= 3, "\(other.errors)")
    }
}
