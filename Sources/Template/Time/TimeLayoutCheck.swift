package import Document

/// Whether texts are times by a layout of Go's.
package enum TimeLayoutCheck {
    /// What `time.Parse` says of a text; nil where it reads it.
    package static func fault(_ text: Text, layout: String) -> String? {
        do throws(TimeParser.Malformed) {
            _ = try TimeParser.parse(layout, text.string, in: .utc)
            return nil
        } catch {
            return error.message
        }
    }
}
