import Document
import Template

/// A chart `c` in memory: its files are rendered as the engine renders a chart's.
enum Rig {
    /// A machine whose clock stands and whose dice always show 7.
    static let host = Host(
        now: { 1_700_000_000_000_000_000 }, random: { [UInt8](repeating: 7, count: $0) })

    private static var chartFiles: FilesObject { FilesObject([("a.txt", FileBytes(Array("hi".utf8)))]) }

    private static var cluster: Capabilities {
        get throws {
            Capabilities(kubeVersion: try Capabilities.KubeVersion(parsing: "v1.36.0"), apiVersions: ["v1", "apps/v1"])
        }
    }

    /// What `templates/out` prints; `files` are further templates by their names.
    static func render(
        _ text: String, values: Object = [:], files: [String: String] = [:], limits: Limits = Limits()
    ) throws -> String {
        let map = GoMap(
            [
                ("Values", .map(GoMap(values).asValues)), ("Capabilities", try cluster.value),
                ("Files", .object(chartFiles)),
            ], kind: .values)
        var all = files
        all["out"] = text
        let templates = all.map { name, text in
            TemplateFile(
                name: Text("c/templates/\(name)"), contents: FileBytes(Array(text.utf8)), basePath: "c/templates",
                data: map)
        }
        return try Engine(host: host, limits: limits).render(templates)["c/templates/out"]?.string ?? "nothing"
    }

    /// The failure in Helm's words, or what was printed where there was none.
    static func failure(
        _ text: String, values: Object = [:], files: [String: String] = [:], limits: Limits = Limits()
    ) throws -> String {
        do {
            return "printed: " + (try render(text, values: values, files: files, limits: limits))
        } catch let failure as RenderFailure {
            return failure.helmText
        }
    }
}
