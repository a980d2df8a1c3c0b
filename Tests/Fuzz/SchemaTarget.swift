import Chart
import Document
import Template

/// Any schema ends, with a verdict on the value that follows it after a line of dashes, or an error, within its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let mark = Array("\n---\n".utf8)
    let cut = bytes.indices.first { bytes[$0...].starts(with: mark) } ?? bytes.count
    let value = (try? JSON.parse(bytes.dropFirst(cut + mark.count))) ?? .null
    var limits = JSONSchema.Limits()
    (limits.schemas, limits.checks, limits.faults) = (10_000, 100_000, 1_000)
    do throws(JSONSchema.Failure) {
        _ = try JSONSchema(bytes[..<cut], limits: limits).report(on: GoValue(value))
    } catch { precondition(!error.message.isEmpty, "a failure without words") }
    return 0
}
