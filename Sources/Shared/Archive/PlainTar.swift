/// A tar stream in memory whose headers say nothing that depends on the language.
enum PlainTar {
    private static let block = 512

    /// Whether there are but files and folders with names of ASCII (POSIX.1-1988's ustar, without extended headers).
    ///
    /// libarchive converts other names by the locale, and to load one takes a tenth of a millisecond: of 134 public
    /// charts 27 need it. What is no tar at all is for libarchive to refuse.
    static func holds(_ tar: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start + block <= tar.count {
            let header = UnsafeRawBufferPointer(rebasing: tar[start..<(start + block)])
            let bits = header.reduce(0) { $0 | $1 }
            if bits == 0 { break }
            guard bits < 0x80, let size = size(of: header) else { return false }
            switch header[156] {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "5"): start += block + (size + block - 1) / block * block
            default: return false
            }
        }
        return true
    }

    /// The octal number in the field of the size; nil where something else stands there.
    private static func size(of header: UnsafeRawBufferPointer) -> Int? {
        var size = 0
        for byte in header[124..<136] {
            if byte == 0 || byte == UInt8(ascii: " ") { break }
            guard byte & 0xF8 == UInt8(ascii: "0") else { return nil }
            size = size << 3 | Int(byte & 7)
        }
        return size
    }
}
