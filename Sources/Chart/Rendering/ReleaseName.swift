import Document
public import Template

/// Names that are made where a user gives none.
public enum ReleaseName {
    /// The chart's file name up to its first point, and the time.
    public static func generated(_ reference: String, _ host: Host) -> String {
        let base = reference.split(separator: "/").last.map(String.init) ?? ""
        let stem = base.isEmpty || base == "." ? "chart" : String(base.prefix { $0 != "." })
        return "\(stem)-\(host.now() / 1_000_000_000)"
    }

    /// What a template prints, which sees nothing but the functions.
    public static func made(of template: String, _ host: Host) throws(RenderError) -> String {
        let file = TemplateFile(
            name: "name-template", contents: FileBytes(Array(template.utf8)), basePath: "", data: GoMap())
        do throws(RenderFailure) {
            return try Engine(host: host).render([file])["name-template"]?.string ?? ""
        } catch {
            throw .values(error.helmText, [])
        }
    }
}
