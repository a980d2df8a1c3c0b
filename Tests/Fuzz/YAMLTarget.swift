import Document

/// The reader ends, with a value or an error, and the writer takes whatever it made.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let document = try? YAML.locate(bytes) else { return 0 }
    precondition((try? YAML.parse(bytes)) == document.value, "places change what is read")
    _ = YAML.write(document.value)
    return 0
}
