import API
import Testing

struct QuantityTests {
    @Test(arguments: [
        ("0", "0"), ("100m", "100m"), ("1000m", "1"), ("0.5", "500m"), ("1.5", "1500m"), ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"), ("100000", "100k"), ("1e3", "1e3"), ("1E3", "1E3"), ("5k", "5k"), ("1Ki", "1Ki"),
        ("0.5Ki", "512"), ("1n", "1n"), ("0.1n", "1n"), ("-1.5", "-1500m"), ("+2", "+2"), ("1.234", "1.234"),
        ("1.500", "1.500"), ("007", "007"), ("012Ki", "012Ki"), ("16Ki", "16Ki"), ("+8Ki", "8Ki"), ("-", "0"),
        (".", "0"), ("Ki", "0"), (".5", "500m"), ("5.", "5."),
        ("9223372036854775807", "9223372036854775807"), ("1Ei", "1Ei"), ("100E", "100E"),
        ("100Ei", "9223372036854775807"), ("1234.5e3", "1234500"), ("1.5Ki", "1536"), ("1025.5Ki", "1050112"),
        ("0.3Mi", "314572800m"),
        ("64Mi", "64Mi"), ("1000Ki", "1000Ki"), ("2048Ki", "2Mi"),
    ])
    func canonical(_ text: String, _ canonical: String) {
        #expect(Quantity(text)?.description == canonical)
    }

    @Test(arguments: ["", "a", "1x", "1ee3", "1KI", "--1", "1 ", "1e", "1.5.2"])
    func refused(_ text: String) { #expect(Quantity(text) == nil) }

    @Test func arithmetic() {
        #expect(Quantity("1")! + Quantity("500m")! == Quantity("1500m")!)
        #expect((Quantity("1Gi")! - Quantity("512Mi")!).description == "512Mi")
        #expect(Quantity("1100m")!.value == 2)
        #expect(Quantity("1.0001")!.milliValue == 1001)
    }
}
