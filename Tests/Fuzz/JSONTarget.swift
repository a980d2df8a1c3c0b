import Document

/// What the reader takes, the writer gives back: the same tree, read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let value = try? JSON.parse(bytes) else { return 0 }
    let again = try? JSON.parse(JSON.write(value, .init(numbers: .literal)))
    precondition(again == value, "written text reads back as another value")
    return 0
}
