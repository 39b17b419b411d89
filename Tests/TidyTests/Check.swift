import Testing

/// A rule of the repository, with the examples that prove that it bites.
///
/// To add one: a file in `Checks/` and a line in ``all``.
struct Check: Sendable, CustomTestStringConvertible {
    /// What must hold, as a sentence without its full stop.
    let rule: String
    /// Every breach of the rule in a tree.
    let find: @Sendable (Tree) -> [Finding]
    /// Trees that break the rule, each in another way.
    let breaches: [Tree]
    /// Trees that keep it though they come close to a breach.
    let observances: [Tree]

    var testDescription: String { rule }

    static let all: [Check] = [
        .layers, .layerNames, .serviceRoot, .statementsInStore, .oneOwnerPerCLibrary, .servicesApart,
        .declaredPublishers, .eventExamples, .eventCatalogue, .routeAccess, .describedAPIs,
        .fileLength, .functionLength, .fileSize,
        .bannedCalls, .reasonedEscapes, .leftovers, .noFoundation,
        .folderNames, .documentedInterfaces, .testedModules,
        .migrations, .markdownLinks, .markdownTitles, .plainWords, .selfContained,
    ]
}

@Suite("The repository")
struct TidyTests {
    @Test("keeps its own rules", arguments: Check.all)
    func repository(check: Check) throws {
        let findings = Set(check.find(try Tree.repository()).map(\.description))
        if !findings.isEmpty { Issue.record("\(findings.sorted().joined(separator: "\n"))") }
    }

    @Test("has rules that refuse what breaks them", arguments: Check.all)
    func breaches(check: Check) {
        #expect(!check.breaches.isEmpty)
        for tree in check.breaches {
            #expect(!check.find(tree).isEmpty, "nothing found in \(tree.files.map(\.path)):\n\(tree.files[0].text)")
        }
    }

    @Test("has rules that let pass what keeps them", arguments: Check.all)
    func observances(check: Check) {
        for tree in check.observances { #expect(check.find(tree).map(\.description) == []) }
    }

    @Test("is found where this file is")
    func root() throws {
        let tree = try Tree.repository()
        #expect(tree.contains("Package.swift"))
        #expect(tree.contains("Tests/TidyTests/Check.swift"))
        #expect(tree.swift.count > 50)
    }
}
