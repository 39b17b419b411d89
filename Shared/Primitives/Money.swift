/// An amount of money: a whole number of a currency's minor units, positive, zero or negative.
///
/// Arithmetic never rounds and never mixes currencies. It throws ``Fault`` on overflow and for different currencies.
package struct Money: Hashable, Sendable {
    /// Why an amount cannot be computed.
    package enum Fault: Error, Hashable {
        /// The two amounts have different currencies.
        case currenciesDiffer(Currency, Currency)
        /// The result exceeds 64 bits.
        case overflow
        /// The weights of an allocation are missing, negative, or all zero.
        case unusableWeights
    }

    /// The amount in minor units, for example cents.
    package let minorUnits: Int64
    /// The currency of the amount.
    package let currency: Currency

    /// That many minor units of that currency.
    package init(minorUnits: Int64, _ currency: Currency) {
        (self.minorUnits, self.currency) = (minorUnits, currency)
    }

    /// Zero in this currency.
    package static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency) }

    /// The sum. Throws ``Fault``.
    package func adding(_ other: Money) throws(Fault) -> Money {
        try combined(with: other) { $0.addingReportingOverflow($1) }
    }

    /// The difference. Throws ``Fault``.
    package func subtracting(_ other: Money) throws(Fault) -> Money {
        try combined(with: other) { $0.subtractingReportingOverflow($1) }
    }

    /// That many times the amount. Throws ``Fault/overflow``.
    package func multiplied(by factor: Int64) throws(Fault) -> Money {
        let (product, overflows) = minorUnits.multipliedReportingOverflow(by: factor)
        guard !overflows else { throw .overflow }
        return Money(minorUnits: product, currency)
    }

    /// The sum of amounts of one currency; zero if there are none. Throws ``Fault``.
    package static func sum(_ amounts: some Sequence<Money>, in currency: Currency) throws(Fault) -> Money {
        var total = Money.zero(currency)
        for amount in amounts { total = try total.adding(amount) }
        return total
    }

    /// Divides the amount in proportion to `weights`, by the method of the largest remainder: each share differs from
    /// its exact value by less than a minor unit, and the shares add up to the amount. Of equal remainders the first
    /// comes first.
    ///
    /// - Parameter weights: one for each share; none is negative, and at least one is positive.
    /// - Throws: ``Fault/unusableWeights``.
    package func allocated(by weights: [Int64]) throws(Fault) -> [Money] {
        var total: Int128 = 0
        for weight in weights {
            guard weight >= 0 else { throw .unusableWeights }
            total += Int128(weight)
        }
        guard total > 0 else { throw .unusableWeights }
        let sign: Int64 = minorUnits < 0 ? -1 : 1
        let amount = Int128(minorUnits.magnitude)
        let divisions = weights.map { (amount * Int128($0)).quotientAndRemainder(dividingBy: total) }
        var shares = divisions.map(\.quotient)
        let missing = Int(amount - shares.reduce(0, +))
        let byRemainder = divisions.indices.sorted {
            (divisions[$1].remainder, $0) < (divisions[$0].remainder, $1)
        }
        for index in byRemainder.prefix(missing) { shares[index] += 1 }
        // A share is no larger than the amount, so only Int64.min itself needs the wider type on the way back.
        return shares.map { Money(minorUnits: Int64(truncatingIfNeeded: $0 * Int128(sign)), currency) }
    }

    /// Divides the amount into `count` shares that differ by one minor unit at most, the larger ones first.
    ///
    /// - Throws: ``Fault/unusableWeights`` if `count` is not positive.
    package func split(into count: Int) throws(Fault) -> [Money] {
        guard count > 0 else { throw .unusableWeights }
        return try allocated(by: [Int64](repeating: 1, count: count))
    }

    private func combined(
        with other: Money, _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) throws(Fault) -> Money {
        guard currency == other.currency else { throw .currenciesDiffer(currency, other.currency) }
        let (value, overflows) = operation(minorUnits, other.minorUnits)
        guard !overflows else { throw .overflow }
        return Money(minorUnits: value, currency)
    }
}

extension Money: CustomStringConvertible {
    /// For logs: `12.34 EUR`.
    package var description: String {
        let digits = currency.minorUnitDigits
        var text = String(minorUnits.magnitude)
        if digits > 0 {
            if text.count <= digits { text = String(repeating: "0", count: digits + 1 - text.count) + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
        }
        return "\(minorUnits < 0 ? "-" : "")\(text) \(currency.code)"
    }
}
