import Document

/// A new chart made after another, its starter.
public enum Starter {
    /// Writes a chart of that name into `folder`, with what the starter has.
    public static func create(_ name: String, in folder: String, from starter: String) throws(LoadFailure) {
        try ChartName.check(name)
        var chart: LoadedChart
        do throws(LoadFailure) {
            chart = try ChartLoader.load(starter)
        } catch {
            throw LoadFailure(error.code, starter, "could not load \(starter): \(error.message)")
        }
        let root = "\(folder)/\(name)"
        if HostFile.exists(root), !HostFile.isFolder(root) {
            throw LoadFailure(.unreadable, root, "file \(root) already exists and is not a directory")
        }
        var metadata = Metadata()
        metadata.name = name
        metadata.description = "A Helm chart for Kubernetes"
        metadata.type = "application"
        (metadata.version, metadata.appVersion, metadata.apiVersion) = ("0.1.0", "0.1.0", "v2")
        chart.metadata = metadata
        try HostFile.makeFolder(root)
        try write("Chart.yaml", YAML.write(metadata.json), root)
        if let values = chart.rawFile("values.yaml") {
            try write("values.yaml", named(values, name), root)
        }
        if let schema = chart.schema { try write("values.schema.json", schema, root) }
        for template in chart.templates { try write(template.name, named(template, name), root) }
        for file in chart.files { try write(file.name, file.bytes, root) }
        for subchart in chart.dependencies {
            try write("charts/\(ChartPacker.fileName(subchart))", try ChartPacker.pack(subchart), root)
        }
    }

    private static func named(_ file: ChartFile, _ name: String) -> [UInt8] {
        Scaffold.named(String(decoding: file.bytes, as: UTF8.self), name)
    }

    private static func write(_ name: String, _ bytes: [UInt8], _ root: String) throws(LoadFailure) {
        let path = "\(root)/\(name)"
        if let slash = path.lastIndex(of: "/") { try HostFile.makeFolder(String(path[..<slash])) }
        try HostFile.write(bytes, to: path)
    }
}
