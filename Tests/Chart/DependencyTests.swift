import Chart
import Testing

/// Conditions and tags decide which subcharts are rendered, at whatever depth and under whatever name. What real Helm
/// 4.2.3 rendered of these charts stands in the tables.
struct DependencyTests {
    /// A chart that uses another one twice, which in turn has two.
    private static func chart(conditionOfC: String) throws -> LoadedChart {
        let name = "{name: {{ .Chart.Name }}}"
        func metadata(_ name: String) -> String { "apiVersion: v2\nname: \(name)\nversion: 1.0.0\n" }
        return try Charts.chart([
            "Chart.yaml": metadata("root")
                + """
                dependencies:
                - {name: a, version: 1.x, alias: al, condition: "al.on,global.al"}
                - {name: a, version: 1.x, tags: [t]}
                - {name: b, version: 1.x, tags: [t, u], condition: b.on}
                """.replacing("global.al", with: conditionOfC.hasPrefix("global") ? "global.al" : "al.more"),
            "charts/a/Chart.yaml": metadata("a") + """
                dependencies:
                - {name: b, version: 1.x, alias: bb, condition: bb.on}
                - {name: c, version: 1.x, tags: [u], condition: "c.on,\(conditionOfC)"}
                """,
            "charts/a/charts/b/Chart.yaml": metadata("b"), "charts/a/charts/c/Chart.yaml": metadata("c"),
            "charts/b/Chart.yaml": metadata("b"), "charts/d/Chart.yaml": metadata("d"),
            "values.yaml": "{b: {on: true, x: 1}, tags: {u: true}}",
            "charts/a/values.yaml": "{bb: {on: true}, c: {x: 1}}", "charts/b/values.yaml": "on: false",
            "templates/t.yaml": name, "charts/a/templates/t.yaml": name, "charts/a/charts/b/templates/t.yaml": name,
            "charts/a/charts/c/templates/t.yaml": name, "charts/b/templates/t.yaml": name,
        ])
    }

    /// The subcharts that were rendered, without `charts/`, or what went wrong.
    private static func rendered(_ settings: String, conditionOfC: String) throws -> String {
        var values = ValueOptions()
        if !settings.isEmpty { values.typed = [settings] }
        do {
            let text = try Charts.rendered(try chart(conditionOfC: conditionOfC), values)
            let sources = text.split(separator: "\n").filter { $0.hasPrefix("# Source: root/charts/") }
            return sources.map { source in
                source.split(separator: "/").dropFirst(2).dropLast(2).filter { $0 != "charts" }.joined(separator: ".")
            }.joined(separator: " ")
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        ("", "a.bb a.c a al.bb al.c al b"), ("al.on=false", "a.bb a.c a b"),
        ("tags.t=false,tags.u=false", "al.bb al"), ("al.bb.on=false", "a.bb a.c a al.c al b"),
        ("a.bb.on=false", "a.c a al.bb al.c al b"), ("bb.on=false", "a.bb a.c a al.bb al.c al b"),
        ("al.c.on=false", "a.bb a.c a al.bb al b"), ("tags.u=false", "a.bb a al.bb al"),
        ("al.tags.u=false", "a.bb a.c a al.bb al.c al b"), ("b.on=null", "a.bb a.c a al.bb al.c al b"),
        ("b=1", "chart dependencies processing failed: type mismatch on b: %!t(int64=1)"),
        ("d=1", "chart dependencies processing failed: type mismatch on d: %!t(int64=1)"),
        ("al.c=x", "chart dependencies processing failed: type mismatch on c: %!t(string=x)"),
    ])
    func conditionsAndTagsDecide(settings: String, subcharts: String) throws {
        // With a global among the conditions all values are put together, without one those that decide.
        for condition in ["global.c", "c.more"] {
            let rendered = try DependencyTests.rendered(settings, conditionOfC: condition)
            #expect(rendered == subcharts, "\(condition): \(rendered)")
        }
    }

    @Test(arguments: [
        ("global.al=false", "a.bb a.c a b"), ("global.c=false", "a.bb a al.bb al b"),
        ("a.c.on=false,global.c=true", "a.bb a al.bb al.c al b"),
    ])
    func globalsDecideToo(settings: String, subcharts: String) throws {
        let rendered = try DependencyTests.rendered(settings, conditionOfC: "global.c")
        #expect(rendered == subcharts, "\(rendered)")
    }
}
