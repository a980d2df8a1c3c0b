import Document
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Template

/// What is done before anybody asks is what would be done when somebody does.
struct WorkAheadTests {
    @Test func eachOutcomeIsComputedOnce() {
        let ahead = WorkAhead()
        let counts = Mutex([Int](repeating: 0, count: 500))
        let outcomes = (0..<500).map { number in
            ahead.add(weight: 1 << 10) { () -> Int in
                counts.withLock { $0[number] += 1 }
                return number
            }
        }
        for outcome in outcomes.reversed() { outcome.prepare() }
        #expect(outcomes.map { $0.get() } == Array(0..<500))
        #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 500))
    }

    @Test func whatNobodyBeganIsDoneByWhoAsks() {
        let ahead = WorkAhead()
        let light = ahead.add(weight: 1) { "light" }
        #expect(light.get() == "light")
    }

    /// The thread is started for the first batch, and woken for the second.
    @Test(.enabled(if: sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1, "there is no second core"))
    func whatIsBegunIsDoneUnasked() async throws {
        let ahead = WorkAhead()
        let done = Mutex(0)
        for batch in 1...2 {
            _ = ahead.add(weight: 8 << 10) { done.withLock { $0 += 1 } }
            ahead.begin()
            try await wait(for: "the batch") { done.withLock { $0 } == batch }
        }
    }

    @Test func aFileThatDefinesItsOwnNameFailsAsHelmSays() throws {
        let define = "{{ define \"c/templates/out\" }}x{{ end }}"
        #expect(
            try Rig.failure(define + "y")
                == "parse error at (c/templates/out:1): multiple definition of template \"c/templates/out\"")
        #expect(try Rig.render(define + " \n") == "x")
        #expect(try Rig.render("{{ define \"c/templates/out\" }} {{ end }}y") == "y")
    }

    @Test func manyFilesAreReadAsOne() throws {
        var files: [String: String] = [:]
        for number in 0..<300 {
            files["_\(number)"] = "{{ define \"f\(number)\" }}\(number),{{ end }}" + String(repeating: "x", count: 400)
        }
        let calls = (0..<300).map { "{{ template \"f\($0)\" }}" }.joined()
        #expect(try Rig.render(calls, files: files) == (0..<300).map { "\($0)," }.joined())
        files["_299"] = "{{ end }}"
        #expect(try Rig.failure(calls, files: files) == "parse error at (c/templates/_299:1): unexpected {{end}}")
    }
}
