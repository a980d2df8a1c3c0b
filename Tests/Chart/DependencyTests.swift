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

    /// A chart that uses another one under many names, each with the same conditions.
    private static func chart(aliases count: Int, condition: (Int) -> String) throws -> LoadedChart {
        let dependencies = (0..<count).map {
            "- {name: b, version: 1.0.0, alias: x\($0), tags: [t], condition: \"\(condition($0))\"}\n"
        }
        return try Charts.chart([
            "Chart.yaml": "apiVersion: v2\nname: root\nversion: 1.0.0\ndependencies:\n" + dependencies.joined(),
            "charts/b/Chart.yaml": "apiVersion: v2\nname: b\nversion: 1.0.0\n",
            "charts/b/templates/t.yaml": "is: {{ .Chart.Name }}",
        ])
    }

    /// The names under which a subchart was rendered.
    private static func names(_ chart: LoadedChart, _ settings: String) throws -> [Substring] {
        var values = ValueOptions()
        values.typed = [settings]
        return try Charts.rendered(chart, values).split(separator: "\n").filter { $0.hasPrefix("is: ") }.map {
            $0.dropFirst(4)
        }
    }

    /// Whether what is looked at is put together or, for the bigger tree, everything.
    @Test(arguments: [20, 400])
    func treesOfManyDependenciesAreDecidedAlike(aliases: Int) throws {
        let chart = try DependencyTests.chart(aliases: aliases) { "x\($0).off,x\($0).on" }
        let names = try DependencyTests.names(chart, "tags.t=false,x3.on=true,x7.on=true,x7.off=false,x9.off=true")
        #expect(Set(names) == ["x3", "x9"])
    }

    /// Thousands of names took seconds by a search for each of them among all.
    @Test(.timeLimit(.minutes(1)))
    func manyDependenciesTakeTheirShareOfTime() throws {
        let chart = try DependencyTests.chart(aliases: 6_000) { "x\($0).on" }
        #expect(try DependencyTests.names(chart, "tags.t=false,x5999.on=true") == ["x5999"])
    }

    /// A key in a key for each of its dots would be more than a thread's stack holds.
    @Test func aConditionMayHaveAnyNumberOfKeys() throws {
        let path = String(repeating: "a.", count: 3_000_000) + "on"
        let chart = try DependencyTests.chart(aliases: 2) { $0 == 0 ? path : "x1.on" }
        #expect(try DependencyTests.names(chart, "x1.on=false") == ["x0"])
    }
}
