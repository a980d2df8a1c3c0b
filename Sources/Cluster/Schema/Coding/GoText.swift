import API
public import Document

/// Go's print of a struct, as upstream takes it for the hashes of pod templates: spew's `%#v` with sorted keys
/// (apimachinery's `dump.ForHash`). A hash of it is the one that upstream makes of the same template.
public struct GoText {
    private var output: [UInt8] = []

    /// The text of a pod template (core/v1 PodTemplateSpec); empty where the declarations do not have it.
    ///
    /// - Parameter template: decoded and defaulted.
    public static func ofPodTemplate(_ template: Value) -> [UInt8] {
        let name = "io.k8s.api.core.v1.PodTemplateSpec"
        guard let structure = DeclarationLibrary.shared.structure(name) else { return [] }
        var text = GoText()
        text.write("(v1.PodTemplateSpec)")
        text.structure(structure, template)
        return text.output
    }

    private mutating func write(_ text: String) { output += Array(text.utf8) }

    // MARK: Structs

    private mutating func structure(_ structure: Structure, _ value: Value) {
        write("{")
        members(of: structure, inside: nil, value)
        write("}")
    }

    /// The fields of a struct, or of one that is embedded in it, which JSON does not show.
    private mutating func members(of structure: Structure, inside inline: Int?, _ value: Value) {
        var done: Set<Int> = []
        var isFirst = true
        for field in structure.fields {
            if field.inline == inline {
                separate(&isFirst)
                write(GoText.name(field.name.string, in: structure.name) + ":")
                self.field(field, value[field.name])
            } else if let child = child(of: inline, on: field.inline, structure), done.insert(child).inserted {
                let name = structure.inlines[child].name
                separate(&isFirst)
                write("\(name):(v1.\(name)){")
                members(of: structure, inside: child, value)
                write("}")
            }
        }
    }

    private mutating func separate(_ isFirst: inout Bool) {
        if !isFirst { write(" ") }
        isFirst = false
    }

    /// The struct embedded directly in `parent` that holds what is embedded in `inline`; nil where that is elsewhere.
    private func child(of parent: Int?, on inline: Int?, _ structure: Structure) -> Int? {
        var current = inline
        while let index = current {
            if structure.inlines[index].parent == parent { return index }
            current = structure.inlines[index].parent
        }
        return nil
    }

    private mutating func field(_ field: Field, _ value: Value?) {
        let value = value?.isNull == true ? nil : value
        guard field.isPointer else {
            write("(\(field.shape.goType))")
            return content(field.shape, value)
        }
        write("(*\(field.shape.goType))")
        guard let value else { return write("<nil>") }
        content(field.shape, value)
    }

    // MARK: Values

    private mutating func content(_ shape: Shape, _ value: Value?) {
        switch shape.form {
        case .structure(let structure): self.structure(structure, value ?? [:])
        case .list(let item, _): list(item, value?.array ?? [])
        case .map(let item): map(item, value?.object ?? [:])
        case .bool: write(value?.bool == true ? "true" : "false")
        case .int32, .int64: write(String(value?.int ?? 0))
        case .quantity: quantity(value)
        case .intOrString: intOrString(value)
        case .time, .microTime: write("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}")
        default: write(value?.string ?? "")
        }
    }

    /// Go cannot tell an empty list from none once it has been through protobuf.
    private mutating func list(_ item: Shape, _ elements: [Value]) {
        guard !elements.isEmpty else { return write("<nil>") }
        write("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { write(" ") }
            content(item, element)
        }
        write("]")
    }

    private mutating func map(_ item: Shape, _ members: Object) {
        guard !members.isEmpty else { return write("<nil>") }
        write("map[")
        for (index, member) in members.enumerated() {
            if index > 0 { write(" ") }
            output += member.key.bytes
            write(":")
            content(item, member.value)
        }
        write("]")
    }

    private mutating func intOrString(_ value: Value?) {
        if let text = value?.string { return write("{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)\(text)}") }
        write("{Type:(intstr.Type)0 IntVal:(int32)\(value?.int ?? 0) StrVal:(string)}")
    }

