import Document
import Store

/// A collection as JSON, made piece by piece from kept bytes, so that a long one never stands in memory as a whole.
struct PageBody {
    /// How long a piece is, in bytes, but for what its last object adds.
    private static let piece = 256 << 10
    private static let tail = Array("]}\n".utf8)

    /// How long all pieces are together.
    let count: Int
    private let page: Page
    private let head: [UInt8]
    private var next: Int? = 0

    /// Nil where objects have to be turned into another form first.
    init?(_ page: Page) {
        guard page.resource.sendsAsStored else { return nil }
        self.page = page
        // The head ends in `"metadata":{`; the metadata's own brace is left out.
        head = page.resource.listHead + JSON.write(page.listMetadata).dropFirst() + Array(",\"items\":[".utf8)
        let items = page.records.reduce(0) { sum, record in
            sum + StoredForm.count(record.bytes, revision: record.revision, head: page.resource.itemHead) + 1
        }
        count = head.count + max(items - 1, 0) + PageBody.tail.count
    }

    /// The next piece; nil at the end.
    mutating func take() -> [UInt8]? {
        guard var index = next else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, PageBody.piece + (16 << 10)))
        if index == 0 { bytes += head }
        while index < page.records.count, bytes.count < PageBody.piece {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let record = page.records[index]
            StoredForm.append(record.bytes, revision: record.revision, head: page.resource.itemHead, to: &bytes)
            index += 1
        }
        next = index < page.records.count ? index : nil
        if next == nil { bytes += PageBody.tail }
        return bytes
    }
}
