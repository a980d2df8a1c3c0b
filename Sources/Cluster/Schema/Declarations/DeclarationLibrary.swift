import Document
import Synchronization

/// The declared structures, each group's read when it is first asked for.
final class DeclarationLibrary: Sendable {
    static let shared = DeclarationLibrary()

    private struct State {
        /// By definition name (`io.k8s.api.core.v1.PodSpec`).
        var structures: [String: Structure] = [:]
        var readFiles: Set<String> = []
    }

    private let state = Mutex(State())
    /// The file, and the group and version in it, by the package that OpenAPI names it with.
    private let packages: [String: String]
    let groups: [GroupDeclaration]

    init() {
        groups = GroupDeclaration.all()
        packages = Dictionary(groups.map { ($0.package, $0.file) }, uniquingKeysWith: { first, _ in first })
    }

    /// The structure of that definition name, such as `io.k8s.api.core.v1.PodSpec`.
    func structure(_ definition: String) -> Structure? {
        state.withLock { state in
            if let known = state.structures[definition] { return known }
            let package = definition.split(separator: ".").dropLast(2).joined(separator: ".")
            guard let file = packages[package] else { return nil }
            read(file, into: &state)
            return state.structures[definition]
        }
    }

    /// All structures of a version of a group, in no order.
    func structures(package: String, version: String) -> [Structure] {
        state.withLock { state in
            if let file = packages[package] { read(file, into: &state) }
            let prefix = "\(package).\(version)."
            return state.structures.values.filter { ($0.definition ?? "").hasPrefix(prefix) }
        }
    }

    private func read(_ file: String, into state: inout State) {
        guard state.readFiles.insert(file).inserted, let text = DeclarationText(named: file) else { return }
        let group = groups.first { $0.file == file }
        var reader = StructureReader(package: group?.package ?? "")
        reader.outline(text.body)
        for needed in reader.foreignFiles { read(needed, into: &state) }
        state.structures.merge(reader.structures) { old, _ in old }
        reader.fill { state.structures[$0] }
    }

    /// The package of the file of that name, for references such as `core/v1.PodSpec`.
    static func package(ofFile file: String) -> String {
        switch file {
        case "meta": "io.k8s.apimachinery.pkg.apis.meta"
        case "apiextensions": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions"
        case "apiregistration": "io.k8s.kube-aggregator.pkg.apis.apiregistration"
        default: "io.k8s.api.\(file)"
        }
    }
}
