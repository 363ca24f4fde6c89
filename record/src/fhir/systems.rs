//! Who gave a number, in the words of FHIR (a system, which is an address) and in those of the index (the assigning authority of HL7
//! v2): a hospital that sends both ways has one and the same patient in mind.

/// Which FHIR system is which assigner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Systems(Vec<(String, String)>);

impl Systems {
    /// Takes pairs of system and assigner.
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The assigner of a system; the system itself where no other is configured.
    pub fn assigner<'a>(&'a self, system: &'a str) -> &'a str {
        let found = self.0.iter().find(|(known, _)| known == system);
        found.map_or(system, |(_, assigner)| assigner)
    }

    /// The system of an assigner; `None` of one that has no address.
    pub fn system<'a>(&'a self, assigner: &'a str) -> Option<&'a str> {
        let found = self
            .0
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(assigner));
        found
            .map(|(system, _)| system.as_str())
            .or_else(|| assigner.contains(':').then_some(assigner))
    }
}
