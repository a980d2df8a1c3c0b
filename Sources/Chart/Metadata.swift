public import Document

/// What Chart.yaml says.
public struct Metadata: Sendable, Hashable {
    /// Someone who looks after a chart.
    public struct Maintainer: Sendable, Hashable {
        public var name = ""
        public var email = ""
        public var url = ""
    }

    public var name = ""
    public var home = ""
    public var sources: [String] = []
    public var version = ""
    public var description = ""
    public var keywords: [String] = []
    public var maintainers: [Maintainer?] = []
    public var icon = ""
    public var apiVersion = ""
    public var condition = ""
    public var tags = ""
    public var appVersion = ""
    public var deprecated = false
    public var annotations: Object?
    public var kubeVersion = ""
    /// nil where Chart.yaml has none at all.
    public var dependencies: [Dependency?]?
    /// `application`, `library` or nothing.
    public var type = ""
}

/// A chart that another needs, as Chart.yaml names it.
public struct Dependency: Sendable, Hashable {
    /// What is taken from the subchart's values: a path below `exports`, or two paths.
    public struct Import: Sendable, Hashable {
        /// As Chart.yaml has it, which may be neither.
        public let written: Value

        init(_ written: Value) { self.written = written }
    }

    public var name = ""
    public var version = ""
    public var repository = ""
    public var condition = ""
    public var tags: [String] = []
    public var enabled = false
    public var importValues: [Import] = []
    public var alias = ""
}

extension Metadata {
    /// The object that Go's encoding/json makes of it, empty members left out.
    public var json: Value {
        var object = Object()
        func put(_ key: Text, _ text: String) { if !text.isEmpty { object[key] = .string(text) } }
        func put(_ key: Text, _ texts: [String]) {
            if !texts.isEmpty { object[key] = .array(texts.map { .string($0) }) }
        }
        put("name", name)
        put("home", home)
        put("sources", sources)
        put("version", version)
        put("description", description)
        put("keywords", keywords)
        if !maintainers.isEmpty { object["maintainers"] = .array(maintainers.map { $0?.json ?? .null }) }
        put("icon", icon)
        put("apiVersion", apiVersion)
        put("condition", condition)
        put("tags", tags)
        put("appVersion", appVersion)
        if deprecated { object["deprecated"] = .bool(true) }
        if let annotations, !annotations.isEmpty { object["annotations"] = .object(annotations) }
        put("kubeVersion", kubeVersion)
        if let dependencies, !dependencies.isEmpty {
            object["dependencies"] = .array(dependencies.map { $0?.json ?? .null })
        }
        put("type", type)
        return .object(object)
    }
}

extension Metadata.Maintainer {
    var json: Value {
        .object(
            Object(
                [("name", name), ("email", email), ("url", url)].filter { !$0.1.isEmpty }
                    .map { (Text($0.0), .string($0.1)) }))
    }
}

extension Dependency {
    /// The object that Go's encoding/json makes of it.
    var json: Value {
        var object: Object = ["name": .string(name), "repository": .string(repository)]
        if !version.isEmpty { object["version"] = .string(version) }
        if !condition.isEmpty { object["condition"] = .string(condition) }
        if !tags.isEmpty { object["tags"] = .array(tags.map { .string($0) }) }
        if enabled { object["enabled"] = .bool(true) }
        if !importValues.isEmpty { object["import-values"] = .array(importValues.map(\.written)) }
        if !alias.isEmpty { object["alias"] = .string(alias) }
        return .object(object)
    }
}
