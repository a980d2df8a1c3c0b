import Chart
import Document
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
