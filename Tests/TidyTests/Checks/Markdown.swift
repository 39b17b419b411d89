import Foundation

extension Check {
    static let markdownLinks = Check(
        rule: "Relative links in Markdown lead somewhere",
        find: { tree in
            tree.markdown.flatMap { file in
                prose(file).flatMap { line, text in
                    links(in: text).filter { !tree.leads(to: $0, from: file) }.map {
                        file.finding("\($0) leads nowhere", line: line)
                    }
                }
            }
        },
        breaches: [
            Tree(["docs/a.md": "See [b](b.md)."]),
            Tree(["docs/a.md": "See [b](../b.md#there).", "docs/b.md": "# B"]),
            Tree(["README.md": "[a](docs/) and [b](Services/A)", "docs/a.md": "# A"]),
        ],
        observances: [
            Tree(["docs/a.md": "[b](../b.md#there \"B\") [c](https://example.org/x.md) [d](#here)", "b.md": "# B"]),
            Tree(["docs/a.md": "```\n[b](b.md)\n```\nand `[b](b.md)`"]),
            Tree(["docs/a.md": "[folder](./sub/) ![picture](<sub/p.svg>)", "docs/sub/p.svg": ""]),
        ])

    static let markdownTitles = Check(
        rule: "A Markdown file has one title, on its first line",
        find: { tree in
            tree.markdown.compactMap { file in
                let titles = prose(file).filter { $0.text.hasPrefix("# ") }
                guard titles.count != 1 || titles[0].line != 1 else { return nil }
                return file.finding("has \(titles.count) titles, or not on the first line")
            }
        },
        breaches: [
            Tree(["a.md": "Text."]), Tree(["a.md": "# A\n\n# B"]), Tree(["a.md": "Text.\n# A"]),
        ],
        observances: [Tree(["a.md": "# A\n\n## B\n```\n# a comment\n```"])])
}

/// The lines outside of fenced code, from one.
private func prose(_ file: SourceFile) -> [(line: Int, text: Substring)] {
    var isCode = false
    return file.lines.enumerated().compactMap { index, text in
        if text.drop(while: { $0 == " " }).hasPrefix("```") {
            isCode.toggle()
            return nil
        }
        return isCode ? nil : (index + 1, text)
    }
}

/// The relative targets of the links in a line, without what follows a `#`.
private func links(in line: Substring) -> [String] {
    let text = line.replacing(/`[^`]*`/, with: "")
    return text.matches(of: /\]\(<?([^)>\s]*)>?[^)]*\)/).map { String($0.1) }
        .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") && !$0.hasPrefix("#") }
        .map { String($0.prefix { $0 != "#" }) }
}

extension Tree {
    fileprivate func leads(to link: String, from file: SourceFile) -> Bool {
        var path = file.folders.map(String.init)
        for part in link.split(separator: "/") where part != "." {
            guard part == ".." else {
                path.append(String(part))
                continue
            }
            if path.popLast() == nil { return false }
        }
        return path.isEmpty || contains(path.joined(separator: "/"))
    }
}
