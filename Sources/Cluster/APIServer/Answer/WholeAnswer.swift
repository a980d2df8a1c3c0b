import API
import Document

/// An answer with its body in the form that the client asked for, packed where that pays.
struct WholeAnswer: Sendable {
    let answer: Answer
    let type: String
    let body: [UInt8]
    let isPacked: Bool

    /// - Parameter packs: whether the client takes gzip.
    init(_ answer: Answer, _ renderer: Renderer, packs: Bool) {
        var bytes: [UInt8]
        do throws(Status) {
            (bytes, type) = try renderer.bytes(answer.body)
            self.answer = answer
        } catch {
            bytes = JSON.write(error.value)
            bytes.append(UInt8(ascii: "\n"))
            type = Form.Encoding.json.rawValue
            self.answer = Answer(error).flowing(answer.flow)
        }
        let packed = packs && bytes.count >= GzipStream.from ? GzipStream()?.pack(bytes, isLast: true) : nil
        body = packed ?? bytes
        isPacked = packed != nil
    }
}
