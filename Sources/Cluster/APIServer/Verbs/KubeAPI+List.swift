import API
import Document
import Store

extension KubeAPI {
    /// A collection, or a page of it ("API concepts: retrieving large results sets in chunks").
    func list(_ request: Request) throws(Status) -> Answer {
        if let answer = try componentList(request) { return answer }
        let options = try CollectionOptions(request.query, isWatch: false)
        let selection = try Selection(request.query, request.resource)
        let folder = request.resource.folder(namespace: request.namespace)
        let snapshot: Snapshot
        do throws(Status) {
            snapshot = try self.snapshot(of: folder, options)
        } catch {
            guard error.reason == .expired, let token = options.token else { throw error }
            return KubeAPI.expired(token)
        }
        return Answer(.page(try page(snapshot, folder, selection, options, request.resource)))
    }

    /// The state that the list shows: the present one unless an exact revision or a page before asks for another.
    private func snapshot(of folder: Key, _ options: CollectionOptions) throws(Status) -> Snapshot {
        let present = store.snapshot()
        if let token = options.token {
            // A token without a revision goes on with whatever there is now (an inconsistent continuation).
            guard token.revision > 0 else { return present }
            return try past(folder, token.revision, present, options)
        }
        guard let wanted = options.revision, wanted > 0 else { return present }
        guard wanted <= present.revision else { throw .tooLargeRevision(wanted: wanted, present: present.revision) }
        return options.match == .exact ? try past(folder, wanted, present, options) : present
    }

    private func past(
        _ folder: Key, _ revision: Revision, _ present: Snapshot, _ options: CollectionOptions
    ) throws(Status) -> Snapshot {
        do throws(StoreFailure) {
            return try store.snapshot(of: folder, at: revision)
        } catch {
            guard case .compacted = error else { throw .tooLargeRevision(wanted: revision, present: present.revision) }
            throw .expired("The resourceVersion for the provided list is too old.")
        }
    }

    /// A token that is too old comes back with another that goes on at the same key, over the present state.
    private static func expired(_ token: ContinueToken) -> Answer {
        let status = Status.expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new "
                + "list without the continue parameter, or use the continue token in this response to retrieve the "
                + "remainder of the results. Continuing with the provided token results in an inconsistent list - "
                + "objects that were created, modified, or deleted between the time the first chunk was returned and "
                + "now may show up in the list.")
        var value = status.value
        value["metadata", "continue"] = .string(ContinueToken(revision: -1, start: token.start).text)
        return Answer(.tree(value), status: status.code)
    }

    private func page(
        _ snapshot: Snapshot, _ folder: Key, _ selection: Selection, _ options: CollectionOptions,
        _ resource: ServedResource
    ) throws(Status) -> Page {
        var page = Page(resource: resource, records: [], revision: snapshot.revision)
        let after = options.token.map { Key(folder.path + $0.start) }
        var failure: Status?
        var isFull = false
        // Who takes any state gets all of it: upstream's cache knows no pages there (computeListLimit).
        let limit = options.revision == 0 ? 0 : options.limit
        snapshot.forEach(in: folder, after: after) { record in
            if limit > 0 && page.records.count == limit {
                isFull = true
                return false
            }
            do throws(Status) {
                if try selection.matches(record) { page.records.append(record) }
            } catch {
                failure = error
                return false
            }
            return true
        }
        if let failure { throw failure }
        guard isFull, let last = page.records.last else { return page }
        page.next =
            ContinueToken(
                revision: snapshot.revision, start: String(last.key.path.dropFirst(folder.path.count))
            ).text
        // Upstream counts what remains only where no selector could leave some of it out.
        if selection.isEverything { page.remaining = snapshot.count(in: folder, after: last.key) }
        return page
    }
}
