/// A word that comments and documents do without, and what to write.
private struct Refused {
    let word: String
    let instead: String
}

private let refused = [
    Refused(word: "somebody", instead: "the role: a user, a caller, a client, a replica"),
    Refused(word: "nobody", instead: "no user, no caller, no service"),
    Refused(word: "everybody", instead: "all users, every service"),
    Refused(word: "whoever", instead: "the role: the caller that, readers that"),
    Refused(word: "anew", instead: "again"),
    Refused(word: "lets go", instead: "releases, closes"),
    Refused(word: "looked at", instead: "checked, read, processed"),
    Refused(word: "told", instead: "notified, or who sends what"),
    Refused(word: "hurry", instead: "trigger, run at once"),
    Refused(word: "of its own accord", instead: "by itself"),
    Refused(word: "he", instead: "they"),
    Refused(word: "him", instead: "them"),
    Refused(word: "his", instead: "their"),
]

/// Where the check holds; the change log keeps the words of its day.
private let plain = ["Shared/", "Services/", "Tests/", "docs/", "README.md", "CONTRIBUTING.md"]

extension Check {
    static let plainWords = Check(
        rule: "Comments and documents use plain words",
        find: { tree in
            let files = tree.files.filter { file in
                plain.contains { file.path.hasPrefix($0) } && !file.path.hasSuffix("/PlainWords.swift")
            }
            return files.flatMap { file in
                texts(of: file).flatMap { line, text in
                    refused.filter { text.contains(word: $0.word) }.map {
                        file.finding("“\($0.word)”: write \($0.instead)", line: line)
                    }
                }
            }
        },
        breaches: refused.map { Tree(["Shared/GuichetProtocol/A.swift": "/// What is \($0.word) here."]) } + [
            Tree(["Shared/GuichetProtocol/A.swift": "let a = 1 // Nobody reads it."]),
            Tree(["docs/glossary.md": "# A\n\n- **Hold**: kept for somebody."]),
        ],
        observances: [
            Tree([
                "Shared/GuichetProtocol/A.swift": "/// The history of this shelf, where the theme is set.\nlet his = 1"
            ]),
            Tree(["Shared/GuichetProtocol/A.swift": "let a = \"https://example.org/nobody\""]),
            Tree(["Shared/GuichetProtocol/A.swift": "/// Runs as `nobody`."]),
            Tree(["docs/glossary.md": "# A\n\n```bash\nsu nobody\n```\nNot `whoever`."]),
            Tree(["CHANGELOG.md": "# Changes\n\nWas told anew."]),
        ])
}

/// The comments of a Swift file, or the lines of a document, without code; lines count from one.
private func texts(of file: SourceFile) -> [(line: Int, text: String)] {
    let isDocument = file.path.hasSuffix(".md")
    var isCode = false
    return file.lines.enumerated().compactMap { index, line -> (line: Int, text: String)? in
        var text = line
        if isDocument {
            if text.drop(while: { $0 == " " }).hasPrefix("```") { isCode.toggle() }
            if isCode { return nil }
        } else {
            guard let comment = text.firstRange(of: "// "),
                comment.lowerBound == text.startIndex || " /".contains(text[text.index(before: comment.lowerBound)])
            else { return nil }
            text = text[comment.upperBound...]
        }
        return (index + 1, String(text.replacing(/`[^`]*`/, with: "")))
    }
}

extension String {
    /// Whether the word, or the words, stand in the text, in upper or lower case.
    fileprivate func contains(word: String) -> Bool {
        let (text, word) = (lowercased(), word.lowercased())
        return text.ranges(of: word).contains { range in
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
            return ![before, after].contains { $0?.isLetter == true || $0 == "-" }
        }
    }
}
