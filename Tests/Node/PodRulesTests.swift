import API
import Document
import Testing

@testable import Node

/// What the kubelet decides by rule, without a container.
struct PodRulesTests {
    private static let start = Time(seconds: 1_800_000_000)

    // MARK: Back-off

    @Test func restartsWaitTenSecondsAndThenTwiceAsLong() {
        var backOff = BackOff()
        var pauses: [Duration] = []
        for _ in 0..<8 {
            backOff.fail(at: PodRulesTests.start)
            pauses.append(backOff.pause)
        }
        #expect(pauses == [0, 10, 20, 40, 80, 160, 300, 300].map { .seconds($0) })
        #expect(backOff.text == "5m0s")
        #expect(backOff.remaining(at: PodRulesTests.start + .seconds(299)) == .seconds(1))
        #expect(backOff.remaining(at: PodRulesTests.start + .seconds(300)) == nil)
    }

    @Test func tenGoodMinutesAreForgiving() {
        var backOff = BackOff()
        for _ in 0..<5 { backOff.fail(at: PodRulesTests.start) }
        backOff.fail(at: PodRulesTests.start, lasted: .seconds(599))
        #expect(backOff.pause == .seconds(160))
        backOff.fail(at: PodRulesTests.start, lasted: .seconds(600))
        #expect(backOff.pause == .zero && backOff.remaining(at: PodRulesTests.start) == nil)
    }

    // MARK: Probes

