import Document

/// The functions that a template may name.
struct FunctionTable: Sendable {
    private let functions: [Text: Function]

    /// The table of these families; of a name that comes twice the last one counts.
    init(_ families: [[Function]]) {
        var functions: [Text: Function] = [:]
        functions.reserveCapacity(families.reduce(0) { $0 + $1.count })
        for family in families { for function in family { functions[Text(function.name)] = function } }
        self.functions = functions
    }

    func function(named name: Text) -> Function? { functions[name] }

    /// The names, sorted.
    var names: [String] { functions.keys.map(\.string).sorted() }

    /// All functions of Helm: Go's own, then Sprig's, then Helm's, as each shadows those before.
    static let helm = FunctionTable([
        Function.comparisons, Function.builtins, Function.printing, Function.strings, Function.cases,
        Function.lists, Function.mustLists, Function.dicts, Function.flow, Function.math, Function.paths,
        Function.urls, Function.codecs, Function.patterns, Function.versions,
        Function.dates, Function.digests, Function.randoms, Function.secrets,
        Function.certificates,
        Function.encodings, Function.engine,
    ])
}
