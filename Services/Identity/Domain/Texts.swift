package import Primitives

/// The name of a tenant or of a person.
package typealias DisplayName = OneLine<200>
/// Where a tenant is, as people write it on an envelope.
package typealias PostalAddress = OneLine<200>
