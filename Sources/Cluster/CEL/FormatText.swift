/// Reads a text with verbs for values, `%s is %.2f`, and puts something in the place of each (cel-go's ext/formatting).
enum FormatText {
    /// Why a text cannot be filled in.
    struct Failure: Error {
        let message: String
        /// Which of the values is to blame; nil for the text.
        var argument: Int?
    }

    /// - Parameters:
    ///   - count: how many values there are.
    ///   - isPlanned: whether the values are not there yet, and the text is only looked at.
    ///   - put: what stands for a value: by its verb, how many digits are wanted, and its place.
    /// - Returns: the text, and how many values it has.
    static func filled(
        _ text: String, count: Int, isPlanned: Bool = false,
        _ put: (_ verb: Unicode.Scalar, _ precision: Int?, _ place: Int) throws(Failure) -> String
    ) throws(Failure) -> (text: String, used: Int) {
        var result = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        var used = 0
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            if rest.first == "%" {
                result.append(rest.removeFirst())
                continue
            }
            if used >= count, !isPlanned { throw Failure(message: "index \(used) out of range") }
            if rest.isEmpty { throw Failure(message: "unexpected end of string") }
            if used >= count { throw Failure(message: "index \(used) out of range") }
            let (verb, precision) = try clause(&rest)
            do throws(Failure) {
                result.append(contentsOf: try put(verb, precision, used).unicodeScalars)
            } catch {
                throw Failure(message: "error during formatting: \(error.message)", argument: error.argument ?? used)
            }
            used += 1
        }
        return (String(result), used)
    }

    private static func clause(
        _ rest: inout Substring.UnicodeScalarView
    ) throws(Failure) -> (verb: Unicode.Scalar, precision: Int?) {
        func failure(_ what: String) -> Failure { Failure(message: "could not parse formatting clause: \(what)") }
        var precision: Int?
        if rest.first == "." {
            rest.removeFirst()
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            if rest.isEmpty {
                throw failure("error while parsing precision: could not find end of precision specifier")
            }
            precision = Int(String(digits))
            if precision == nil {
                let why = digits.isEmpty ? "invalid syntax" : "value out of range"
                throw failure(
                    "error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "
                        + "\"\(String(digits))\": \(why)")
            }
        }
        let verb = rest.removeFirst()
        guard "sdfebxXo".unicodeScalars.contains(verb) else {
            throw failure("unrecognized formatting clause \"\(verb)\"")
        }
        return (verb, precision)
    }

    /// What a value of a type says where its verb does not write such values; nil where it may.
    ///
    /// - Parameter type: as messages name it.
    static func refusal(_ verb: Unicode.Scalar, _ type: String) -> String? {
        let (wanted, text): (Set<String>, String)
        switch verb {
        case "d": (wanted, text) = (["int", "uint"], "decimal clause can only be used on integers")
        case "f": (wanted, text) = (["double", "string"], "fixed-point clause can only be used on doubles")
        case "e": (wanted, text) = (["double", "string"], "scientific clause can only be used on doubles")
        case "b": (wanted, text) = (["int", "uint", "bool"], "only integers and bools can be formatted as binary")
        case "o": (wanted, text) = (["int", "uint"], "octal clause can only be used on integers")
        case "x", "X":
            (wanted, text) = (
                ["int", "uint", "string", "bytes"],
                "only integers, byte buffers, and strings can be formatted as hex"
            )
        default:
            wanted = [
                "list", "map", "int", "uint", "double", "bool", "string", "google.protobuf.Timestamp", "bytes",
                "google.protobuf.Duration", "type", "null_type",
            ]
            text =
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, "
                + "and timestamps"
        }
        return wanted.contains(type) ? nil : "\(text), was given \(type)"
    }
}

extension CELType {
    /// As values of the type name theirs.
    var runtimeName: String {
        switch self {
        case .list: "list"
        case .map: "map"
        case .null: "null_type"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .type: "type"
        case .optional: "optional_type"
        default: name
        }
    }
}
