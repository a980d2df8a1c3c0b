import TestSupport
import Testing

/// Clients that break protocols, ask for too much or do not read: scripts/hostile-client.py.
@Suite struct HostileClientTests {
    @Test(.enabled(if: Machine.hasPython, "needs python3"))
    func theServerStandsThem() throws {
        let cluster = try TestCluster("hostile", ["--no-node"])
        let run = try Command(
            "python3",
            [
                "\(Machine.package)/scripts/hostile-client.py", try cluster.port(),
                "\(cluster.data)/pki/ca.crt", try cluster.adminPair(),
                String(try cluster.process()),
            ]
        ).run()
        #expect(run.status == 0 && run.output.hasSuffix(" checks, 0 faults\n"), "\(run.output)\(run.errors)")
    }
}
