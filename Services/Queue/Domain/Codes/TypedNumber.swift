extension NumberFormat {
    /// Reads the number of a ticket as it was typed, in upper or lower case. Returns nil if it is not of this form.
    package func number(typed text: String) -> Int? {
        let typed = text.filter { $0 != " " && $0 != "-" }.uppercased()
        guard typed.utf8.count <= prefix.utf8.count + 6, typed.hasPrefix(prefix) else { return nil }
        let digits = typed.dropFirst(prefix.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }
}
