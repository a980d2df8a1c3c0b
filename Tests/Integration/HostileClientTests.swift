import Glibc
import TestSupport
import Testing

/// Clients that break protocols, ask for too much or do not read: scripts/hostile-client.py.
@Suite struct HostileClientTests {
    @Test(
        .enabled(
            if: access("/usr/bin/python3", X_OK) == 0 || access("/usr/local/bin/python3", X_OK) == 0, "needs python3"))
    func theServerStandsThem() throws {
        let cluster = try TestCluster("hostile", ["--no-node"])
        let pki = "\(cluster.data)/pki"
        let both = String(decoding: try readFile("\(pki)/admin.crt") + readFile("\(pki)/admin.key"), as: UTF8.self)
        let pair = try cluster.folder.write(both, to: "admin.pem")
        let server = String(decoding: try readFile("\(cluster.data)/server"), as: UTF8.self)
        let port = String(server.split(separator: ":").last?.filter(\.isNumber) ?? "")
        let run = try Command(
            "python3",
            [
                "\(Machine.package)/scripts/hostile-client.py", port, "\(pki)/ca.crt", pair,
                String(try cluster.process()),
            ]
        ).run()
        #expect(run.status == 0 && run.output.hasSuffix(" checks, 0 faults\n"), "\(run.output)\(run.errors)")
    }
}
