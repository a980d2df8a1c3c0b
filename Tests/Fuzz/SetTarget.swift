import Chart

/// Any text as a setting ends, with values or an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: count), as: UTF8.self)
    for field in [\ValueOptions.typed, \.strings, \.json, \.literals] {
        var options = ValueOptions()
        options[keyPath: field] = [text]
        _ = try? options.merged()
    }
    return 0
}
