import API
import Document
import Testing

struct SelectorTests {
    static let labels: Object = ["app": "web", "tier": "1"]

    @Test(arguments: [
        ("", true), ("app=web", true), ("app==web,tier", true), ("app!=web", false), ("zone!=a", true),
        ("app in (a, web)", true), ("app notin (web)", false), ("!zone", true), ("!app", false), ("tier>0", true),
        ("tier<1", false), ("app in (),x", false),
    ])
    func labelSelectors(_ text: String, _ matches: Bool) throws {
        #expect(try LabelSelector(parsing: text).matches(SelectorTests.labels) == matches)
    }

    @Test(arguments: [
        ("a in b", "unable to parse requirement: found 'b' expected: '('"),
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        (",", "found ',', expected: !, identifier, or 'end of string'"),
        ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        (
            "a>b",
            "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be "
                + "an integer"
        ),
        ("a,", "found '', expected: identifier after ','"),
    ])
    func refusals(_ text: String, _ message: String) {
        #expect(throws: LabelSelector.ParseFailure.self) { try LabelSelector(parsing: text) }
        do { _ = try LabelSelector(parsing: text) } catch { #expect(error.description == message) }
    }

    @Test func objects() {
        let selector = LabelSelector(object: [
            "matchLabels": ["app": "web"],
            "matchExpressions": [["key": "tier", "operator": "In", "values": ["1", "2"]]],
        ])
        #expect(selector?.matches(SelectorTests.labels) == true)
        #expect(selector?.description == "app=web,tier in (1,2)")
        #expect(LabelSelector(object: ["matchExpressions": [["key": "a", "operator": "Near"]]]) == nil)
    }

    @Test func fieldSelectors() {
        let selector = FieldSelector(#"metadata.name=a\,b,spec.nodeName!=n"#)
        #expect(selector?.requirements.map(\.value) == ["a,b", "n"])
        #expect(selector?.matches { $0 == "metadata.name" ? "a,b" : "" } == true)
        #expect(selector?.description == #"metadata.name=a\,b,spec.nodeName!=n"#)
        #expect(FieldSelector("abc") == nil && FieldSelector("a=b=c") == nil && FieldSelector(#"a=\b"#) == nil)
    }

    @Test func statusMessages() {
        let status = Status.invalid(
            GroupVersionKind(group: "apps", version: "v1", kind: "Deployment"), "web",
            [
                FieldError(.required, "spec.selector"),
                FieldError(.invalid, "spec.replicas", value: -1, detail: "must be more"),
            ])
        #expect(
            status.message
                == #"Deployment.apps "web" is invalid: [spec.selector: Required value, spec.replicas: Invalid value: -1: must be more]"#
        )
        #expect(Status(status.value) == status)
    }
}
