import Document

/// What every object in Kubernetes' protobuf form is wrapped in: four magic bytes and a `runtime.Unknown` message
/// (Kubernetes documentation, "Kubernetes API Concepts", section on Protobuf encoding).
public struct ProtobufEnvelope: Sendable, Hashable {
    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    public var apiVersion: String
    public var kind: String
    /// The object's own message.
    public var message: [UInt8]

    public init(apiVersion: String, kind: String, message: [UInt8]) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.message = message
    }

    /// Reads an envelope; nil where the bytes are none.
    public init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.magic), let fields = Wire.fields(bytes[4...]) else { return nil }
        var type: ArraySlice<UInt8> = []
        message = []
        for (number, item) in fields {
            if number == 1 { type = item.content }
            if number == 2 { message = Array(item.content) }
        }
        apiVersion = ""
        kind = ""
        for (number, item) in Wire.fields(type) ?? [] {
            let text = String(decoding: item.content, as: UTF8.self)
            if number == 1 { apiVersion = text }
            if number == 2 { kind = text }
        }
    }

    /// The message of a watch's event (metav1.WatchEvent).
    ///
    /// - Parameter object: the enveloped object.
    public static func watchEvent(_ type: String, object: [UInt8]) -> [UInt8] {
        var event = WireMessage()
        event.add(1, text: Text(type))
        event.message(2) { $0.add(1, bytes: object) }
        return event.bytes
    }

    /// The enveloped object.
    public var bytes: [UInt8] {
        var unknown = WireMessage()
        unknown.message(1) { type in
            type.add(1, text: Text(apiVersion))
            type.add(2, text: Text(kind))
        }
        unknown.add(2, bytes: message)
        unknown.add(3, text: "")
        unknown.add(4, text: "")
        return Self.magic + unknown.bytes
    }
}
