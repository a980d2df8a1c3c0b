import API
import Calendar
import Document

extension Decoder {
    /// Reads a scalar into its canonical form.
    func decodeScalar(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        if value.isNull { return shape.zero }
        switch shape.form {
        case .string: return try expect(value.text != nil, value, shape)
        case .bool: return try expect(value.bool != nil, value, shape)
        case .int32: return try integer(value, shape, Int64(Int32.min)...Int64(Int32.max))
        case .int64: return try integer(value, shape, Int64.min...Int64.max)
        case .float64: return try float(value, shape)
        case .bytes: return try bytes(value, shape)
        case .quantity: return try quantity(value)
        case .time: return try time(value) { $0.description }
        case .microTime: return try time(value, layout: Decoder.microLayout) { $0.micro }
        case .duration: return try duration(value)
        case .intOrString: return try intOrString(value)
        case .any, .structure, .map, .list: return value
        }
    }

    private func expect(_ fits: Bool, _ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        guard fits else { throw mismatch(value, shape) }
        return value
    }

    private func integer(
        _ value: Value, _ shape: Shape, _ range: ClosedRange<Int64>
    ) throws(DecodingFailure) -> Value {
        guard let number = value.number else { throw mismatch(value, shape) }
        guard let whole = number.int64, range.contains(whole) else {
            throw mismatch(value, shape, detail: " \(number.literal)")
        }
        return .int(whole)
    }

    private func float(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        guard let number = value.number else { throw mismatch(value, shape) }
        guard number.double.isFinite else { throw mismatch(value, shape, detail: " \(number.literal)") }
        return .number(number.kubernetes)
    }

    /// Base64 in its one canonical form; Go skips line breaks when it reads.
    private func bytes(_ value: Value, _ shape: Shape) throws(DecodingFailure) -> Value {
        guard let text = value.text else { throw mismatch(value, shape) }
        do throws(Base64.Corruption) {
            return .string(Text(bytes: Base64.encode(try Base64.read(text.bytes))))
        } catch {
            throw DecodingFailure(message: "illegal base64 data at input byte \(error.offset)")
        }
    }

    private func quantity(_ value: Value) throws(DecodingFailure) -> Value {
        let text: String
        switch value {
        case .string(let string): text = string.string
        case .number(let number): text = number.literal.string
        default: text = "!"
        }
        do throws(Quantity.ParseFailure) {
            return .string(Text(try Quantity(parsing: text).description))
        } catch {
            throw DecodingFailure(message: error.description)
        }
    }

    private static let layout = "2006-01-02T15:04:05Z07:00"
    private static let microLayout = "2006-01-02T15:04:05.000000Z07:00"

    private func time(
        _ value: Value, layout: String = layout, _ canonical: (Time) -> String
    ) throws(DecodingFailure) -> Value {
        guard let text = value.string else {
            throw DecodingFailure(
                message: "json: cannot unmarshal \(value.goKind) into Go value of type string")
        }
        guard let time = Time(text) else {
            throw DecodingFailure(message: TimeParser.fault(text, layout: layout) ?? "invalid time \(text)")
        }
        return .string(canonical(time))
    }

    /// time.ParseDuration and Duration.String.
    private func duration(_ value: Value) throws(DecodingFailure) -> Value {
        guard let text = value.string else {
            throw DecodingFailure(message: "json: cannot unmarshal \(value.goKind) into Go value of type string")
        }
        do throws(GoDuration.Malformed) {
            return .string(GoDuration.text(try GoDuration.parse(text)))
        } catch {
            throw DecodingFailure(message: error.message)
        }
    }

    private func intOrString(_ value: Value) throws(DecodingFailure) -> Value {
        if value.text != nil { return value }
        let int32 = Shape(.int32, goType: "int32")
        guard let number = value.number else {
            throw DecodingFailure(message: "json: cannot unmarshal \(value.goKind) into Go value of type int32")
        }
        guard let whole = number.int64, let small = Int32(exactly: whole) else {
            throw DecodingFailure(
                message: "json: cannot unmarshal number \(number.literal) into Go value of type \(int32.goType)")
        }
        return .int(small)
    }
}