    private func probe(_ kind: ProbeSettings.Kind, success: Int = 1, failure: Int = 3) throws -> ProbeState {
        let container: Value = [
            "\(kind.rawValue)Probe": [
                "exec": ["command": ["x"]], "successThreshold": .int(success), "failureThreshold": .int(failure),
            ]
        ]
        return ProbeState(try #require(ProbeSettings(container, kind)))
    }

    @Test func aContainerIsKilledAtTheLastFailureInARow() throws {
        var liveness = try probe(.liveness)
        #expect(liveness.isWell)
        var kills: [Bool] = []
        for result in [false, false, true, false, false, false, false] { kills.append(liveness.take(result)) }
        #expect(kills == [false, false, false, false, false, true, false])
    }

    @Test func readinessNeverKills() throws {
        var readiness = try probe(.readiness, success: 2, failure: 2)
        var seen: [Bool] = []
        for result in [true, true, false, true, false, false, true] {
            let kills = readiness.take(result)
            #expect(!kills)
            seen.append(readiness.isWell)
        }
        #expect(seen == [false, true, true, true, true, false, false])
    }

    @Test func aStartupProbeIsNotWellBeforeItSaysSo() throws {
        var startup = try probe(.startup, failure: 2)
        #expect(!startup.isWell)
        var kills: [Bool] = []
        for result in [false, false, true] { kills.append(startup.take(result)) }
        #expect(kills == [false, true, false] && startup.isWell)
    }

    // MARK: Variables

    @Test(arguments: [
        ("$(A)", "1"), ("x$(A)$(B)y", "x12y"), ("$(C)", "$(C)"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"), ("$A", "$A"),
        ("$(A", "$(A"), ("$", "$"), ("$$", "$"), ("", ""), ("$()", "$()"), ("$(A)$", "1$"),
    ])
    func references(_ text: String, _ expected: String) {
        #expect(VariableExpansion.expand(text) { ["A": "1", "B": "2"][$0] } == expected)
    }

    // MARK: Files

    private func files(_ spec: Value) -> PodFiles {
        PodFiles(
            pod: ["metadata": ["name": "p", "namespace": "ns"], "spec": spec], hostname: "p", address: "10.244.0.9",
            dnsAddress: "10.96.0.10", domain: "cluster.local",
            machineResolver: "search corp\nnameserver 192.0.2.1\noptions timeout:1\n", machineHosts: "127.0.0.1 me\n")
    }

    @Test(
        arguments: [
            (
                [:],
                "search ns.svc.cluster.local svc.cluster.local cluster.local corp\nnameserver 10.96.0.10\noptions ndots:5\n"
            ),
            (["dnsPolicy": "Default"], "search corp\nnameserver 192.0.2.1\noptions timeout:1\n"),
            (["hostNetwork": true], "search corp\nnameserver 192.0.2.1\noptions timeout:1\n"),
            (
                [
                    "dnsPolicy": "None",
                    "dnsConfig": [
                        "nameservers": ["1.1.1.1"], "searches": ["a"], "options": [["name": "ndots", "value": "2"]],
                    ],
                ], "search a\nnameserver 1.1.1.1\noptions ndots:2\n"
            ),
        ] as [(Value, String)])
    func resolvers(_ spec: Value, _ expected: String) { #expect(files(spec).resolver == expected) }

    @Test func hostsNameThePodAndItsAliases() {
        let text = files([
            "subdomain": "sub", "hostAliases": [["ip": "192.0.2.7", "hostnames": ["one", "two"]]],
        ]).hosts
        #expect(text.contains("10.244.0.9\tp.sub.ns.svc.cluster.local\tp\n"))
        #expect(text.hasSuffix("# Entries added by HostAliases.\n192.0.2.7\tone\ttwo\n"))
        #expect(files(["hostNetwork": true]).hosts.hasSuffix("(host network).\n127.0.0.1 me\n"))
    }

    // MARK: Status

    private func status(
        _ phases: [ContainerTrack.Phase], initial: [ContainerTrack.Phase] = [], policy: String = "Always"
    ) -> PodStatus {
        func track(_ index: Int, _ phase: ContainerTrack.Phase, _ isInit: Bool) -> ContainerTrack {
            var track = ContainerTrack(["name": .string("c\(index)")], isInit: isInit, waitingFor: "")
            track.phase = phase
            track.isHooked = true
            if case .waiting = phase {} else { track.attempt = 0 }
            return track
        }
        return PodStatus(
            pod: ["spec": ["restartPolicy": .string(policy)]],
            tracks: initial.enumerated().map { track($0.offset, $0.element, true) }
                + phases.enumerated().map { track($0.offset, $0.element, false) },
            hasSandbox: true, podAddress: "10.244.0.9", nodeAddress: "192.0.2.2", started: PodRulesTests.start,
            now: PodRulesTests.start)
    }

    private static let waiting = ContainerTrack.Phase.waiting(reason: "ContainerCreating", message: "")
    private static let running = ContainerTrack.Phase.running(since: start)
    private static func ended(_ code: Int) -> ContainerTrack.Phase {
        .ended(Termination(code: code, reason: "Error", started: start, finished: start, id: "i"))
    }

    @Test func phases() {
        typealias Rules = PodRulesTests
        #expect(status([Rules.waiting]).phase == "Pending")
        #expect(status([Rules.running, Rules.waiting]).phase == "Pending")
        #expect(status([Rules.running, Rules.ended(1)]).phase == "Running")
        #expect(status([Rules.ended(0)]).phase == "Running")
        #expect(status([Rules.ended(0)], policy: "OnFailure").phase == "Succeeded")
        #expect(status([Rules.ended(1)], policy: "OnFailure").phase == "Running")
        #expect(status([Rules.ended(0), Rules.ended(1)], policy: "Never").phase == "Failed")
        #expect(status([Rules.waiting], initial: [Rules.running]).phase == "Pending")
        #expect(status([Rules.waiting], initial: [Rules.ended(1)], policy: "Never").phase == "Failed")
    }

    @Test func conditionsNameWhoIsNotReady() {
        let value = status([PodRulesTests.running, PodRulesTests.ended(1)]).value
        let conditions = value["conditions"]?.array ?? []
        func find(_ type: String) -> Value? { conditions.first { $0["type"]?.string == type } }
        #expect(find("Ready")?["status"]?.string == "False")
        #expect(find("Ready")?["message"]?.string == "containers with unready status: [c1]")
        #expect(find("Initialized")?["status"]?.string == "True")
        #expect(find("PodReadyToStartContainers")?["status"]?.string == "True")
        #expect(
            status([PodRulesTests.running]).value["conditions"]?.array?.allSatisfy { $0["status"] == "True" } == true)
    }
}
