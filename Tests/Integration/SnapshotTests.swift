import Glibc
import TestSupport
import Testing

/// A cluster's objects in one file, and a cluster from that file.
@Suite struct SnapshotTests {
    private func helmctl(_ words: [String]) throws -> Command.Outcome { try Command(Machine.helmctl, words).run() }

    @Test(.needsKubectl, arguments: [true, false]) func whatASnapshotHoldsComesBack(isRunning: Bool) throws {
        let first = try TestCluster("snapshot", ["--no-node"])
        #expect(try first.kubectl(["create", "configmap", "kept", "--from-literal=a=b"]).status == 0)
        let file = "\(first.folder.path)/all"
        if !isRunning { try first.down() }
        let written = try helmctl(["cluster", "snapshot", file, "--data-dir", first.data])
        #expect(written.status == 0 && written.output.contains("objects at revision"), "\(written.errors)")
        var information = stat()
        #expect(stat(file, &information) == 0 && information.st_mode & 0o777 == 0o600)
        let second = try TestCluster("restored", ["--no-node", "--restore", file])
        #expect(try second.kubectl(["get", "configmap", "kept", "-o", "jsonpath={.data.a}"]).output == "b")
        try second.down()
        let again = try second.up()
        #expect(again.status != 0 && again.errors.contains("a restore wants an empty store"), "\(again.errors)")
    }

    @Test func aSnapshotThatWasChangedIsTold() throws {
        let cluster = try TestCluster("changed", ["--no-node"])
        let file = "\(cluster.folder.path)/all"
        #expect(try helmctl(["cluster", "snapshot", file, "--data-dir", cluster.data]).status == 0)
        let bytes = try readFile(file)
        for (name, damaged) in [
            ("short", Array(bytes.dropLast(9))), ("empty", []),
            ("flipped", bytes.indices.map { $0 == bytes.count / 2 ? bytes[$0] ^ 1 : bytes[$0] }),
        ] {
            let path = try cluster.folder.write(String(decoding: damaged.map { $0 & 0x7F }, as: UTF8.self), to: name)
            let up = try helmctl([
                "cluster", "up", "--no-node", "--data-dir", "\(cluster.folder.path)/\(name)-data", "--restore", path,
                "--listen", "127.0.0.1:\(try Ports.free())",
            ])
            #expect(up.status != 0 && up.errors.contains("is corrupt"), "\(name): \(up.errors)\(up.output)")
        }
    }

    @Test func withoutAClusterThereIsNothingToWrite() throws {
        let folder = try ScratchFolder()
        let none = try helmctl(["cluster", "snapshot", "\(folder.path)/all", "--data-dir", "\(folder.path)/none"])
        #expect(none.status != 0 && none.errors.contains("there is no cluster in"))
        #expect(access("\(folder.path)/all", F_OK) != 0)
    }
}
