import TestSupport
import Testing

/// Requests that the API server passes on to a real web server in a container, with and without TLS, and what changes
/// its protocol.
@Suite(.serialized, .needsRoot, .needsKubectl, .needsPython) struct ProxiedPodTests {
    let cluster: TestCluster
    private let script: String

    init() throws {
        cluster = try NodeClusterTests.cluster("proxied")
        let source = try readFile("\(Machine.package)/scripts/proxied-server.py")
        script = try cluster.folder.write(String(decoding: source, as: UTF8.self), to: "proxied-server.py")
        // The machine's own Python: the image has none.
        let serve = "exec chroot /host python3 \(script) serve \(try cluster.adminPair())"
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: c
                image: busybox:1.36
                command: [sh, -c, "\(serve)"]
                ports: [{containerPort: 8080}, {containerPort: 8443, name: secure}]
                readinessProbe: {tcpSocket: {port: secure}, periodSeconds: 1}
                volumeMounts: [{name: host, mountPath: /host}]
              volumes: [{name: host, hostPath: {path: /}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{name: https, port: 443, targetPort: secure}]}
            """
        try NodeClusterTests.kubectl(cluster, "apply -f -", input: pod)
        try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/web --timeout=30s")
    }

    private static let namespace = "/api/v1/namespaces/default"

    @Test func requestsReachPlainAndSecurePorts() async throws {
        let names = ["pods/web", "pods/https:web:8443", "services/https:web:443", "services/https:web:https"]
        try await wait(for: "the Service's endpoints") {
            try cluster.kubectl(["get", "endpointslices", "-o", "jsonpath={..ready}"]).output.contains("true")
        }
        for name in names {
            let run = try cluster.kubectl(["get", "--raw", "\(Self.namespace)/\(name)/proxy/a?b=c"])
            #expect(run.output.hasPrefix("GET /a?b=c HTTP/1.1\nHost: 127.0.0.1:\(try cluster.port())\n"), "\(run)")
            #expect(run.output.contains("\nX-Forwarded-Uri: \(Self.namespace)/\(name)/proxy/a\n"), "\(run)")
            #expect(run.output.contains("\nX-Forwarded-For: 127.0.0.1\n"), "\(run)")
        }
    }

    @Test(
        arguments: [
            ("web:81", "dial tcp IP:81: connect: connection refused"),
            ("https:web:81", "dial tcp IP:81: connect: connection refused"),
            ("https:web:8080", "tls: first record does not look like a TLS handshake"),
        ])
    func whatCannotBeReachedIsToldAsGoTellsIt(name: String, words: String) throws {
        let address = try cluster.kubectl(["get", "pod", "web", "-o", "jsonpath={.status.podIP}"]).output
        let run = try cluster.kubectl(["get", "--raw", "\(Self.namespace)/pods/\(name)/proxy/"])
        let expected = words.split(separator: "IP").joined(separator: address)
        #expect(
            run.errors == "Error from server (ServiceUnavailable): error trying to reach service: \(expected)\n",
            "\(run)")
    }

    @Test(arguments: ["web:8080", "https:web:8443"]) func anotherProtocolIsAgreedOnWithThePod(name: String) throws {
        func ask(_ path: String) throws -> String {
            let words = ["ask", try cluster.port(), try cluster.adminPair(), path, "ping"]
            return try Command("python3", [script] + words).run().output
        }
        let path = "\(Self.namespace)/pods/\(name)/proxy"
        #expect(try ask("\(path)/echo") == "HTTP/1.1 101 Switching Protocols\nfirst echo ping\n")
        // Without the pod's consent the connection stays one of HTTP: what follows is no business of the pod's.
        #expect(try ask("\(path)/other").hasPrefix("HTTP/1.1 403 Forbidden\n"))
    }
}
