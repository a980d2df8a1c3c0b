import Document

/// The default formatting of Go's package fmt.
enum GoFormat {
    /// What a template prints for the value of an action.
    static func printed(_ value: GoValue, to out: inout [UInt8]) {
        switch value {
        case .string(let text): text.withBytes { out += $0 }
        case .invalid: out += "<no value>".utf8
        case .int(let int): out += String(int).utf8
        case .bool(let bool): out += (bool ? "true" : "false").utf8
        case .object(let object) where object.underlying == nil: object.printed.withBytes { out += $0 }
        default: append(value, to: &out)
        }
    }

    /// `fmt.Sprintf("%v", value)`
    static func text(_ value: GoValue) -> Text {
        if case .string(let text) = value { return text }
        var out: [UInt8] = []
        append(value, to: &out)
        return Text(bytes: out)
    }

    private static func append(_ value: GoValue, to out: inout [UInt8]) {
        var printer = GoPrinter()
        printer.out = out
        out = []
        printer.print(value, "v")
        out = printer.out
    }

    /// `fmt.Sprint(values...)`: a blank between operands of which neither is a string.
    static func sprint(_ values: [GoValue]) -> Text {
        var printer = GoPrinter()
        var previousIsString = true
        for (index, value) in values.enumerated() {
            let isString = value.text != nil
            if index > 0, !isString, !previousIsString { printer.out.append(UInt8(ascii: " ")) }
            printer.print(value, "v")
            previousIsString = isString
        }
        return Text(bytes: printer.out)
    }

    /// `fmt.Sprintln(values...)`
    static func sprintln(_ values: [GoValue]) -> Text {
        var printer = GoPrinter()
        for (index, value) in values.enumerated() {
            if index > 0 { printer.out.append(UInt8(ascii: " ")) }
            printer.print(value, "v")
        }
        return Text(bytes: printer.out + [UInt8(ascii: "\n")])
    }

    /// `fmt.Sprintf(format, values...)`
    static func sprintf(_ format: Text, _ values: [GoValue]) -> Text {
        var run = GoPrintf(format.bytes, values)
        return Text(bytes: run.run())
    }
}
