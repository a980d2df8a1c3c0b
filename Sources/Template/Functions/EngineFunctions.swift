import Document

extension Function {
    /// What Helm's engine binds to the templates being rendered.
    static let engine: [Function] = [
        Function(engine: "include", .string, .any) { evaluator, arguments throws(CallFailure) in
            .string(try evaluator.include(arguments[0].text ?? "", arguments[1]))
        },
        Function(engine: "tpl", .string, .any) { evaluator, arguments throws(CallFailure) in
            .string(try evaluator.expand(arguments[0].text ?? "", arguments[1]))
        }.costing(.reading),
        Function(engine: "required", .string, .any) { evaluator, arguments throws(CallFailure) in
            let isMissing = arguments[1].isNil || arguments[1].text?.isEmpty == true
            guard isMissing else { return arguments[1] }
            if evaluator.host.isLinting { return .string(Text("")) }
            throw .refusal(arguments[0].text ?? "")
        }.costing(.free),
        Function(engine: "fail", .string) { evaluator, arguments throws(CallFailure) in
            // A lint goes on: it wants to see what else is wrong.
            if evaluator.host.isLinting { return .string(Text("")) }
            throw .refusal(arguments[0].text ?? "")
        },
        Function(engine: "lookup", .string, .string, .string, .string) { evaluator, arguments throws(CallFailure) in
            let words = arguments.map { $0.text ?? "" }
            let found = try evaluator.account.pause { () throws(CallFailure) in
                try evaluator.host.lookup(words[0], words[1], words[2], words[3])
            }
            return .map(GoMap(found))
        }.costing(.steps { _ in 20_000 }),
        Function(engine: "getHostByName", .string) { evaluator, arguments in
            .string(evaluator.host.address(of: arguments[0].text ?? ""))
        }.costing(.steps { _ in 20_000 }),
    ]
}

extension Evaluator {
    /// `include`: what a template prints, as a string.
    func include(_ name: Text, _ data: GoValue) throws(CallFailure) -> Text {
        let count = included[name] ?? 0
        if count > limits.includeDepth {
            throw .text(
                "rendering template has a nested reference name: \(name.string): unable to execute template")
        }
        included.set(name, count + 1)
        defer { included.set(name, count) }
        do {
            return try execute(name, data)
        } catch {
            throw .template(error)
        }
    }

    /// `tpl`: what a text prints when read as a template, which sees all others; what it defines is known only inside.
    func expand(_ text: Text, _ data: GoValue) throws(CallFailure) -> Text {
        let trees = try parsed(text)
        guard let main = trees.first(where: { $0.name == "gotpl" }) else { return "" }
        if expansions > limits.includeDepth {
            throw .limit("tpl nests deeper than \(limits.includeDepth)")
        }
        let outer = overlay
        expansions += 1
        defer {
            overlay = outer
            expansions -= 1
        }
        for tree in trees where !(tree.isEmpty && template(named: tree.name) != nil) { overlay.set(tree.name, tree) }
        do {
            return Evaluator.withoutNoValue(try execute(main, data))
        } catch  where error.chain.last?.code == .limit {
            // Each of a thousand texts would tell of the next.
            throw .template(error)
        } catch {
            let words = "error during tpl function execution for \(Quoting.string(text)): "
            throw .template(TemplateError(.function, Text(words), cause: error))
        }
    }

    private func parsed(_ text: Text) throws(CallFailure) -> [Tree] {
        if let trees = parsedTexts[text] { return trees }
        do {
            let trees = try Parser.parse(Source(name: "gotpl", bytes: text.bytes), functions: .helm)
            parsedTexts.set(text, trees)
            return trees
        } catch {
            let words = "cannot parse template \(Quoting.string(text)): template: gotpl:\(error.line): \(error.message)"
            throw .text(words)
        }
    }

    /// The text with each `<no value>` taken out, as Helm does with finished files.
    static func withoutNoValue(_ text: Text) -> Text {
        let mark = Array("<no value>".utf8)
        let bytes = text.bytes
        guard GoStrings.find(mark, in: bytes) != nil else { return text }
        return Text(bytes: GoStrings.replace(bytes, mark, []))
    }
}
