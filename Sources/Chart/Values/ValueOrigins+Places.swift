import Document

extension ValueOrigins {
    /// Where the values were written that schemas refuse: the file or flag that won, its line, and what is asked for.
    ///
    /// Only called where there is such a value: the writers are looked for anew.
    static func places(of faults: [ValuesSchemas.PlacedFault], _ request: RenderRequest) -> [FailurePlace] {
        guard let origins = try? ValueOrigins(request) else { return [] }
        return faults.prefix(5).compactMap { origins.place(of: $0) }
    }

    private func place(of fault: ValuesSchemas.PlacedFault) -> FailurePlace? {
        let keys = fault.path.prefix { if case .key = $0 { true } else { false } }.compactMap { step -> Text? in
            if case .key(let key) = step { key } else { nil }
        }
        let rest = fault.path.dropFirst(keys.count)
        // What is missing is best added where the chart says most of its neighbours.
        let order = fault.isOfNames ? sources.filter { $0.kind == "chart" } + sources : sources
        for keys in places(keys) {
            let path = keys.map { JSON.PathStep.key($0) } + rest
            for source in order {
                if let place = place(of: path, in: source, fault.words) { return place }
            }
        }
        return nil
    }

    private func place(of path: [JSON.PathStep], in source: Source, _ words: String) -> FailurePlace? {
        guard path.starts(with: source.prefix.map { JSON.PathStep.key($0) }) else { return nil }
        var value = Value.object(source.tree)
        var place = source.place
        for step in path.dropFirst(source.prefix.count) {
            let index: Int
            switch (step, value) {
            case (.key(let key), .object(let object)):
                let (position, found) = object.position(of: key)
                guard found else { return nil }
                (index, value) = (position, object[position].value)
            case (.index(let position), .array(let elements)) where elements.indices.contains(position):
                (index, value) = (position, elements[position])
            default: return nil
            }
            place = place.flatMap { $0.children.indices.contains(index) ? $0.children[index] : nil }
        }
        if value.isNull || source.text.isEmpty { return nil }
        return FailurePlace(
            file: source.name, source.text, line: place?.line ?? 1, character: place?.column, note: words)
    }
}
