import API
import Document

extension Rules {
    /// storage.k8s.io and node.k8s.io.
    static let storage: [String: Rules] = [
        "storage.k8s.io/storageclasses": Rules(create: storageClass, update: storageClassUpdate),
        "storage.k8s.io/csidrivers": Rules(
            create: { driver, faults in faults.checkDriverName(driver.name, "metadata.name") },
            update: { driver, old, faults in
                let (new, before) = (driver["spec"] ?? [:], old["spec"] ?? [:])
                // Called so upstream.
                faults.checkImmutable(new["attachRequired"], before["attachRequired"], "spec.attachedRequired")
                faults.checkImmutable(
                    new["volumeLifecycleModes"], before["volumeLifecycleModes"], "spec.volumeLifecycleModes")
            }),
        "storage.k8s.io/volumeattachments": Rules(
            create: { attachment, faults in
                let spec = attachment["spec"] ?? [:]
                for key: Text in ["attacher", "nodeName"] where (spec[key]?.string ?? "").isEmpty {
                    faults.required("spec.\(key)")
                }
            },
            update: { attachment, old, faults in
                guard attachment["spec"] != old["spec"] else { return }
                let shown = GoDump.shown("VolumeAttachmentSpec", attachment["spec"] ?? [:], of: "storage")
                faults.invalid("spec", shown: shown, "field is immutable")
            }),
        "node.k8s.io/runtimeclasses": Rules(
            create: { runtime, faults in
                let name = runtime["handler"]?.string ?? ""
                faults.invalid("handler", .string(name), all: Names.label(name))
            },
            update: { runtime, old, faults in
                faults.checkImmutable(runtime["handler"], old["handler"], "handler")
            }),
    ]

    private static let storageClass: Create = { storage, faults in
        let provisioner = storage["provisioner"]?.string ?? ""
        if provisioner.isEmpty {
            faults.required("provisioner")
        } else {
            faults.invalid("provisioner", .string(provisioner), all: Names.qualified(provisioner.lowercased()))
        }
        for member in storage["parameters"]?.object ?? [:] where member.key == "" {
            faults.invalid("parameters", "", "field can not be empty.")
        }
        faults.check(storage["reclaimPolicy"], in: ["Delete", "Retain"], "reclaimPolicy")
        faults.check(storage["volumeBindingMode"], in: ["Immediate", "WaitForFirstConsumer"], "volumeBindingMode")
    }

    private static let storageClassUpdate: Update = { storage, old, faults in
        for key: Text in ["parameters", "provisioner", "reclaimPolicy"] where storage[key] != old[key] {
            faults.forbidden(key.string, "updates to \(key) are forbidden.")
        }
        faults.checkImmutable(storage["volumeBindingMode"], old["volumeBindingMode"], "volumeBindingMode")
    }
}
