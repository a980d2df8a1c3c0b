import API
import Client
import Document
import TestSupport
import Testing

/// Jobs that say which failures matter, and which indexes.
struct JobFailureTests {
    static func job(_ spec: String) -> Text { JobTests.job(spec) }

    @Test func countsFailuresOfEachIndex() async throws {
        try await Rig.run { rig in
            try await rig.apply(
                Self.job("{completions: 2, parallelism: 2, completionMode: Indexed, backoffLimitPerIndex: 1}".lines),
                .jobs)
            try await end(rig, 1, "Succeeded")
            try await end(rig, 0, "Failed")
            let passed = try await rig.pass(until: "another pod of the index") { try await rig.list(.pods).count == 3 }
            #expect(passed >= .seconds(9))
            let second = try #require(try await rig.list(.pods).first { $0.phase == "Pending" })
            #expect(second.annotation("batch.kubernetes.io/job-index-failure-count") == "1")
            try await end(rig, 0, "Failed")
            try await wait(for: "failure") { try await rig.get(.jobs, "work").isTrue("Failed") }
            let job = try await rig.get(.jobs, "work")
            #expect(job.condition("Failed")?.reason == "FailedIndexes")
            #expect(job.condition("Failed")?.message == "Job has failed indexes")
            #expect(job["status", "failedIndexes"]?.string == "0")
            #expect(job["status", "completedIndexes"]?.string == "1")
            #expect(job["status", "failed"]?.int == 2)
        }
    }

    @Test func givesUpWhenTooManyIndexesFail() async throws {
        try await Rig.run { rig in
            let spec =
                "{completions: 3, parallelism: 3, completionMode: Indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 0}"
            try await rig.apply(Self.job(spec.lines), .jobs)
            try await end(rig, 2, "Failed")
            try await rig.pass(until: "failure") { try await rig.get(.jobs, "work").isTrue("Failed") }
            let job = try await rig.get(.jobs, "work")
            #expect(job.condition("Failed")?.reason == "MaxFailedIndexesExceeded")
            #expect(job["status", "failedIndexes"]?.string == "2")
        }
    }

    @Test func isContentWithSomeIndexes() async throws {
        try await Rig.run { rig in
            let spec =
                "{completions: 3, parallelism: 3, completionMode: Indexed, "
                + "successPolicy: {rules: [{succeededIndexes: '1-2', succeededCount: 1}]}}"
            try await rig.apply(Self.job(spec.lines), .jobs)
            try await end(rig, 2, "Succeeded")
            try await rig.pass(until: "completion") { try await rig.get(.jobs, "work").isTrue("Complete") }
            let job = try await rig.get(.jobs, "work")
            #expect(job.condition("Complete")?.reason == "SuccessPolicy")
            #expect(job.condition("Complete")?.message == "Matched rules at index 0")
            #expect(job["status", "succeeded"]?.int == 1)
        }
    }

    static let policy = """
        podFailurePolicy: {rules: [
          {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: 'True'}]},
          {action: FailJob, onExitCodes: {containerName: c, operator: In, values: [42]}}]}
        """

    @Test func ignoresFailuresThatTheJobDoesNotMind() async throws {
        try await Rig.run { rig in
            try await rig.apply(Self.job("backoffLimit: 0\n  " + Self.policy.replacingLines), .jobs)
            let target: Value = ["type": "DisruptionTarget", "status": "True"]
            try await end(rig, nil, "Failed", ["conditions": [target]])
            try await rig.pass(until: "another pod") {
                try await rig.list(.pods).contains { $0.phase == "Pending" }
            }
            #expect(try await rig.get(.jobs, "work")["status", "failed"] == nil)
            let code: Value = ["terminated": ["exitCode": 42, "reason": "Error"]]
            try await end(rig, nil, "Failed", ["containerStatuses": [["name": "c", "state": code]]])
            try await wait(for: "failure") { try await rig.get(.jobs, "work").isTrue("Failed") }
            let failed = try await rig.get(.jobs, "work").condition("Failed")
            #expect(failed?.reason == "PodFailurePolicy")
            #expect(failed?.message.hasSuffix("failed with exit code 42 matching FailJob rule at index 1") == true)
        }
    }

    /// Ends the pending pod of an index, or the only one.
    private func end(_ rig: Rig, _ index: Int?, _ phase: String, _ more: Value = [:]) async throws {
        try await wait(for: "a pod to end") {
            let pod = try await rig.list(.pods).first { pod in
                let number = pod.annotation("batch.kubernetes.io/job-completion-index").flatMap { Int($0) }
                return pod.phase == "Pending" && !pod.isBeingDeleted && (index == nil || number == index)
            }
            guard let pod else { return false }
            var status = more
            status["phase"] = .string(phase)
            try await rig.patch(.pods, pod.name, ["status": status], status: true)
            return true
        }
    }
}

extension String {
    /// The members of a flow map, each on a line of its own as they stand in a spec.
    fileprivate var lines: String {
        var depth = 0
        var text = ""
        for character in dropFirst().dropLast() {
            if "[{".contains(character) { depth += 1 }
            if "]}".contains(character) { depth -= 1 }
            text += character == "," && depth == 0 ? "\n " : String(character)
        }
        return text
    }

    fileprivate var replacingLines: String { split(separator: "\n").joined(separator: " ") }
}
