import Document

extension Syntax {
    /// The node in Go's canonical spelling, as error texts show it.
    func text(of index: Node.Index) -> String { text(of: self[index]) }

    func text(of node: Node) -> String {
        switch node.kind {
        case .list: return row(from: node.first).map(text).joined()
        case .text, .string: return String(decoding: source.text(node.span), as: UTF8.self)
        case .action: return "{{\(text(of: node.first))}}"
        case .if: return control("if", node)
        case .with: return control("with", node)
        case .range: return control("range", node)
        case .template:
            let data = node.first == Node.none ? "" : " \(text(of: node.first))"
            return "{{template \(Quoting.string(name(of: node)))\(data)}}"
        case .break: return "{{break}}"
        case .continue: return "{{continue}}"
        case .pipe: return pipeline(node)
        case .command: return row(from: node.first).map(operand).joined(separator: " ")
        case .dot: return "."
        case .nil: return "nil"
        case .bool: return node.flag ? "true" : "false"
        case .number: return number(of: node).text
        case .field: return fields(names(of: node))
        case .variable: return name(of: node).string + fields(names(of: node).dropFirst())
        case .chain: return operand(self[node.first]) + fields(names(of: node))
        case .function: return function(of: node).name
        }
    }

    /// The spelling inside a command or chain, where pipelines stand in parentheses.
    func operand(_ node: Node) -> String { node.kind == .pipe ? "(\(text(of: node)))" : text(of: node) }

    private func fields(_ names: ArraySlice<Text>) -> String { names.map { ".\($0.string)" }.joined() }

    private func pipeline(_ node: Node) -> String {
        let names = row(from: node.second).map(text).joined(separator: ", ")
        let values = row(from: node.first).map(text).joined(separator: " | ")
        return names.isEmpty ? values : names + (node.flag ? " = " : " := ") + values
    }

    private func control(_ word: String, _ node: Node) -> String {
        let end = node.third == Node.none ? "{{end}}" : "{{else}}\(text(of: node.third)){{end}}"
        return "{{\(word) \(text(of: node.first))}}\(text(of: node.second))\(end)"
    }
}
