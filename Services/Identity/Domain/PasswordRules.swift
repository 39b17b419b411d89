package import Primitives

/// What a new password must fulfil: it is long, and not among those that attackers try first.
package enum PasswordRules {
    /// The length in Unicode scalars.
    package static let length = 12...128

    /// Why a password is refused.
    package enum Fault: Error, Hashable, CaseIterable, Sendable {
        case tooShort
        case tooLong
        case containsEmail
        case common
    }

    /// Throws the first rule that `password` breaks as the password of the user with that address.
    package static func check(_ password: String, of email: EmailAddress) throws(Fault) {
        guard password.unicodeScalars.count >= length.lowerBound else { throw .tooShort }
        guard password.unicodeScalars.count <= length.upperBound else { throw .tooLong }
        let folded = password.lowercased()
        // A local part of one or two letters occurs in many passwords.
        guard email.localPart.count < 3 || !folded.contains(email.localPart.lowercased()) else { throw .containsEmail }
        guard !isCommon(folded) else { throw .common }
    }

    /// Whether the password repeats a few characters, or is a common word followed by digits and signs.
    private static func isCommon(_ folded: String) -> Bool {
        let word = String(folded.reversed().drop { !$0.isLetter }.reversed())
        return Set(folded).count <= 4 || words.contains(word) || words.contains(folded) || isRun(folded)
    }

    /// Whether the password is a sequence of the alphabet or of digits.
    private static func isRun(_ folded: String) -> Bool {
        zip(folded.unicodeScalars, folded.unicodeScalars.dropFirst()).allSatisfy { left, right in
            right.value == left.value + 1 || (left == "9" && right == "0")
        }
    }

    private static let words: Set<String> = [
        "", "password", "passw", "motdepasse", "mot de passe", "administrateur", "administrator", "admin", "bienvenue",
        "welcome", "guichet", "azerty", "azertyuiop", "qwerty", "qwertyuiop", "qwertyuiopas", "letmein", "iloveyou",
        "jetaime", "soleil", "changeme", "changezmoi", "secret", "princess", "football", "baseball", "sunshine",
        "trustno", "superman", "marseille", "doudou", "chocolat", "loulou", "nicolas", "camille", "correcthorse",
        "passwordpassword", "motdepassemotdepasse", "azertyazerty", "qwertyqwerty", "adminadmin", "1q2w3e4r5t6y",
        "1qaz2wsx3edc", "q1w2e3r4t5y6", "123qweasdzxc", "qazwsxedcrfv", "passwordadmin", "adminpassword",
    ]
}
