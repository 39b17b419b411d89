extension Check {
    /// In two halves, so that this file passes.
    private static let words = [
        ("registry-1.", "docker"), ("index.", "docker"), ("ghcr", ".io"), ("quay", ".io"), ("gcr", ".io"),
        ("/wo", "rk/"), ("/ho", "me/"), ("/Us", "ers/"), ("/tmp/", "wt"), ("Clau", "de"), ("Anthro", "pic"),
        ("ChatG", "PT"), ("Copi", "lot"),
    ].map { $0 + $1 }

    static let selfContained = Check(
        rule: "A clean clone needs no registry, and names no machine or tool of whoever wrote it",
        find: { tree in
            tree.files.flatMap { file in
                words.filter { file.text.contains($0) }.flatMap { word in
                    file.lines.indices.filter { file.lines[$0].contains(word) }.map {
                        file.finding("\(word) is of no meaning to a stranger's machine", line: $0 + 1)
                    }
                }
            }
        },
        breaches: words.map { Tree(["deploy/Dockerfile": "FROM \($0)debian"]) },
        observances: [Tree(["deploy/install": "apt-get install docker.io"])])
}
