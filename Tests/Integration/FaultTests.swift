import TestSupport
import Testing

/// A server under load that is killed, and one that is kept busy: scripts/fault-client.py.
@Suite struct FaultTests {
    @Test(.enabled(if: Machine.hasPython, "needs python3"), arguments: ["kill", "churn"])
    func nothingIsLost(mode: String) throws {
        let cluster = try TestCluster("fault-\(mode)", ["--no-node"])
        // The kept history fills during so short a time: what it may hold is what the memory may grow.
        let run = try Command(
            "env",
            [
                "PODS=150", "WATCHERS=20", "ALLOWED_MB=64", "python3", "\(Machine.package)/scripts/fault-client.py",
                mode,
                "6", Machine.helmctl, cluster.data, "\(cluster.data)/pki/ca.crt", try cluster.adminPair(),
                try cluster.port(), "--no-node",
            ]
        ).run()
        #expect(run.status == 0 && run.output.hasSuffix(" 0 faults\n"), "\(run.output)\(run.errors)")
    }
}
