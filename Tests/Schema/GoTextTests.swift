import Document
import Testing

@testable import Schema

/// The print that hashes of pod templates are made of, held against names that upstream gave.
struct GoTextTests {
    private static func hash(_ bytes: [UInt8]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        return String(decoding: String(hash).utf8.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    @Test(arguments: [("d", "7659474d7f"), ("roll", "5dbd6847cd"), ("ds", "85b774f8cb")])
    func templatesHaveUpstreamsHash(label: String, expected: String) {
        let template: Value = [
            "metadata": ["labels": ["app": .string(label)]],
            "spec": [
                "containers": [
                    [
                        "name": "c", "image": "nginx", "resources": [:], "imagePullPolicy": "Always",
                        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    ]
                ], "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
                "securityContext": [:], "schedulerName": "default-scheduler",
            ],
        ]
        #expect(Self.hash(GoText.ofPodTemplate(template)) == expected)
    }

    @Test func volumesAndProbesShowWhatIsEmbedded() {
        let template: Value = [
            "spec": [
                "volumes": [["name": "v", "emptyDir": [:]]],
                "containers": [
                    [
                        "name": "c", "livenessProbe": ["httpGet": ["port": "web"]],
                        "resources": [
                            "limits": ["cpu": "500m", "memory": "1Gi"],
                            "requests": ["cpu": "1e3", "memory": "512Mi", "storage": "100Pi"],
                        ],
                    ]
                ],
            ]
        ]
        let text = String(decoding: GoText.ofPodTemplate(template), as: UTF8.self)
        for part in [
            "Volumes:([]v1.Volume)[{Name:(string)v VolumeSource:(v1.VolumeSource){HostPath:(*v1.HostPathVolumeSource)<nil> "
                + "EmptyDir:(*v1.EmptyDirVolumeSource){Medium:(v1.StorageMedium) SizeLimit:(*resource.Quantity)<nil>}",
            "LivenessProbe:(*v1.Probe){ProbeHandler:(v1.ProbeHandler){Exec:(*v1.ExecAction)<nil> "
                + "HTTPGet:(*v1.HTTPGetAction){Path:(string) Port:(intstr.IntOrString){Type:(intstr.Type)1 "
                + "IntVal:(int32)0 StrVal:(string)web}",
            "Limits:(v1.ResourceList)map[cpu:{i:(resource.int64Amount){value:(int64)500 scale:(resource.Scale)-3}",
            "d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)500m Format:(resource.Format)DecimalSI}",
            "memory:{i:(resource.int64Amount){value:(int64)1073741824 scale:(resource.Scale)0}",
            "s:(string)1Gi Format:(resource.Format)BinarySI}",
            "value:(int64)1 scale:(resource.Scale)3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)1e3 "
                + "Format:(resource.Format)DecimalExponent}",
            "value:(int64)536870912 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string) ",
            "value:(int64)0 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec){unscaled:(big.Int)"
                + "{neg:(bool)false abs:(big.nat)[11529215046068469760 6103515]} scale:(inf.Scale)9}} s:(string) ",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }
}
