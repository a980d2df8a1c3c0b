import Glibc
import TestSupport
import Testing

/// Programs of others that speak to a cluster: kubectl of several releases, Python's client.
@Suite(.serialized) struct ClientProgramTests {
    /// The oldest and the newest kubectl of those that are looked for; all of them where ALL_KUBECTLS is set.
    static let kubectls: [String] = {
        let minors = getenv("ALL_KUBECTLS") == nil ? [27, 33] : [27, 29, 31, 32, 33]
        let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
        return minors.compactMap { minor in
            (folders + ["/usr/lib/google-cloud-sdk/bin"]).map { "\($0)/kubectl.1.\(minor)" }
                .first { access($0, X_OK) == 0 }
        }
    }()

    /// kubectl 1.27 says "annotate" where later ones say "annotated", and asks who it is in a version of the
    /// authentication API that Kubernetes 1.36 does not serve either.
    static let ownFaults = ["kubectl.1.27": ["FAIL  annotate:", "FAIL  whoami:"]]

    @Test(.needsRoot, .needsShared, .enabled(if: !kubectls.isEmpty, "needs kubectl.1.27 … kubectl.1.33"))
    func theTourPassesWithEveryKubectl() throws {
        let shared = try #require(Machine.shared)
        let cluster = try NodeClusterTests.cluster("tour")
        for kubectl in Self.kubectls {
            let name = String(kubectl.split(separator: "/").last ?? "")
            let tour = try Command(
                "/bin/bash", ["\(shared)/kube/kubectl-tour.sh", cluster.kubeconfig, kubectl],
                environment: ["KUBECACHEDIR": "\(cluster.folder.path)/cache-\(name)"]
            ).run()
            let faults = tour.output.split(separator: "\n").filter { fault in
                fault.hasPrefix("FAIL") && !(Self.ownFaults[name] ?? []).contains { fault.hasPrefix($0) }
            }
            #expect(faults.isEmpty && tour.output.contains(" passed, "), "\(name): \(faults)\n\(tour.errors)")
        }
    }

    static let folder = "\(Machine.package)/scripts/python-client"
    static let client = "\(Machine.package)/build/python-client"

    private func python(_ cluster: TestCluster, _ arguments: [String]) throws -> Command.Outcome {
        try Command(
            "\(Self.client)/env/bin/python", arguments,
            environment: ["KUBECONFIG": cluster.kubeconfig, "PYTHONPATH": Self.folder, "TMPDIR": cluster.folder.path],
            in: cluster.folder.path
        ).run()
    }

    @Test(.needsPythonClient) func pythonsDynamicClientPassesItsOwnTests() throws {
        let cluster = try TestCluster("python", ["--no-node"])
        let tests = try python(cluster, ["-m", "pytest", "-q", "-p", "conftest", "--pyargs", "kubernetes.dynamic"])
        #expect(tests.status == 0 && tests.output.contains("14 passed"), "\(tests.output)\(tests.errors)")
        #expect(!tests.output.contains("skipped"))
    }

    @Test(.needsPythonClient) func pythonsClientWalksThroughEveryServedKind() throws {
        let cluster = try TestCluster("kinds", ["--no-node"])
        let walk = try python(cluster, ["\(Self.folder)/served_kinds.py"])
        #expect(walk.status == 0 && walk.output.hasSuffix(" kinds, 0 faults\n"), "\(walk.output)\(walk.errors)")
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, saying so, without Python's client.
    fileprivate static var needsPythonClient: Self {
        .enabled(
            if: access("\(ClientProgramTests.client)/whole", R_OK) == 0,
            "needs Python's kubernetes client (scripts/python-client/install)")
    }
}
