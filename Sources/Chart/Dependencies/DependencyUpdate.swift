import Document
import Template

/// Brings charts/ in line with Chart.yaml or Chart.lock, for dependencies that lie on this machine.
public struct DependencyUpdate {
    private let path: String
    /// Nanoseconds since 1970, for the lock.
    private let now: Int64
    private let tell: (String) -> Void

    /// - Parameters:
    ///   - path: the chart's folder.
    ///   - now: nanoseconds since 1970.
    ///   - tell: is given each line that Helm prints on the way.
    public init(_ path: String, now: Int64, tell: @escaping (String) -> Void) {
        self.path = path
        self.now = now
        self.tell = tell
    }

    /// `dependency update`: chooses versions anew, fills charts/ and writes the lock.
    public func update() throws(LoadFailure) { try update(try loaded()) }

    /// `dependency build`: fills charts/ with what the lock says, or updates where there is none.
    public func build() throws(LoadFailure) {
        let chart = try loaded()
        guard let value = chart.lock else { return try update(chart) }
        let lock = DependencyLock(value)
        let wanted = (chart.metadata.dependencies ?? []).compactMap { $0 }
        // Before the places, as Helm does it: a stale lock is told of also where nothing can be fetched.
        if DependencyLock.digest(wanted, lock.dependencies) != lock.digest {
            let isOld = chart.metadata.apiVersion == "v1"
            let names = isOld ? ("requirements.lock", "requirements.yaml") : ("Chart.lock", "Chart.yaml")
            throw failure(
                "the lock file (\(names.0)) is out of sync with the dependencies file (\(names.1)). "
                    + "Please update the dependencies" + (isOld ? "" : " with 'helm dependency update'"))
        }
        try checkPlaces(wanted)
        _ = try fill(lock.dependencies)
    }

    private func failure(_ words: String) -> LoadFailure { LoadFailure(.missingDependency, path, words) }

    private func loaded() throws(LoadFailure) -> LoadedChart {
        guard HostFile.exists(path) else {
            throw LoadFailure(.notFound, path, "could not find \(path): stat \(path): no such file or directory")
        }
        guard HostFile.isFolder(path) else {
            throw LoadFailure(.invalid, path, "only unpacked charts can be updated")
        }
        return try ChartLoader.load(path)
    }

    private func update(_ chart: LoadedChart) throws(LoadFailure) {
        guard let wanted = chart.metadata.dependencies?.compactMap({ $0 }) else { return }
        try checkPlaces(wanted)
        var lock = DependencyLock(try resolved(wanted))
        lock.dependencies = try fill(lock.dependencies)
        lock.digest = DependencyLock.digest(wanted, lock.dependencies)
        if let old = chart.lock, DependencyLock(old).digest == lock.digest { return }
        let name = chart.metadata.apiVersion == "v1" ? "requirements.lock" : "Chart.lock"
        try HostFile.replace("\(path)/\(name)", with: lock.text(now: now))
    }

    // MARK: - Choosing

    /// Refuses what does not lie here.
    private func checkPlaces(_ wanted: [Dependency]) throws(LoadFailure) {
        for dependency in wanted where !dependency.repository.isEmpty {
            guard dependency.repository.hasPrefix("file://") else {
                throw failure(
                    "dependency \"\(dependency.name)\" comes from \(dependency.repository): "
                        + "repositories and registries are not supported yet")
            }
            _ = try folder(dependency.repository)
        }
    }

    private func folder(_ repository: String) throws(LoadFailure) -> String {
        let place = repository.hasPrefix("file://") ? String(repository.dropFirst("file://".count)) : repository
        let found = place.hasPrefix("/") ? DependencyListing.join(place) : DependencyListing.join(path, place)
        if HostFile.exists(found) { return found }
        throw LoadFailure(.notFound, found, "directory \(found) not found")
    }

