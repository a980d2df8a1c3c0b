import Archive
import Chart

/// Any bytes as a packed chart end, with a chart or an error; those that are no gzip are the tar inside of one, for
/// what is changed in compressed bytes seldom gets past their checksum.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    let packed = Gzip.isCompressed(bytes) ? bytes : (try? Gzip.compress(bytes, level: 1)) ?? bytes
    do throws(LoadFailure) {
        _ = try ChartLoader.load(archive: packed, named: "c.tgz")
    } catch { precondition(!error.message.isEmpty, "a failure without words") }
    return 0
}
