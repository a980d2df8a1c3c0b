import Glibc
import TestSupport
import Testing

/// Programs in containers, files and ports, by real kubectl over both protocols that it knows.
@Suite(.serialized, .needsRoot, .needsKubectl) struct ProgramTests {
    /// Newer kubectl begin with WebSocket, and leave it when told to; older ones know SPDY alone.
    static let protocols = ["true", "false"]

    let cluster: TestCluster

    init() throws {
        cluster = try NodeClusterTests.cluster("programs")
        let script = "mkdir /w; echo hello > /w/index.html; exec httpd -f -p 8080 -h /w"
        try NodeClusterTests.kubectl(cluster, "apply -f -", input: NodeClusterTests.pod("web", script))
        try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/web --timeout=30s")
    }

    private func kubectl(_ words: [String], webSocket: String, input: String = "") throws -> Command.Outcome {
        try cluster.kubectl(
            words, input: input,
            ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": webSocket, "KUBECTL_PORT_FORWARD_WEBSOCKETS": webSocket])
    }

    @Test(arguments: protocols) func aProgramHasItsStreamsAndItsExitCode(webSocket: String) throws {
        let talk = try kubectl(
            ["exec", "-i", "web", "--", "sh", "-c", "cat; echo bad >&2; exit 7"], webSocket: webSocket, input: "typed\n"
        )
        #expect(talk.output == "typed\n" && talk.status == 7)
        #expect(talk.errors == "bad\ncommand terminated with exit code 7\n")
        let missing = try kubectl(["exec", "web", "--", "no-such-program"], webSocket: webSocket)
        #expect(missing.status == 1 && missing.errors.contains("error executing command in container"))
        let stranger = try kubectl(["exec", "web", "-c", "other", "--", "true"], webSocket: webSocket)
        #expect(stranger.status == 1 && stranger.errors.contains("container other is not valid for pod web"))
    }

    @Test(arguments: protocols) func aTerminalHasItsSize(webSocket: String) throws {
        // script(1) is the terminal that kubectl looks for. Its size is a message of its own, which may come later.
        let line =
            "stty rows 40 cols 100; timeout --foreground 20 \(Machine.kubectl ?? "") exec -it web -- "
            + "sh -c 'until stty size 2>/dev/null; do :; done; tty'"
        let environment = cluster.environment.merging(["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": webSocket]) { $1 }
        let run = try Command("script", ["-qec", line, "/dev/null"], environment: environment).run()
        // script shows the end of its own input as ^@, wherever that falls.
        let shown = run.output.split(separator: "^@").joined()
        #expect(shown.contains("40 100\r\n/dev/pts/0\r\n"), "\(run.output) \(run.errors)")
    }

    @Test(arguments: protocols) func filesAreCopiedBothWays(webSocket: String) throws {
        let bytes = "head -c 300000 /dev/urandom > \(cluster.folder.path)/there"
        #expect(try Command("sh", ["-c", bytes]).run().status == 0)
        let there = try kubectl(["cp", "\(cluster.folder.path)/there", "web:/tmp/f"], webSocket: webSocket)
        #expect(there.status == 0, "\(there.errors)")
        let back = try kubectl(["cp", "web:/tmp/f", "\(cluster.folder.path)/back"], webSocket: webSocket)
        #expect(back.status == 0, "\(back.errors)")
        #expect(try readFile("\(cluster.folder.path)/there") == readFile("\(cluster.folder.path)/back"))
    }

    @Test(arguments: protocols) func portsAreForwarded(webSocket: String) async throws {
        let log = "\(cluster.folder.path)/forward"
        let environment = cluster.environment.merging(["KUBECTL_PORT_FORWARD_WEBSOCKETS": webSocket]) { $1 }
        let start = "\(Machine.kubectl ?? "") port-forward pod/web :8080 >\(log) 2>&1 & echo $!"
        let started = try Command("sh", ["-c", start], environment: environment).run()
        let process = try #require(pid_t(started.output.filter(\.isNumber)))
        defer { kill(process, SIGTERM) }
        var port = ""
        try await wait(for: "the port") {
            let text = String(decoding: (try? readFile(log)) ?? [], as: UTF8.self)
            port =
                text.split(separator: "127.0.0.1:").dropFirst().first.map { String($0.prefix(while: \.isNumber)) } ?? ""
            return !port.isEmpty
        }
        for _ in 0..<3 {
            #expect(try Command("curl", ["-s", "-m", "5", "http://127.0.0.1:\(port)/"]).run().output == "hello\n")
        }
    }

    /// What is typed reaches the container's first process, whose end is the end of its pod.
    @Test(arguments: protocols) func inputIsTypedIntoARunningContainer(webSocket: String) throws {
        let name = "typed-\(webSocket)"
        let run = try kubectl(
            [
                "run", name, "-i", "--rm", "--restart=Never", "--image=busybox:1.36", "--pod-running-timeout=30s", "--",
                "sh", "-c", "read line; echo got $line; cat; exit 4",
            ], webSocket: webSocket, input: "one\ntwo\n")
        #expect(run.output.hasPrefix("got one\ntwo\n"), "\(run.output) \(run.errors)")
        #expect(run.status == 4, "\(run.errors)")
        #expect(try cluster.kubectl(["get", "pod", name]).status == 1)
    }

    @Test(arguments: protocols) func aContainerHasATerminal(webSocket: String) throws {
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: screen}
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{name: c, image: 'busybox:1.36', command: [sh], tty: true, stdin: true}]
            """
        try NodeClusterTests.kubectl(cluster, "apply -f -", input: pod)
        try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/screen --timeout=30s")
        // Who only looks is not taken for somebody who types: the shell goes on when both have gone.
        for _ in 0..<2 {
            let line =
                "stty rows 40 cols 100; (sleep 1; echo 'stty size; echo $TERM $((6 * 7))'; sleep 1) "
                + "| timeout 3 \(Machine.kubectl ?? "") attach -it screen"
            let environment = cluster.environment.merging(["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": webSocket]) { $1 }
            let run = try Command("script", ["-qec", line, "/dev/null"], environment: environment).run()
            #expect(run.output.contains("xterm 42"), "\(run.output) \(run.errors)")
        }
        let restarts = try cluster.kubectl(
            ["get", "pod", "screen", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"])
        #expect(restarts.output == "0")
        #expect(try cluster.kubectl(["logs", "screen"]).output.contains("xterm 42"))
        try NodeClusterTests.kubectl(cluster, "delete pod screen")
    }

    /// Programs have the rights of the container that they enter, and guests see the processes of whom they look at.
    @Test func guestsAndProgramsAreWhoTheContainerIs() throws {
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: plain}
            spec:
              terminationGracePeriodSeconds: 0
              securityContext: {runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000]}
              containers:
              - name: c
                image: busybox:1.36
                command: [sleep, '1234']
                securityContext: {allowPrivilegeEscalation: false}
            """
        try NodeClusterTests.kubectl(cluster, "apply -f -", input: pod)
        try NodeClusterTests.kubectl(cluster, "wait --for=condition=Ready pod/plain --timeout=30s")
        let who = try cluster.kubectl(["exec", "plain", "--", "sh", "-c", "id; grep NoNewPrivs /proc/self/status"])
        #expect(who.output == "uid=1000 gid=3000 groups=4000\nNoNewPrivs:\t1\n", "\(who.errors)")
        try NodeClusterTests.kubectl(
            cluster, "debug plain --image=busybox:1.36 --target=c -c guest --profile=general -- sleep 4321")
        try NodeClusterTests.kubectl(
            cluster, "wait pod/plain --timeout=30s --for=jsonpath={.status.ephemeralContainerStatuses[0].state.running}"
        )
        let seen = try cluster.kubectl(["exec", "plain", "-c", "guest", "--", "ps"])
        #expect(seen.output.contains("sleep 1234") && seen.output.contains("sleep 4321"), "\(seen.output)")
        #expect(try cluster.kubectl(["get", "pod", "plain", "--no-headers"]).output.contains("1/1"))
        try NodeClusterTests.kubectl(cluster, "delete pod plain")
    }

    @Test func aRequestThatAsksForNoOtherProtocolIsTold() throws {
        let run = try cluster.kubectl([
            "get", "--raw", "/api/v1/namespaces/default/pods/web/exec?command=true&stdout=1",
        ])
        #expect(run.status == 1 && run.errors.contains("Upgrade request required"), "\(run.errors)")
    }
}
