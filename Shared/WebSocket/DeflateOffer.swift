/// The negotiation of permessage-deflate (RFC 7692 section 7).
///
/// Neither side keeps a context from one message to the next, so a connection needs no memory for it, and a message for many
/// is compressed once.
enum DeflateOffer {
    /// Our window, which is enough for messages of this size and fits clients that have little memory.
    static let windowBits = 12

    /// The value of `Sec-WebSocket-Extensions` that accepts the first of these offers that we can; nil if there is none.
    static func answer(to offers: [String]) -> String? {
        for offer in offers {
            if let answer = answer(to: offer) { return answer }
        }
        return nil
    }

    private static func answer(to offer: String) -> String? {
        let parts = offer.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
        guard parts.first == "permessage-deflate" else { return nil }
        var names: Set<String> = []
        var answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.trimmingBlanks()
            }
            let value = pair.count == 2 ? unquoted(pair[1]) : nil
            guard names.insert(pair[0]).inserted else { return nil }
            switch (pair[0], value) {
            case ("server_no_context_takeover", nil), ("client_no_context_takeover", nil): break
            case ("client_max_window_bits", nil): break
            case ("client_max_window_bits", let value?):
                guard bits(value) != nil else { return nil }
            case ("server_max_window_bits", let value?):
                guard let bits = bits(value), bits >= windowBits else { return nil }
                answer += "; server_max_window_bits=\(windowBits)"
            default: return nil
            }
        }
        return answer
    }

    private static func bits(_ text: String) -> Int? {
        guard let bits = Int(text), (8...15).contains(bits), text == String(bits) else { return nil }
        return bits
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast())
    }

}

extension StringProtocol {
    /// Without the spaces and tabs at both ends.
    func trimmingBlanks() -> String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
