import Compression

/// How a code is drawn: dark on light, with its quiet zone.
package struct QRImage: Sendable {
    /// How many pixels a module may have on one side.
    package static let scales = 1...32
    /// How many modules wide the quiet zone may be; the standard asks for four.
    package static let margins = 0...16
    /// The quiet zone of the standard, in modules.
    package static let standardMargin = 4

    private let code: QRCode
    private let scale: Int
    private let margin: Int

    /// - Parameters:
    ///   - scale: the pixels on one side of a module.
    ///   - margin: the modules of the quiet zone.
    /// - Returns: nil if one of them is outside of its range.
    package init?(of code: QRCode, scale: Int, margin: Int = standardMargin) {
        guard Self.scales ~= scale, Self.margins ~= margin else { return nil }
        (self.code, self.scale, self.margin) = (code, scale, margin)
    }

    /// The modules on one side, with the quiet zone.
    private var side: Int { code.width + 2 * margin }

    /// The image in the form of SVG: sharp at any size.
    package var svg: String {
        var path = ""
        for row in 0..<code.width {
            var column = 0
            while column < code.width {
                let start = column
                while code.isDark(row: row, column: column) { column += 1 }
                if column > start {
                    path += "M\(start + margin) \(row + margin)h\(column - start)v1h-\(column - start)z"
                }
                column += 1
            }
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(side * scale)" height="\(side * scale)" \
            viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <path fill="#fff" d="M0 0h\(side)v\(side)H0z"/><path d="\(path)"/></svg>

            """
    }

    /// The image in the form of PNG (ISO/IEC 15948), one bit for each pixel. Returns nil if memory is exhausted.
    package func png() -> [UInt8]? {
        let pixels = side * scale
        var lines: [UInt8] = []
        lines.reserveCapacity(pixels * (pixels / 8 + 2))
        for row in 0..<side {
            let line = packed(row: row)
            // Zero is the filter type of a line that is stored as it is.
            for _ in 0..<scale { lines += [0] + line }
        }
        guard let content = Zlib.compress(lines) else { return nil }
        let size = UInt32(pixels).bigEndianBytes
        // Bit depth 1, grey, and the only methods of compression, filter and interlacing that mean "as usual".
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + Self.chunk("IHDR", size + size + [1, 0, 0, 0, 0]) + Self.chunk("IDAT", content) + Self.chunk("IEND", [])
    }

    /// One row of modules as a line of pixels, eight in each byte; light is 1.
    private func packed(row: Int) -> [UInt8] {
        let pixels = side * scale
        var line = [UInt8](repeating: 0, count: (pixels + 7) / 8)
        for pixel in 0..<pixels where !code.isDark(row: row - margin, column: pixel / scale - margin) {
            line[pixel / 8] |= 0x80 >> UInt8(pixel % 8)
        }
        return line
    }

    private static func chunk(_ type: StaticString, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.description.utf8) + content
        return UInt32(content.count).bigEndianBytes + body + Zlib.checksum(body).bigEndianBytes
    }
}

extension UInt32 {
    fileprivate var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}
