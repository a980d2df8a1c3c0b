public import Document

/// What labels have to be for an object to be chosen (labels.Selector; "Labels and Selectors").
public struct LabelSelector: Sendable, Hashable {
    /// One demand on one label.
    public struct Requirement: Sendable, Hashable {
        /// How the label's value is held against the values of the demand.
        public enum Operator: Sendable, Hashable {
            case `in`, notIn, exists, doesNotExist, greaterThan, lessThan
        }

        public var key: Text
        public var `operator`: Operator
        public var values: [Text]

        public init(_ key: Text, _ operator: Operator, _ values: [Text] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }

        /// Whether these labels meet the demand; a missing label meets `notIn` and `doesNotExist`.
        public func matches(_ labels: Object) -> Bool {
            let value = labels[key]?.text
            switch `operator` {
            case .in: return value.map(values.contains) ?? false
            case .notIn: return !(value.map(values.contains) ?? false)
            case .exists: return value != nil
            case .doesNotExist: return value == nil
            case .greaterThan, .lessThan:
                guard let value, let left = Int64(value.string), let right = values.first.flatMap({ Int64($0.string) })
                else { return false }
                return `operator` == .greaterThan ? left > right : left < right
            }
        }
    }

    /// All have to be met; none chooses everything.
    public var requirements: [Requirement]

    public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

    /// Chooses the objects that bear all of these labels.
    public init(matching labels: Object) {
        requirements = labels.map { Requirement($0.key, .in, [$0.value.text ?? ""]) }
    }

    /// Reads a metav1.LabelSelector; nil for an unknown operator. An absent selector chooses nothing in most
    /// places: the caller decides.
    public init?(object: Value) {
        self.init(matching: object["matchLabels"]?.object ?? [:])
        for expression in object["matchExpressions"]?.array ?? [] {
            let values = expression["values"]?.array?.compactMap(\.text) ?? []
            let key = expression["key"]?.text ?? ""
            switch expression["operator"]?.string {
            case "In": requirements.append(Requirement(key, .in, values))
            case "NotIn": requirements.append(Requirement(key, .notIn, values))
            case "Exists": requirements.append(Requirement(key, .exists))
            case "DoesNotExist": requirements.append(Requirement(key, .doesNotExist))
            default: return nil
            }
        }
    }

    /// Whether an object with these labels is chosen.
    public func matches(_ labels: Object) -> Bool { requirements.allSatisfy { $0.matches(labels) } }

    /// The form of the `labelSelector` query parameter.
    public var description: String { requirements.map(\.description).joined(separator: ",") }
}

extension LabelSelector.Requirement: CustomStringConvertible {
    public var description: String {
        let list = values.map(\.string).sorted().joined(separator: ",")
        switch `operator` {
        case .in: return values.count == 1 ? "\(key)=\(list)" : "\(key) in (\(list))"
        case .notIn: return values.count == 1 ? "\(key)!=\(list)" : "\(key) notin (\(list))"
        case .exists: return "\(key)"
        case .doesNotExist: return "!\(key)"
        case .greaterThan: return "\(key)>\(list)"
        case .lessThan: return "\(key)<\(list)"
        }
    }
}

extension LabelSelector: CustomStringConvertible {}

/// What fields have to be for an object to be chosen: `a=b`, `a!=b`, joined by commas ("Field Selectors").
public struct FieldSelector: Sendable, Hashable {
    /// One demand on one field.
    public struct Requirement: Sendable, Hashable {
        public var field: String
        public var value: String
        public var isEqual: Bool

        public init(field: String, value: String, isEqual: Bool = true) {
            self.field = field
            self.value = value
            self.isEqual = isEqual
        }
    }

    public var requirements: [Requirement]

    public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

    /// Why a text is no selector, in the words of apimachinery's fields package.
    public struct ParseFailure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Reads the query parameter, with `\\`, `\,` and `\=` as escapes; nil for what is none.
    public init?(_ text: String) {
        do throws(ParseFailure) { try self.init(parsing: text) } catch { return nil }
    }

    /// Reads the query parameter, with `\\`, `\,` and `\=` as escapes.
    public init(parsing text: String) throws(ParseFailure) {
        requirements = []
        // Upstream sorts the terms, and so tells of the first in that order.
        for term in FieldSelector.split(text).sorted() where !term.isEmpty {
            guard let requirement = try FieldSelector.requirement(term) else {
                throw ParseFailure(description: "invalid selector: '\(text)'; can't understand '\(term)'")
            }
            // A term without field and value chooses everything (hasTerm.Transform).
            if requirement.field.isEmpty, requirement.value.isEmpty { continue }
            requirements.append(requirement)
        }
    }

    private static func split(_ text: String) -> [Substring] {
        var terms: [Substring] = []
        var start = text.startIndex
        var escaped = false
        for index in text.indices {
            if escaped {
                escaped = false
            } else if text[index] == "\\" {
                escaped = true
            } else if text[index] == "," {
                terms.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return terms + [text[start...]]
    }

    private static func requirement(_ term: Substring) throws(ParseFailure) -> Requirement? {
        for index in term.indices {
            for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] where term[index...].hasPrefix(sign) {
                let value = try unescaped(term[index...].dropFirst(sign.count))
                return Requirement(field: String(term[..<index]), value: value, isEqual: isEqual)
            }
        }
        return nil
    }

    private static func unescaped(_ text: Substring) throws(ParseFailure) -> String {
        func failure(_ why: String) -> ParseFailure { ParseFailure(description: "invalid field selector: \(why)") }
        var result = ""
        var escaped = false
        for scalar in text.unicodeScalars {
            switch (escaped, scalar) {
            case (true, "\\"), (true, ","), (true, "="): result.unicodeScalars.append(scalar)
            case (true, _): throw failure("invalid escape sequence: \\\(scalar)")
            case (false, "\\"):
                escaped = true
                continue
            case (false, ","), (false, "="): throw failure("unescaped character in value: \(scalar.value)")
            default: result.unicodeScalars.append(scalar)
            }
            escaped = false
        }
        if escaped { throw failure("invalid escape sequence: \\") }
        return result
    }

    /// Whether the object is chosen, by what `read` finds in each field (empty where it is missing).
    public func matches(_ read: (String) -> String) -> Bool {
        requirements.allSatisfy { (read($0.field) == $0.value) == $0.isEqual }
    }

    /// The form of the `fieldSelector` query parameter.
    public var description: String {
        requirements.map { "\($0.field)\($0.isEqual ? "=" : "!=")\(FieldSelector.escaped($0.value))" }
            .joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            if scalar == "\\" || scalar == "," || scalar == "=" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

extension FieldSelector: CustomStringConvertible {}
