import API
import Client
import Document
import Schema
import Store

/// A watch as it was asked for: where it begins, what it shows, when it ends.
struct Watching: Sendable {
    enum Start: Sendable {
        /// What stands now comes first, each object as ADDED, and then what follows that revision.
        case present([Record], Revision, endsWithBookmark: Bool)
        /// What followed that revision.
        case after(Revision)
        /// Nowhere: the watch says why, and ends.
        case refused(Status)
    }

    let resource: ServedResource
    let folder: Key
    let selection: Selection
    let form: Form
    let start: Start
    let allowsBookmarks: Bool
    let seconds: Int
    let api: KubeAPI

    /// How many events may wait for a slow client before its watch is closed.
    static let bufferLimit = 10_000

    /// Bookmarks come once a minute, and shortly before the end.
    static let secondsBetweenBookmarks = 60

    /// When the first one is due; nil for a watch that has none.
    var secondsToBookmark: Int? {
        allowsBookmarks && seconds > 2 ? min(Watching.secondsBetweenBookmarks, seconds - 2) : nil
    }
}

extension KubeAPI {
    /// Changes of a collection as they happen ("API concepts: efficient detection of changes").
    func watch(_ request: Request, _ form: Form) throws(Status) -> Answer {
        let options = try CollectionOptions(request.query, isWatch: true)
        let resource = request.resource
        if case .table = form.shape { try form.check(resource, isList: false) }
        // The old paths name a single object where the new ones select it by field.
        var query = request.query
        if !request.name.isEmpty { query.append("fieldSelector", "metadata.name=\(request.name)") }
        let selection = try Selection(query, resource)
        var folder = resource.folder(namespace: request.namespace)
        if let name = selection.name, !resource.resource.isNamespaced || !request.namespace.isEmpty {
            folder = resource.key(namespace: request.namespace, name: name)
        }
        let seconds = options.timeoutSeconds ?? self.options.watchSeconds
        return Answer(
            .watch(
                Watching(
                    resource: resource, folder: folder, selection: selection, form: form,
                    start: try start(options, folder, selection, resource),
                    allowsBookmarks: options.allowsBookmarks, seconds: seconds, api: self)))
    }

    /// The watch that a request asks for which would leave HTTP; nil for one that is answered by HTTP.
    func watchPlan(_ incoming: Incoming) -> Watching? {
        guard let route = Route(incoming.path), route.isWatch || incoming.query.flag("watch"),
            case .now(let answer, let form) = handle(incoming), case .watch(let plan) = answer.body,
            form.encoding == .json
        else { return nil }
        return plan
    }

    private func start(
        _ options: CollectionOptions, _ folder: Key, _ selection: Selection, _ resource: ServedResource
    ) throws(Status) -> Watching.Start {
        let wantsInitial = options.sendsInitialEvents
        if let revision = options.revision, revision > 0, wantsInitial != true { return .after(revision) }
        let snapshot = store.snapshot()
        if wantsInitial == false { return .after(snapshot.revision) }
        if let revision = options.revision, revision > snapshot.revision {
            return .refused(.tooLargeRevision(wanted: revision, present: snapshot.revision))
        }
        var records: [Record] = []
        var failure: Status?
        let prefix = folder.path.last == "/" ? folder : nil
        func take(_ record: Record) -> Bool {
            do throws(Status) {
                if try selection.matches(record) {
                    records.append(record)
                }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let prefix {
            snapshot.forEach(in: prefix, take)
        } else if let record = snapshot.record(folder) {
            _ = take(record)
        }
        if let failure { throw failure }
        return .present(records, snapshot.revision, endsWithBookmark: wantsInitial == true && options.allowsBookmarks)
    }
}
