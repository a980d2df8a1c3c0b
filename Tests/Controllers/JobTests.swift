import API
import Client
import Document
import TestSupport
import Testing

struct JobTests {
    static func job(_ spec: String, restartPolicy: String = "Never") -> Text {
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: work}
        spec:
          \(spec)
          template:
            spec: {restartPolicy: \(restartPolicy), containers: [{name: c, image: busybox}]}
        """.text
    }

    @Test func completes() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.job("{completions: 3, parallelism: 2}".spec), .jobs)
            try await end(rig, "Succeeded", 3)
            try await wait(for: "completion") { try await rig.get(.jobs, "work").isTrue("Complete") }
            let status = try #require(try await rig.get(.jobs, "work")["status"])
            #expect(status["succeeded"]?.int == 3)
            #expect(status["active"] == nil)
            #expect(status["uncountedTerminatedPods"]?.object?.isEmpty != false)
            #expect(
                status["conditions"]?.array?.compactMap { $0["type"]?.string } == ["SuccessCriteriaMet", "Complete"])
            #expect(try await rig.list(.pods).allSatisfy { $0.finalizers.isEmpty })
            try await wait(for: "events") {
                try await rig.events(of: "work").last == "Completed Job completed"
            }
        }
    }

    @Test func pausesAfterFailuresAndGivesUp() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.job("{backoffLimit: 1}".spec), .jobs)
            try await end(rig, "Failed", 1)
            try await wait(for: "the failure to be counted") {
                try await rig.get(.jobs, "work")["status", "failed"]?.int == 1
            }
            #expect(try await rig.list(.pods).count == 1)
            let passed = try await rig.pass(until: "the pause to end") { try await rig.list(.pods).count == 2 }
            #expect(passed >= .seconds(9))
            try await end(rig, "Failed", 2)
            try await wait(for: "failure") { try await rig.get(.jobs, "work").isTrue("Failed") }
            let job = try await rig.get(.jobs, "work")
            #expect(job.condition("Failed")?.reason == "BackoffLimitExceeded")
            #expect(job.condition("Failed")?.message == "Job has reached the specified backoff limit")
            #expect(job["status", "failed"]?.int == 2)
        }
    }

    @Test func endsAtItsDeadline() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.job("{activeDeadlineSeconds: 30}".spec), .jobs)
            try await wait(for: "a pod") { try await rig.list(.pods).count == 1 }
            let passed = try await rig.pass(until: "failure") {
                try await rig.get(.jobs, "work").condition("Failed")?.reason == "DeadlineExceeded"
            }
            #expect(passed >= .seconds(29))
            #expect(try await rig.list(.pods).isEmpty)
        }
    }

    @Test func worksOffIndexesAndGoesAfterItsTime() async throws {
        try await Rig.run { rig in
            try await rig.apply(
                Self.job("{completions: 2, parallelism: 2, completionMode: Indexed, ttlSecondsAfterFinished: 60}".spec),
                .jobs)
            try await end(rig, "Succeeded", 2)
            try await wait(for: "completion") { try await rig.get(.jobs, "work").isTrue("Complete") }
            #expect(try await rig.get(.jobs, "work")["status", "completedIndexes"]?.string == "0,1")
            #expect(
                Set(try await rig.list(.pods).compactMap { $0["spec", "hostname"]?.string }) == ["work-0", "work-1"])
            let passed = try await rig.pass(until: "removal") {
                let left = try await rig.list(.pods) + rig.list(.jobs)
                return left.isEmpty
            }
            #expect(passed >= .seconds(59))
        }
    }

    @Test func suspendsAndResumes() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.job("{parallelism: 2, completions: 2}".spec), .jobs)
            try await wait(for: "pods") { try await rig.list(.pods).count == 2 }
            try await rig.patch(.jobs, "work", ["spec": ["suspend": true]])
            try await wait(for: "no pods") {
                let job = try await rig.get(.jobs, "work")
                return try await rig.list(.pods).isEmpty && job.isTrue("Suspended")
            }
            try await rig.patch(.jobs, "work", ["spec": ["suspend": false]])
            try await wait(for: "pods again") { try await rig.list(.pods).count == 2 }
            #expect(try await rig.get(.jobs, "work")["status", "failed"] == nil)
        }
    }

    /// Lets pods end as they come, until so many have.
    private func end(_ rig: Rig, _ phase: String, _ count: Int) async throws {
        try await wait(for: "\(count) pods to end") {
            let pods = try await rig.list(.pods)
            for pod in pods where pod.phase == "Pending" {
                try await rig.patch(.pods, pod.name, ["status": ["phase": .string(phase)]], status: true)
            }
            return try await rig.list(.pods).count { $0.phase == phase } >= count
        }
    }
}

extension String {
    fileprivate var text: Text { Text(self) }
    /// A flow mapping as the lines of a block one.
    fileprivate var spec: String { dropFirst().dropLast().split(separator: ", ").joined(separator: "\n  ") }
}
