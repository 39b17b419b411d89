/// A call that is banned in some folders, and what to do instead.
private struct Ban {
    let call: String
    let folders: [String]
    let instead: String
    /// Files that may, each for the reason stated beside it.
    var except: Set<String> = []
}

private let everywhere = ["Services", "Shared"]
private let domain = ["Services/*/Domain"]

/// A task that begins in another way hops to a pool of threads each time that it is resumed.
private let tasks = ["Task {", "Task(", "Task.immediate", "Task.detached"].map {
    Ban(
        call: $0, folders: everywhere, instead: "EventLoop.start",
        except: ["Shared/EventLoop/EventLoop+Tasks.swift"])
}

/// A character can have any number of scalars and bytes, and neither JSON Schema nor PostgreSQL counts characters.
private let lengths = ["text", "name", "password", "line", "address", "label", "reason", "note", "city", "code"].map {
    Ban(call: "\($0).count", folders: domain, instead: "unicodeScalars.count, or a type such as OneLine")
}

private let bans =
    tasks + lengths + [
        Ban(call: "DispatchQueue", folders: everywhere, instead: "the event loop, or BlockingPool for what blocks"),
        Ban(call: "DispatchSemaphore", folders: everywhere, instead: "a continuation"),
        Ban(
            call: "print(", folders: everywhere, instead: "Logger",
            // What a command of a service says is its result.
            except: [
                "Services/Identity/Service/OperatorCommands/OperatorCommands.swift",
                "Shared/ServiceHost/ServiceHost+Main.swift",
            ]),
        Ban(call: "public ", folders: everywhere, instead: "package, or nothing: nobody outside imports us"),
        Ban(call: "fatalError(", folders: ["Services"], instead: "an error, or a type that excludes the case"),
        Ban(call: "run(script:", folders: ["Services"], instead: "SQL with bound values, or a migration"),
        Ban(call: "Date()", folders: domain, instead: "an instant as an argument"),
        Ban(call: "Date.now", folders: domain, instead: "an instant as an argument"),
        Ban(call: "Instant.now", folders: domain, instead: "an instant as an argument"),
        Ban(call: "UUID()", folders: domain, instead: "an id as an argument"),
        Ban(call: "async ", folders: domain, instead: "a rule that needs nothing from outside"),
    ]

extension Check {
    static let bannedCalls = Check(
        rule: "What is banned is done in the other way",
        find: { tree in
            tree.product.flatMap(calls)
        },
        breaches: bans.map { ban in
            Tree(["\(ban.folders[0].replacing("*", with: "Booking"))/A.swift": "let a = \(ban.call)"])
        } + [
            Tree(["Services/Booking/Domain/Slot/A.swift": "let a = Identifier<Slot>.new(at: Instant.now)"]),
            Tree(["Shared/A/A.swift": "let a = Task.immediate(name: \"a\") { run() }"]),
            Tree(["Shared/A/A.swift": "logger.info(\"\\(print(1))\")"]),
        ],
        observances: [
            Tree(["Shared/A/A.swift": "// print(a)\nlet a = \"print(a)\"\nfootprint(1)\nreceipt.print(a)"]),
            Tree(["Shared/A/A.swift": "EventLoop.start { run() }\nlet a: Task<Void, Never>? = nil\nTask.isCancelled"]),
            Tree(["Services/Booking/Service/A.swift": "let now = Instant.now"]),
            Tree(["Services/Booking/Domain/A.swift": "text.unicodeScalars.count\ntext.utf8.count\nwords.count"]),
            Tree(["Tests/BookingDomainTests/A.swift": "print(Date())"]),
        ])
}

private func calls(in file: SourceFile) -> [Finding] {
    bans.filter { ban in !ban.except.contains(file.path) && ban.folders.contains { isBelow(file, $0) } }.flatMap {
        ban in
        file.code.lines(with: ban.call).map { file.finding("\(ban.call) is banned: use \(ban.instead)", line: $0) }
    }
}

/// `pattern` names a folder from the top; a star stands for any one name.
private func isBelow(_ file: SourceFile, _ pattern: String) -> Bool {
    let names = pattern.split(separator: "/")
    return file.folders.count >= names.count && zip(names, file.folders).allSatisfy { $0 == "*" || $0 == $1 }
}
