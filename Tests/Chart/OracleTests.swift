import Chart
import Document
import Glibc
import TestSupport
import Testing

/// The binary's offline commands against real Helm, byte for byte.
struct OracleTests {
    @Test(.needsOracle) func createWritesHelmsTree() throws {
        let folder = try ScratchFolder()
        for name in ["ours", "helms"] { try folder.write("", to: "\(name)/.keep") }
        let made = try Command(Machine.helmctl, ["create", "scaffold"], in: "\(folder.path)/ours").run()
        #expect(made.status == 0, "\(made.errors)")
        let oracle = try Oracle.run("helm_oracle.py", ["create", "scaffold", "."], in: "\(folder.path)/helms")
        #expect(oracle.status == 0, "\(oracle.errors)")
        let difference = try Command("diff", ["-r", "\(folder.path)/ours", "\(folder.path)/helms"]).run()
        #expect(difference.output.isEmpty && difference.status == 0, "\(difference.output)")
    }

    @Test(
        .needsOracle,
        arguments: [
            ["template", "demo", Charts.hello],
            ["template", "demo", Charts.hello, "-n", "other", "--set", "message=a,replicas=5", "--is-upgrade"],
            ["template", "demo", Charts.hello, "-s", "templates/service.yaml"],
            ["lint", Charts.hello],
        ])
    func theSameIsPrinted(arguments: [String]) throws {
        let helm = try Oracle.run("helm_oracle.py", arguments)
        let ours = try Command(Machine.helmctl, arguments).run()
        #expect(ours.status == helm.status && ours.output == helm.output, "\(ours.errors)\(helm.errors)")
    }

    @Test(.needsOracle, arguments: ["all", "chart", "values", "readme"])
    func theSameIsShown(part: String) throws {
        let helm = try Oracle.run("helm_oracle.py", ["show", part, Charts.hello])
        let ours = try Command(Machine.helmctl, ["show", part, Charts.hello]).run()
        #expect(ours.status == 0 && ours.output == helm.output, "\(ours.errors)\(helm.errors)")
    }

    @Test(.needsOracle) func helmRendersWhatWePacked() throws {
        let folder = try ScratchFolder()
        let packed = try Command(Machine.helmctl, ["package", Charts.hello, "-d", folder.path]).run()
        #expect(packed.status == 0, "\(packed.errors)")
        let version = try ChartLoader.load(Charts.hello).metadata.version
        let archive = "\(folder.path)/hello-\(version).tgz"
        let fromArchive = try Oracle.run("helm_oracle.py", ["template", "demo", archive])
        let fromFolder = try Oracle.run("helm_oracle.py", ["template", "demo", Charts.hello])
        #expect(fromArchive.status == 0 && fromArchive.output == fromFolder.output, "\(fromArchive.errors)")
    }

    /// Every ninth of the smaller public charts; all of them where ALL_CHARTS is set.
    private static func publicCharts(every step: Int) throws -> [String] {
        let folder = "\(Machine.shared ?? "")/helm/charts"
        let names = try Command("ls", ["-Sr", folder]).run().output.split(separator: "\n").map { "\(folder)/\($0)" }
        if getenv("ALL_CHARTS") != nil { return names }
        return stride(from: 0, to: names.count * 2 / 3, by: step).map { names[$0] }
    }

    @Test(.needsOracle) func lintSaysTheSameOfPublicCharts() throws {
        let charts = try Self.publicCharts(every: 9)
        let helm = try Oracle.run("helm_oracle.py", ["lint"] + charts)
        let ours = try Command(Machine.helmctl, ["lint"] + charts).run()
        #expect(charts.count >= 9 && ours.status == helm.status)
        #expect(ours.output == helm.output)
        // Where a chart fails, the last line is an error; else it stands on standard output.
        if helm.status != 0 {
            #expect(ours.errors.split(separator: "\n").last == helm.errors.split(separator: "\n").last)
        }
    }

    /// Packed anew, a public chart has the entries, their order and their bytes that Helm gives it.
    @Test(.needsOracle) func archivesHoldWhatHelmsHold() throws {
        for chart in try Self.publicCharts(every: 25) {
            let folder = try ScratchFolder()
            for path in ["chart", "ours", "helms", "ours.files", "helms.files"] {
                try folder.write("", to: "\(path)/.keep")
            }
            let unpacked = try Command("tar", ["xzf", chart, "-C", "chart"], in: folder.path).run()
            let name = try Command("ls", ["chart"], in: folder.path).run().output.filter { $0 != "\n" }
            #expect(unpacked.status == 0 && !name.isEmpty)
            let ours = try Command(Machine.helmctl, ["package", "chart/\(name)", "-d", "ours"], in: folder.path).run()
            let helm = try Oracle.run("helm_oracle.py", ["package", "chart/\(name)", "-d", "helms"], in: folder.path)
            #expect(ours.status == 0 && helm.status == 0, "\(ours.errors)\(helm.errors)")
            // Helm takes several subcharts in Go's order of a map, which is none.
            let compare =
                "for w in ours helms; do tar tvf $w/*.tgz | awk '{print $1, $3, $NF}' > $w.list; "
                + "grep -v /charts/ $w.list > $w.own; sort -o $w.list $w.list; tar xf $w/*.tgz -C $w.files; done; "
                + "cmp ours.own helms.own && cmp ours.list helms.list && diff -r ours.files helms.files"
            let same = try Command("sh", ["-c", compare], in: folder.path).run()
            #expect(same.status == 0, "\(name): \(same.output)")
        }
    }

    @Test func sourceDatesMakeArchivesRepeatable() throws {
        let folder = try ScratchFolder()
        var archives: [[UInt8]] = []
        for name in ["a", "b"] {
            let run = try Command(
                Machine.helmctl, ["package", Charts.hello, "-d", "\(folder.path)/\(name)", "--version", "9.9.9"],
                environment: ["SOURCE_DATE_EPOCH": "1700000000"]
            ).run()
            #expect(run.output.hasSuffix("/\(name)/hello-9.9.9.tgz\n"), "\(run.errors)")
            archives.append(try readFile("\(folder.path)/\(name)/hello-9.9.9.tgz"))
        }
        #expect(archives[0] == archives[1] && !archives[0].isEmpty)
    }
}
