package import Primitives

/// The name of a tenant or of a person.
package typealias DisplayName = OneLine<200>
/// The postal address of a tenant, in one line.
package typealias PostalAddress = OneLine<200>
