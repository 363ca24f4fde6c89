//! Where somebody is, and who has charge of them.

use baton_core::patient::Place;
use baton_core::secret::Personal;

use crate::fhir::datatype::{Reading, concept_codes, contained, reference};
use crate::fhir::node::{Issues, Node};
use crate::fhir::outcome::Issue;

/// Reads `location` and `serviceProvider`. `is_over` of a visit that has ended: then the last places are the place.
pub fn place(node: &Node<'_>, reading: Reading<'_>, is_over: bool, issues: &Issues) -> Option<Place> {
    let spots = spots(node, reading, issues);
    let is_current = spots.iter().any(|spot| spot.when == When::Now);
    let wanted = if is_over && !is_current {
        When::Before
    } else {
        When::Now
    };
    let mut place = Place::default();
    let mut untyped = None;
    // Of several the last is the newest.
    for spot in spots.into_iter().filter(|spot| spot.when == wanted) {
        match spot.kind.as_deref() {
            Some("wa") => place.ward = spot.name,
            Some("ro") => place.room = spot.name,
            Some("bd") => place.bed = spot.name,
            Some("bu" | "ho" | "si") => place.facility = spot.name,
            Some(_) => {}
            None => untyped = Some(spot.name),
        }
    }
    if place.ward.is_empty() {
        place.ward = untyped.unwrap_or_default();
    }
    let provider = named(node, "serviceProvider", node, issues);
    if place.facility.is_empty() {
        place.facility = provider.unwrap_or_default();
    }
    (place != Place::default()).then_some(place)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    Later,
    Now,
}

struct Spot {
    kind: Option<String>,
    name: String,
    when: When,
}

fn spots(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Vec<Spot> {
    let mut spots = Vec::new();
    for location in node.objects("location", issues) {
        location.refuse_modifiers(issues);
        if !location.has("location") {
            issues.add(Issue::basic(
                "required",
                "This needs a reference to a location.",
                location.place_of("location"),
            ));
        }
        let status = location.code("status", when, issues);
        let has_ended = reading.has_ended(&location, issues);
        let kind = location.object("physicalType", issues).map(|concept| {
            let codes = concept_codes(&concept, issues);
            codes.first().copied().unwrap_or_default().to_owned()
        });
        let name = named(&location, "location", node, issues);
        spots.extend(name.map(|name| Spot {
            kind,
            name,
            when: if has_ended {
                When::Before
            } else {
                status.unwrap_or(When::Now)
            },
        }));
    }
    spots
}

fn when(code: &str) -> Option<When> {
    match code {
        "active" => Some(When::Now),
        "completed" => Some(When::Before),
        "planned" | "reserved" => Some(When::Later),
        _ => None,
    }
}

/// What a reference calls what it points to: as it is displayed, by the name of what is contained, by its identifier.
fn named(of: &Node<'_>, name: &str, root: &Node<'_>, issues: &Issues) -> Option<String> {
    let reference = reference(of, name, issues)?;
    let inner = contained(root, reference.literal, issues);
    let inner = inner.and_then(|inner| inner.text("name", issues));
    let logical = reference
        .logical
        .and_then(|identifier| identifier.text("value", issues));
    reference.display.or(inner).or(logical).map(str::to_owned)
}

/// Reads `participant`: who attends, else who performs it first, else who is consulted.
pub fn consultant(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Option<Personal<String>> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for participant in node.objects("participant", issues) {
        participant.refuse_modifiers(issues);
        let types = participant.objects("type", issues);
        let codes: Vec<&str> = types
            .iter()
            .flat_map(|concept| concept_codes(concept, issues))
            .collect();
        let rank = RANKS.iter().position(|known| codes.contains(known));
        let rank = rank.or_else(|| types.is_empty().then_some(RANKS.len()));
        let has_ended = reading.has_ended(&participant, issues);
        let name = practitioner(&participant, node, issues);
        if let (Some(rank), Some(name), false) = (rank, name, has_ended) {
            found.push((rank, name));
        }
    }
    let first = found.into_iter().min_by_key(|(rank, _)| *rank);
    first.map(|(_, name)| Personal::new(name))
}

fn practitioner(participant: &Node<'_>, root: &Node<'_>, issues: &Issues) -> Option<String> {
    let reference = reference(participant, "individual", issues)?;
    if let Some(display) = reference.display {
        return Some(display.to_owned());
    }
    let inner = contained(root, reference.literal, issues)?;
    let names = inner.objects("name", issues);
    let name = names.first()?;
    let words: Vec<&str> = name
        .texts("prefix", issues)
        .into_iter()
        .chain(name.texts("given", issues))
        .chain(name.text("family", issues))
        .collect();
    let text = name.text("text", issues).map(str::to_owned);
    text.or_else(|| (!words.is_empty()).then(|| words.join(" ")))
}

const RANKS: [&str; 3] = ["ATND", "PPRF", "CON"];
