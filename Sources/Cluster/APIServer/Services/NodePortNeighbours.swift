/// The other clusters of the machines on whose ports this cluster's Services are reached.
public protocol NodePortNeighbours: Sendable {
    /// The ports that others have, with the name of who has each.
    var taken: [Int: String] { get }

    /// Tells the others which ports this cluster has now.
    ///
    /// - Parameter ports: asked for one publication at a time, so that of two the later one tells the later state.
    func publish(_ ports: () -> Set<Int>)
}
