import Document

/// Fields from the values of a document: what is missing, empty or zero is left out, as proto3 has it.
extension WireMessage {
    mutating func string(_ number: Int, _ text: Text) { add(number, text: text) }

    mutating func string(_ number: Int, _ value: Value?) {
        if let text = value?.text, !text.isEmpty { add(number, text: text) }
    }

    mutating func strings(_ number: Int, _ value: Value?) {
        for element in value?.array ?? [] { if let text = element.text { add(number, text: text) } }
    }

    mutating func bool(_ number: Int, _ value: Value?) {
        if value?.bool == true { add(number, varint: 1) }
    }

    mutating func integer(_ number: Int, _ value: Value?) {
        if let integer = value?.int, integer != 0 { add(number, varint: UInt64(bitPattern: Int64(integer))) }
    }

    mutating func double(_ number: Int, _ value: Value?) {
        if let double = value?.number?.double, double != 0 { add(number, double: double) }
    }
}
