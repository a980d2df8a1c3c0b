import API
import Document
import Testing

@testable import Schema

@Suite struct CatalogueTests {
    @Test func builtInGroupsAreInUpstreamsOrder() {
        let names = Catalogue.builtIn.groups.map(\.name)
        #expect(names.first == "")
        #expect(names[1] == "apiregistration.k8s.io")
        #expect(names[2] == "apps")
    }
}