    private func resolved(_ wanted: [Dependency]) throws(LoadFailure) -> [Dependency] {
        var missing: [String] = []
        var locked: [Dependency] = []
        for dependency in wanted {
            let constraint = try constraint(dependency)
            var version = dependency.version
            if dependency.repository.isEmpty {
                _ = try folder("charts/\(dependency.name)")
            } else {
                version = try ChartLoader.load(try folder(dependency.repository)).metadata.version
                guard let found = try? SemanticVersion(version), constraint.allows(found) else {
                    missing.append(
                        "\"\(dependency.name)\" (repository \"\(dependency.repository)\", "
                            + "version \"\(dependency.version)\")")
                    continue
                }
            }
            locked.append(
                Dependency(name: dependency.name, version: version, repository: dependency.repository))
        }
        if missing.isEmpty { return locked }
        throw failure(
            "can't get a valid version for \(missing.count) subchart(s): \(missing.joined(separator: ", ")). "
                + "Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml"
        )
    }

    private func constraint(_ dependency: Dependency) throws(LoadFailure) -> VersionConstraint {
        do throws(SemanticVersion.Malformed) {
            return try VersionConstraint(dependency.version)
        } catch {
            throw failure(
                "dependency \"\(dependency.name)\" has an invalid version/constraint format: \(error.message)")
        }
    }

    // MARK: - Filling charts/

    /// Packs each dependency into charts/ and takes out what is no longer wanted.
    ///
    /// - Returns: the dependencies with the versions that were packed.
    private func fill(_ dependencies: [Dependency]) throws(LoadFailure) -> [Dependency] {
        let folder = DependencyListing.join(path, "charts")
        if HostFile.exists(folder), !HostFile.isFolder(folder) {
            throw failure("\(GoQuote.quote(Text(folder)).string) is not a directory")
        }
        try HostFile.makeFolder(folder)
        tell("Saving \(dependencies.count) charts")
        var packed: [(name: String, bytes: [UInt8])] = []
        do throws(LoadFailure) {
            let result = try pack(dependencies, folder, &packed)
            for archive in packed { try HostFile.replace("\(folder)/\(archive.name)", with: archive.bytes) }
            try removeOutdated(folder, Set(packed.map(\.name)), dependencies)
            return result
        } catch {
            tell("Save error occurred:  \(error.message)")
            throw error
        }
    }

    private func pack(
        _ dependencies: [Dependency], _ folder: String, _ packed: inout [(name: String, bytes: [UInt8])]
    ) throws(LoadFailure) -> [Dependency] {
        var result: [Dependency] = []
        for var dependency in dependencies {
            let constraint = try constraint(dependency)
            if dependency.repository.isEmpty {
                tell(
                    "Dependency \(dependency.name) did not declare a repository. "
                        + "Assuming it exists in the charts directory")
                try checkLocal(dependency, constraint, "\(folder)/\(dependency.name)")
            } else {
                let chart = try ChartLoader.load(try self.folder(dependency.repository))
                guard let version = try? SemanticVersion(chart.metadata.version), constraint.allows(version) else {
                    throw failure("can't get a valid version for dependency \(dependency.name)")
                }
                dependency.version = chart.metadata.version
                packed.append((ChartPacker.fileName(chart), try ChartPacker.pack(chart)))
            }
            result.append(dependency)
        }
        return result
    }

    private func checkLocal(
        _ dependency: Dependency, _ constraint: VersionConstraint, _ folder: String
    ) throws(LoadFailure) {
        let chart: LoadedChart
        do throws(LoadFailure) {
            chart = try ChartLoader.load(folder)
        } catch {
            throw failure("unable to load chart '\(folder)': \(error.message)")
        }
        guard let version = try? SemanticVersion(chart.metadata.version), constraint.allows(version) else {
            throw failure(
                "dependency \(dependency.name) at version \(chart.metadata.version) does not satisfy the constraint "
                    + dependency.version)
        }
    }

    private func removeOutdated(
        _ folder: String, _ packed: Set<String>, _ dependencies: [Dependency]
    ) throws(LoadFailure) {
        tell("Deleting outdated charts")
        let local = Set(dependencies.filter { $0.repository.isEmpty }.map(\.name))
        for name in try HostFile.names(in: folder) where !packed.contains(name) {
            let file = "\(folder)/\(name)"
            if HostFile.isFolder(file) { continue }
            do throws(LoadFailure) {
                if local.contains(try ChartLoader.load(file).name) { continue }
                try HostFile.remove(file)
            } catch {
                tell("Could not verify \(file) for deletion: \(error.message) (Skipping)")
            }
        }
    }
}
