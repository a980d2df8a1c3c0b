import API
import Client
import Document
import TestSupport
import Testing

@testable import Release

/// Actions against the real API server, in this process.
struct ActionTests {
    @Test func aReleaseLivesAndDies() async throws {
        try await Rig.run { rig in
            let first = try await rig.install("r", Rig.chart(Rig.configMap("a") + Rig.configMap("old")))
            #expect(first.info.status == .deployed && first.number == 1 && first.usesServerSideApply)
            let second = try await rig.upgrade("r", Rig.chart(Rig.configMap("a", "2") + Rig.configMap("new")))
            #expect(second.number == 2 && second.info.firstDeployed == first.info.firstDeployed)
            #expect(try await rig.value("a") == "2")
            #expect(try await rig.value("old") == nil)
            #expect(try await rig.value("new") == "1")
            try await Rollback(name: "r").run(in: rig.context)
            #expect(try await rig.value("a") == "1")
            #expect(try await rig.value("old") == "1")
            #expect(try await rig.value("new") == nil)
            #expect(
                try await rig.history("r") == [
                    "1 superseded Install complete", "2 superseded Upgrade complete", "3 deployed Rollback to 1",
                ])
            let report = try await Uninstall(name: "r").run(in: rig.context)
            #expect(report.kept.isEmpty)
            #expect(try await rig.value("a") == nil)
            await #expect(throws: ReleaseFailure.self) { try await rig.history("r") }
        }
    }

    @Test func objectsAreHelms() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("a")))
            let live = try await rig.client.get(Rig.configMaps, namespace: "default", name: "a")
            #expect(live.label("app.kubernetes.io/managed-by") == "Helm")
            #expect(live.annotation("meta.helm.sh/release-name") == "r")
            #expect(live["metadata", "managedFields"]?.array?.map { $0["manager"]?.string } == ["helm"])
        }
    }

    @Test func whatBelongsToOthersIsLeftAlone() async throws {
        try await Rig.run { rig in
            _ = try await rig.client.create(
                Rig.configMaps,
                try YAML.parse(Rig.configMap("a").bytes.split(separator: UInt8(ascii: "\n"))[1]).in("default"))
            await #expect(throws: ReleaseFailure.self) {
                try await rig.install("r", Rig.chart(Rig.configMap("a", "2")))
            }
            #expect(try await rig.value("a") == "1")
            #expect(try await rig.context.list(.init()).isEmpty)
            try await rig.install("r", Rig.chart(Rig.configMap("a", "2"))) {
                $0.takesOwnership = true
                $0.options.forceConflicts = true
            }
            #expect(try await rig.value("a") == "2")
        }
    }

    @Test func namesAreTakenOnce() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("a")))
            let failure = await #expect(throws: ReleaseFailure.self) {
                try await rig.install("r", Rig.chart(Rig.configMap("b")))
            }
            #expect(failure?.message == "release name check failed: cannot reuse a name that is still in use")
            var uninstall = Uninstall(name: "r")
            uninstall.keepsHistory = true
            _ = try await uninstall.run(in: rig.context)
            #expect(try await rig.history("r") == ["1 uninstalled Uninstallation complete"])
            let again = try await rig.install("r", Rig.chart(Rig.configMap("b"))) { $0.replaces = true }
            #expect(again.number == 2)
            #expect(try await rig.history("r")[0] == "1 superseded superseded by new release")
        }
    }

    @Test func hooksRunAndAreRecorded() async throws {
        try await Rig.run { rig in
            let hooks = [
                Rig.hook("after", "post-install"),
                Rig.hook("before", "pre-install", policies: ["hook-succeeded"]), Rig.hook("check", "test"),
            ]
            let revision = try await rig.install("r", Rig.chart(Rig.configMap("a"), hooks: hooks))
            #expect(revision.hooks.map(\.lastRun.phase) == ["Succeeded", "Succeeded", ""])
            #expect(try await rig.client.list(Rig.jobs, namespace: "default").items.map(\.name) == ["after"])
            let test = try await ReleaseTest(name: "r").run(in: rig.context)
            #expect(test.failure == nil && test.revision.hooks.last?.lastRun.phase == "Succeeded")
            #expect(try await rig.context.revision("r").hooks.last?.lastRun.phase == "Succeeded")
        }
    }

    @Test func aFailedHookFailsTheInstall() async throws {
        try await Rig.run { rig in
            let hooks = [Rig.hook("fails", "pre-install", policies: ["hook-failed"])]
            let failure = await #expect(throws: ReleaseFailure.self) {
                try await rig.install("r", Rig.chart(Rig.configMap("a"), hooks: hooks))
            }
            let words =
                "failed pre-install: resource Job/default/fails not ready. status: Failed, "
                + "message: Job Failed. failed: 1/1"
            #expect(failure?.message == words)
            let history = try await rig.history("r")
            #expect(history == ["1 failed Release \"r\" failed: \(words)"])
            #expect(try await rig.value("a") == nil)
            #expect(try await rig.client.list(Rig.jobs, namespace: "default").items.isEmpty)
        }
    }

    @Test func aDeadlinePasses() async throws {
        try await Rig.run { rig in
            let pod = Text(
                "---\n{apiVersion: v1, kind: Pod, metadata: {name: hangs}, spec: {containers: [{name: c, image: i}]}}")
            let failure = await #expect(throws: ReleaseFailure.self) {
                try await rig.install("r", Rig.chart(pod)) {
                    $0.options.wait = .watcher
                    $0.options.timeout = .milliseconds(200)
                }
            }
            #expect(
                failure?.message == "resource Pod/default/hangs not ready. status: InProgress, "
                    + "message: Pod is in the Pending phase\ncontext deadline exceeded")
            #expect(failure?.code == .timedOut)
        }
    }

    @Test func failuresAreUndoneWhereThatIsAsked() async throws {
        try await Rig.run { rig in
            let bad =
                Rig.configMap("a", "2")
                + "---\n{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 0}]}}\n"
            await #expect(throws: ReleaseFailure.self) {
                try await rig.install("r", Rig.chart(bad)) { $0.options.rollsBack = true }
            }
            #expect(try await rig.value("a") == nil)
            #expect(try await rig.context.list(.init()).isEmpty)
            try await rig.install("r", Rig.chart(Rig.configMap("a")))
            let failure = await #expect(throws: ReleaseFailure.self) {
                try await rig.upgrade("r", Rig.chart(bad)) { $0.options.rollsBack = true }
            }
            #expect(
                failure?.message.hasPrefix("release r failed, and has been rolled back due to rollback-on-failure")
                    == true)
            #expect(try await rig.value("a") == "1")
            #expect(try await rig.history("r").last == "3 deployed Rollback to 1")
        }
    }

    @Test func aKilledClientsReleaseCanBeRecovered() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("a")))
            var pending = try await rig.context.revision("r")
            pending.number = 2
            pending.labels = [:]
            pending.set(.pendingUpgrade, "Preparing upgrade")
            try await rig.context.records.create(pending)
            let failure = await #expect(throws: ReleaseFailure.self) {
                try await rig.upgrade("r", Rig.chart(Rig.configMap("a", "3")))
            }
            #expect(failure?.message == "another operation (install/upgrade/rollback) is in progress")
            #expect(failure?.advice.contains("helmctl rollback r 1") == true)
            var rollback = Rollback(name: "r")
            rollback.number = 1
            try await rollback.run(in: rig.context)
            try await rig.upgrade("r", Rig.chart(Rig.configMap("a", "3")))
            #expect(try await rig.value("a") == "3")
        }
    }

    @Test func keptObjectsStay() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("kept", keep: true) + Rig.configMap("a")))
            try await rig.upgrade("r", Rig.chart(Rig.configMap("a")))
            #expect(try await rig.value("kept") == "1")
            try await rig.upgrade("r", Rig.chart(Rig.configMap("kept", keep: true) + Rig.configMap("a")))
            let report = try await Uninstall(name: "r").run(in: rig.context)
            #expect(report.kept == "These resources were kept due to the resource policy:\n[ConfigMap] kept\n")
            #expect(try await rig.value("kept") == "1")
        }
    }

    @Test func historyIsPruned() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("a")))
            for round in 2...5 {
                try await rig.upgrade("r", Rig.chart(Rig.configMap("a", "\(round)"))) { $0.maximumHistory = 3 }
            }
            #expect(try await rig.context.history("r", maximum: 256).map(\.number) == [3, 4, 5])
        }
    }

    @Test func valuesAreKeptOrReset() async throws {
        try await Rig.run { rig in
            try await rig.install("r", Rig.chart(Rig.configMap("a"), config: ["x": 1]))
            #expect(try await rig.upgrade("r", Rig.chart(Rig.configMap("a"))).config == ["x": 1])
            #expect(
                try await rig.upgrade("r", Rig.chart(Rig.configMap("a"))) { $0.valuesPolicy = .reset }.config == [:])
        }
    }

    @Test func listsChooseAndSort() async throws {
        try await Rig.run { rig in
            for name in ["b", "a", "c"] {
                try await rig.install(name, Rig.chart(Rig.configMap(name))) {
                    $0.labels = ["team": name == "c" ? "x" : "y"]
                }
            }
            try await rig.upgrade("a", Rig.chart(Rig.configMap("a", "2")))
            func names(_ change: (inout RecordStore.Query) -> Void) async throws -> [String] {
                var query = RecordStore.Query()
                change(&query)
                #expect(try await rig.context.list(query).map(\.name) == rig.context.names(query))
                return try await rig.context.names(query)
            }
            #expect(try await names { _ in } == ["a", "b", "c"])
            #expect(try await names { $0.reverse = true } == ["c", "b", "a"])
            #expect(try await names { $0.byDate = true } == ["b", "c", "a"])
            #expect(try await names { ($0.offset, $0.limit) = (1, 1) } == ["b"])
            #expect(try await names { $0.statuses = [.superseded] } == ["a"])
            #expect(try await names { $0.statuses = [.failed] } == [])
            #expect(try await names { $0.matches = { $0 != "b" } } == ["a", "c"])
            #expect(try await names { $0.selector = LabelSelector(matching: ["team": "y"]) } == ["a", "b"])
        }
    }

    @Test func aStoppedOperationIsRecordedAsFailed() async throws {
        try await Rig.run { rig in
            let task = Task {
                try await rig.install("r", Rig.chart(Rig.configMap("a"), hooks: [Rig.hook("hangs", "pre-install")]))
            }
            try await wait(for: "the hook") {
                try await rig.client.find(Rig.jobs, namespace: "default", name: "hangs") != nil
            }
            task.cancel()
            await #expect(throws: ReleaseFailure.self) { try await task.value }
            #expect(
                try await rig.history("r") == ["1 failed Release \"r\" failed: failed pre-install: context canceled"])
        }
    }

    @Test func dryRunsChangeNothing() async throws {
        try await Rig.run { rig in
            let shown = try await rig.install("r", Rig.chart(Rig.configMap("a"))) { $0.options.dryRun = .server }
            #expect(shown.info.description == "Dry run complete" && shown.info.status == .pendingInstall)
            #expect(try await rig.value("a") == nil)
            #expect(try await rig.context.list(.init()).isEmpty)
        }
    }
}

extension Value {
    /// The object with a namespace.
    fileprivate func `in`(_ namespace: String) -> Value {
        var object = self
        object.namespace = namespace
        return object
    }
}
