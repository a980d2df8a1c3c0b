import Glibc
import TestSupport
import Testing

/// A server under load that is killed, and one that is kept busy: scripts/fault-client.py.
@Suite struct FaultTests {
    private static let hasPython =
        access("/usr/bin/python3", X_OK) == 0 || access("/usr/local/bin/python3", X_OK) == 0

    @Test(.enabled(if: hasPython, "needs python3"), arguments: ["kill", "churn"])
    func nothingIsLost(mode: String) throws {
        let cluster = try TestCluster("fault-\(mode)", ["--no-node"])
        let pki = "\(cluster.data)/pki"
        let both = String(decoding: try readFile("\(pki)/admin.crt") + readFile("\(pki)/admin.key"), as: UTF8.self)
        let pair = try cluster.folder.write(both, to: "admin.pem")
        let server = String(decoding: try readFile("\(cluster.data)/server"), as: UTF8.self)
        let port = String(server.split(separator: ":").last?.filter(\.isNumber) ?? "")
        // The kept history fills during so short a time: what it may hold is what the memory may grow.
        let run = try Command(
            "env",
            [
                "PODS=150", "WATCHERS=20", "ALLOWED_MB=64", "python3", "\(Machine.package)/scripts/fault-client.py",
                mode,
                "6", Machine.helmctl, cluster.data, "\(pki)/ca.crt", pair, port, "--no-node",
            ]
        ).run()
        #expect(run.status == 0 && run.output.hasSuffix(" 0 faults\n"), "\(run.output)\(run.errors)")
    }
}
