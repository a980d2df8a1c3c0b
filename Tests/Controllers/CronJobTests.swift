import API
import Client
import Document
import TestSupport
import Testing

@testable import Controllers

struct CronJobTests {
    @Test(arguments: [
        ("*/15 * * * *", "2026-11-21T09:01:30Z", "2026-11-21T09:15:00Z"),
        ("0 0 1 1 *", "2026-11-21T09:01:30Z", "2027-01-01T00:00:00Z"),
        ("30 6 * * mon-fri", "2026-11-21T09:00:00Z", "2026-11-23T06:30:00Z"),
        ("0 12 13 * 5", "2026-11-08T00:00:00Z", "2026-11-13T12:00:00Z"),
        ("0 12 10 * 5", "2026-11-08T00:00:00Z", "2026-11-10T12:00:00Z"),
        ("0 0 29 2 *", "2026-11-21T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("@hourly", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"),
        ("@every 1h30m", "2026-11-21T09:00:00Z", "2026-11-21T10:30:00Z"),
        ("5/20 1,3 * JAN 0", "2026-11-21T09:00:00Z", "2027-01-03T01:05:00Z"),
        ("0 0 */2 * 1", "2026-11-21T09:00:00Z", "2026-11-23T00:00:00Z"),
        // Summer time: an hour that is skipped, one that comes twice, a day that begins at one o'clock.
        ("TZ=Europe/Berlin 30 6 * * *", "2026-03-28T06:00:00Z", "2026-03-29T04:30:00Z"),
        ("TZ=Europe/Berlin 30 2 * * *", "2026-03-28T06:00:00Z", "2026-03-30T00:30:00Z"),
        ("TZ=Europe/Berlin 30 2 * * *", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ("TZ=Europe/Berlin 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ("CRON_TZ=Asia/Kolkata 0 0 1 * *", "2026-11-21T09:00:00Z", "2026-11-30T18:30:00Z"),
        ("TZ=America/Havana 0 5 8 3 *", "2026-03-07T12:00:00Z", "2026-03-08T09:00:00Z"),
    ])
    func nextTimes(_ text: String, _ after: String, _ expected: String) throws {
        let schedule = try CronSchedule(text)
        #expect(schedule.next(after: try #require(Time(after)))?.description == expected)
    }

    @Test(arguments: [
        ("", "empty spec string"), ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("60 * * * *", "end of range (60) above maximum (59): 60"),
        ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("* * * * 7", "end of range (7) above maximum (6): 7"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax"),
        ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"), ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("@never", "unrecognized descriptor: @never"),
        ("@every 5", "failed to parse duration @every 5: time: missing unit in duration \"5\""),
        ("TZ=Nowhere * * * * *", "provided bad location Nowhere: unknown time zone Nowhere"),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect { try CronSchedule(text) } throws: { ($0 as? CronSchedule.Malformed)?.message == message }
    }

    @Test func makesJobsInTime() async throws {
        try await Rig.run { rig in
            let cron: Text = """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: tick}
                spec:
                  schedule: "*/5 * * * *"
                  concurrencyPolicy: Forbid
                  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}}
                """
            try await rig.apply(cron, .cronJobs)
            try await rig.pass(until: "a job", step: .seconds(10)) {
                let status = try await rig.get(.cronJobs, "tick")["status"]
                return try await rig.list(.jobs).count == 1 && status?["active"]?.array?.count == 1
                    && status?["lastScheduleTime"] != nil
            }
            let job = try #require(try await rig.list(.jobs).first)
            #expect(job.name.hasPrefix("tick-") && job.controller?.kind == "CronJob")
            #expect(job.annotation("batch.kubernetes.io/cronjob-scheduled-timestamp") != nil)
            // The first one runs still: it forbids the next.
            try await rig.pass(until: "the refusal", step: .seconds(10)) {
                try await rig.events(of: "tick").contains { $0.hasPrefix("JobAlreadyActive") }
            }
            #expect(try await rig.list(.jobs).count == 1)
        }
    }
}
