import TestSupport
import Testing

/// Real kubectl against the real binary: what people do every day with a control plane.
@Suite(.needsKubectl)
struct KubectlTests {
    private let cluster: TestCluster

    init() throws { cluster = try TestCluster("kubectl", ["--no-node"]) }

    @discardableResult
    private func kubectl(_ words: String, input: String = "") throws -> String {
        let run = try cluster.kubectl(words.split(separator: " ").map(String.init), input: input)
        #expect(run.status == 0, "kubectl \(words): \(run.errors)\(run.output)")
        return run.output
    }

    @Test func configMapsAreMadeChangedShownAndRemoved() throws {
        try kubectl("create configmap a --from-literal=x=y")
        #expect(try kubectl("get configmap a -o jsonpath={.data.x}") == "y")
        try kubectl("patch configmap a --type=merge -p {\"data\":{\"x\":\"z\"}}")
        try kubectl("label configmap a k=v")
        #expect(try kubectl("get configmap -l k=v -o name") == "configmap/a\n")
        #expect(try kubectl("describe configmap a").contains("Labels:       k=v"))
        #expect(try kubectl("get configmap a").contains("DATA"))
        try kubectl("delete configmap a")
        let gone = try cluster.kubectl(["get", "configmap", "a"])
        #expect(gone.status == 1 && gone.errors.contains("configmaps \"a\" not found"))
    }

    @Test func applyIsThreeWayAndServerSide() throws {
        func manifest(_ data: String) -> String {
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {\(data)}\n"
        }
        #expect(try kubectl("apply -f -", input: manifest("x: '1', y: '1'")).contains("created"))
        #expect(try kubectl("apply -f -", input: manifest("x: '1', y: '1'")).contains("unchanged"))
        #expect(try kubectl("apply -f -", input: manifest("x: '2'")).contains("configured"))
        #expect(try kubectl("get configmap b -o jsonpath={.data}") == "{\"x\":\"2\"}")
        // What kubectl applied itself before it may change by the server; what others set since it may not.
        try kubectl("apply --server-side -f -", input: manifest("x: '3'"))
        try kubectl("patch configmap b --type=merge -p {\"data\":{\"x\":\"z\"}}")
        let conflict = try cluster.kubectl(["apply", "--server-side", "-f", "-"], input: manifest("x: '3'"))
        #expect(conflict.status == 1 && conflict.errors.contains("conflict with \"kubectl-patch\""))
        try kubectl("apply --server-side --force-conflicts -f -", input: manifest("x: '3'"))
        #expect(try kubectl("get configmap b -o jsonpath={.data}") == "{\"x\":\"3\"}")
        let strict = try cluster.kubectl(["apply", "-f", "-"], input: "\(manifest("x: '3'"))nope: 1\n")
        #expect(strict.status == 1 && strict.errors.contains("unknown field \"nope\""))
    }

    @Test func namespacesTakeTheirContentAlong() throws {
        try kubectl("create namespace shop")
        try kubectl("create configmap a -n shop")
        try kubectl("delete namespace shop --timeout=30s")
        let gone = try cluster.kubectl(["get", "namespace", "shop"])
        #expect(gone.status == 1)
    }

    @Test func definitionsAndTheirObjects() throws {
        let definition = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties: {spec: {type: object, properties: {size: {type: integer, minimum: 1}}}}
                additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
            """
        func widget(_ size: Int) -> String {
            "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: \(size)}\n"
        }
        try kubectl("apply -f -", input: definition)
        try kubectl("wait --for=condition=Established crd/widgets.example.com --timeout=10s")
        try kubectl("apply -f -", input: widget(3))
        #expect(try kubectl("get wd").contains("w      3"))
        let bad = try cluster.kubectl(["apply", "-f", "-"], input: widget(0))
        #expect(bad.status == 1 && bad.errors.contains("should be greater than or equal to 1"))
        #expect(try kubectl("explain widget.spec").contains("size\t<integer>"))
        try kubectl("delete crd widgets.example.com")
        #expect(try cluster.kubectl(["get", "wd"]).status == 1)
    }

    @Test func deploymentsRollAndScale() throws {
        try kubectl("create deployment web --image=nginx --replicas=2")
        try kubectl("scale deployment web --replicas=3")
        try kubectl("wait --for=jsonpath={.status.replicas}=3 deployment/web --timeout=30s")
        try kubectl("set image deployment/web nginx=nginx:2")
        #expect(try kubectl("get deployment web").contains("UP-TO-DATE"))
        #expect(try kubectl("describe deployment web").contains("RollingUpdateStrategy"))
        try kubectl("rollout history deployment web")
        try kubectl("delete deployment web")
    }

    @Test func discoveryAndDocumentation() throws {
        #expect(try kubectl("api-resources --api-group=apps -o name").contains("deployments.apps"))
        #expect(try kubectl("api-versions").contains("apiextensions.k8s.io/v1"))
        #expect(try kubectl("explain deployment.spec.replicas").contains("FIELD: replicas <integer>"))
        #expect(try kubectl("version").contains("Server Version: v1.36"))
        #expect(try kubectl("get --raw /readyz") == "ok")
        #expect(try kubectl("auth can-i create pods") == "yes\n")
    }

    @Test func watchesSayWhatHappens() throws {
        try kubectl("create configmap seen")
        let events = try cluster.kubectl([
            "get", "--raw", "/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1&resourceVersion=0",
        ])
        #expect(events.output.contains("\"type\":\"ADDED\"") && events.output.contains("\"name\":\"seen\""))
    }
}
