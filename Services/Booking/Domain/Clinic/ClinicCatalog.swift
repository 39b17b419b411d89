package import Primitives
package import Scheduling

/// The calendar of one clinic as of one version: its rules, and the names of its resources.
package struct ClinicCatalog: Sendable {
    /// Rises with every change of the calendar.
    package let version: EntityVersion
    package let rules: ClinicRules
    package let clinic: Clinic
    /// The names of all resources, inactive ones included.
    package let names: [Identifier<Resource>: String]

    package init(version: EntityVersion, rules: ClinicRules, clinic: Clinic, names: [Identifier<Resource>: String]) {
        (self.version, self.rules, self.clinic, self.names) = (version, rules, clinic, names)
    }
}
