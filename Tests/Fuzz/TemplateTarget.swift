import Document
import Template

/// Any text as a template ends, with output or an error, within its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let host = Host(now: { 0 }, random: { [UInt8](repeating: 7, count: $0) })
    var limits = Limits()
    (limits.steps, limits.outputBytes, limits.includeDepth) = (20_000, 1 << 20, 50)
    limits.templateDepth = 500
    let values = GoMap(["l": [1, "x"], "m": ["a": ["b": 1]], "s": "text", "n": 15] as Object)
    let data = GoMap([("Values", .map(values))], kind: .values)
    let file = TemplateFile(name: "c/templates/a.yaml", contents: FileBytes(bytes), basePath: "c/templates", data: data)
    do throws(RenderFailure) {
        _ = try Engine(host: host, limits: limits).render([file])
    } catch { precondition(!error.helmText.isEmpty, "a failure without words") }
    return 0
}