    /// A quantity is kept as a number and its power of ten, or as a decimal number of any length; and as it was written
    /// where that counts as canonical.
    private mutating func quantity(_ value: Value?) {
        guard let quantity = value?.quantity ?? Quantity("0") else { return }
        let digits = quantity.isLong ? 0 : (0..<quantity.scale + 9).reduce(quantity.nanos) { rest, _ in rest / 10 }
        let format =
            switch quantity.format {
            case .binarySI: "BinarySI"
            case .decimalSI: "DecimalSI"
            case .decimalExponent: "DecimalExponent"
            }
        write(
            "{i:(resource.int64Amount){value:(int64)\(digits) scale:(resource.Scale)"
                + "\(quantity.isLong ? 0 : quantity.scale)} d:(resource.infDecAmount){Dec:(*inf.Dec)"
                + "\(quantity.isLong ? GoText.decimal(quantity.nanos) : "<nil>")} s:(string)\(quantity.written ?? "") "
                + "Format:(resource.Format)\(format)}")
    }

    /// A number with nine places, whose digits Go keeps in words of 64 bits.
    private static func decimal(_ nanos: Int128) -> String {
        let magnitude = nanos.magnitude
        let words = [magnitude & UInt128(UInt64.max), magnitude >> 64].filter { $0 > 0 }
        return "{unscaled:(big.Int){neg:(bool)\(nanos < 0) abs:(big.nat)["
            + words.map { String($0) }.joined(separator: " ") + "]} scale:(inf.Scale)9}"
    }

    // MARK: Names

    /// What Go calls a field where that is not its JSON name with a capital letter.
    private static let names: [String: String] = [
        "apiGroup": "APIGroup", "apiVersion": "APIVersion", "awsElasticBlockStore": "AWSElasticBlockStore",
        "apiGroups": "APIGroups", "apiVersions": "APIVersions", "cel": "CEL", "cidr": "CIDR", "cidrs": "CIDRs",
        "cephfs": "CephFS", "chapAuthDiscovery": "DiscoveryCHAPAuth", "chapAuthSession": "SessionCHAPAuth",
        "csi": "CSI", "diskURI": "DataDiskURI", "dnsConfig": "DNSConfig", "dnsPolicy": "DNSPolicy", "fc": "FC",
        "fsGroup": "FSGroup", "fsGroupChangePolicy": "FSGroupChangePolicy", "fsType": "FSType",
        "gcePersistentDisk": "GCEPersistentDisk", "gmsaCredentialSpec": "GMSACredentialSpec",
        "gmsaCredentialSpecName": "GMSACredentialSpecName", "grpc": "GRPC", "hostIP": "HostIP", "httpGet": "HTTPGet",
        "httpHeaders": "HTTPHeaders", "ip": "IP", "iqn": "IQN", "iscsi": "ISCSI", "iscsiInterface": "ISCSIInterface",
        "metadata": "ObjectMeta", "nfs": "NFS", "os": "OS", "pdName": "PDName", "rbd": "RBD",
        "seLinuxChangePolicy": "SELinuxChangePolicy", "seLinuxOptions": "SELinuxOptions",
        "serviceAccount": "DeprecatedServiceAccount", "sslEnabled": "SSLEnabled", "storageos": "StorageOS",
        "tcpSocket": "TCPSocket", "tty": "TTY", "uid": "UID", "wwids": "WWIDs",
        "DeviceAttribute.bool": "BoolValue", "DeviceAttribute.int": "IntValue",
        "DeviceAttribute.string": "StringValue", "DeviceAttribute.version": "VersionValue",
        "GlusterfsVolumeSource.endpoints": "EndpointsName", "RBDVolumeSource.image": "RBDImage",
        "RBDVolumeSource.monitors": "CephMonitors", "RBDVolumeSource.pool": "RBDPool",
        "RBDVolumeSource.user": "RadosUser",
    ]

    static func name(_ field: String, in structure: String) -> String {
        names["\(structure).\(field)"] ?? names[field] ?? field.capitalizedFirst
    }
}
