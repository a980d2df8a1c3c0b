import Glibc
import TestSupport
import Testing

/// Every public chart, and some public cases of each area, rendered by the release binary and held against real Helm.
struct CorpusTests {
    /// The release binary: a debug build takes minutes.
    static let binary = "\(Machine.package)/bin/helmctl"
    static let isBuilt = access(binary, X_OK) == 0

    @Test(.needsShared, .enabled(if: isBuilt, "needs bin/helmctl (make build)"))
    func everyChartRendersAsHelmRendersIt() throws {
        guard let shared = Machine.shared else { return }
        let run = try Command("python3", ["\(shared)/helm/corpus_check.py", Self.binary, "--timeout", "20"]).run()
        let verdicts = ["differs", "failed", "took", "refused-other-text"]
        let lines = run.output.split(separator: "\n").map(String.init)
        let unlike = lines.filter { line in verdicts.contains { line.hasPrefix("\($0)  ") } }
        #expect(Set(unlike) == Self.open, "\(run.output.suffix(4000))\(run.errors.suffix(1000))")
        #expect(lines.last?.contains(" renders agree (") == true)
    }

    /// The rows that are not yet as Helm has them.
    static let open: Set<String> = []

    /// What share of the cases of an area must be answered as Helm answers, in hundredths: what has been reached.
    static let floors = [
        "charts": 98, "errors": 100, "functions": 99, "language": 100, "lint": 100, "printf": 99, "schema": 100,
        "values": 99, "yaml": 99,
    ]

    @Test(
        .needsShared, .enabled(if: isBuilt, "needs bin/helmctl (make build)"),
        arguments: floors.keys.sorted())
    func casesAreAnsweredAsHelmAnswers(area: String) throws {
        guard let shared = Machine.shared, let floor = Self.floors[area] else { return }
        let folder = try ScratchFolder()
        let lines = String(decoding: try readFile("\(shared)/helm/cases/\(area).jsonl"), as: UTF8.self)
            .split(separator: "\n")
        let chosen = stride(from: 0, to: lines.count, by: max(1, lines.count / 200)).map { lines[$0] }
        try folder.write(chosen.joined(separator: "\n") + "\n", to: "\(area).jsonl")
        let run = try Command(
            "python3",
            [
                "\(shared)/helm/cases/run_cases.py", "--cases", folder.path, "--strict-errors", "-N", "5",
                Self.binary,
            ]
        ).run()
        let summary = run.output.split(separator: "\n").last ?? ""
        let counts = summary.split(separator: " ").compactMap { Int($0) }
        guard counts.count >= 2 else {
            Issue.record("no summary: \(run.output)\(run.errors)")
            return
        }
        #expect(counts[0] * 100 >= counts[1] * floor, "\(run.output)")
    }
}
