/// How far two names are from each other.
package enum EditDistance {
    /// Longer names are not compared: the work grows with the product of the lengths.
    private static let longest = 100

    /// How many bytes have to be put in, taken out or changed (Levenshtein).
    package static func between(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.count > longest || right.count > longest { return .max }
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
