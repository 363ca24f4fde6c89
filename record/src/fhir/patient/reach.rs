//! What a patient is called, and how they are reached: names, addresses, telecoms, practice. What has the use `old`, or whose
//! period is over, is left out.

use baton_core::patient::{Address, AddressKind, Contact, ContactKind};
use baton_core::person::{Name, Organisation};
use baton_core::secret::Personal;

use crate::fhir::datatype::{ODS, Reading, contained};
use crate::fhir::node::{Issues, Node};
use crate::fhir::outcome::Issue;
use crate::patients::change::{Details, Update};

/// Reads these parts of a `Patient`.
pub fn read(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Details {
    let (name, preferred) = names(node, reading, issues);
    Details {
        name,
        preferred: preferred.map_or(Update::Clear, Update::Set),
        addresses: addresses(node, reading, issues),
        contacts: telecoms(node, reading, issues),
        gp: practice(node, issues).map_or(Update::Clear, Update::Set),
        ..Details::default()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameUse {
    Official,
    Usual,
    Unsaid,
    Temporary,
    Nickname,
    Never,
}

/// The name that holds, and what people call them: a nickname; else a usual name beside an official one.
fn names(
    node: &Node<'_>,
    reading: Reading<'_>,
    issues: &Issues,
) -> (Update<Personal<Name>>, Option<Personal<String>>) {
    let mut found: Vec<(NameUse, Name)> = Vec::new();
    for name in node.objects("name", issues) {
        name.refuse_modifiers(issues);
        let usage = if name.has("use") {
            name.code("use", name_use, issues)
        } else {
            Some(NameUse::Unsaid)
        };
        let has_ended = reading.has_ended(&name, issues);
        let parts = name_parts(&name, issues);
        if let (Some(usage), Some(parts), false) = (usage, parts, has_ended)
            && usage != NameUse::Never
        {
            found.push((usage, parts));
        }
    }
    found.sort_by_key(|(usage, _)| *usage);
    let holds = found.iter().find(|(usage, _)| *usage != NameUse::Nickname);
    let called = |name: &Name| {
        let word = if name.given.is_empty() {
            &name.family
        } else {
            &name.given
        };
        Personal::new(word.clone())
    };
    let of = |wanted: NameUse| found.iter().find(|(usage, _)| *usage == wanted);
    let beside = of(NameUse::Usual).filter(|usual| holds.is_some_and(|holds| holds != *usual));
    let preferred = of(NameUse::Nickname).or(beside).map(|(_, name)| called(name));
    let name = holds.map(|(_, name)| Personal::new(name.clone()));
    (name.into(), preferred)
}

fn name_use(code: &str) -> Option<NameUse> {
    match code {
        "official" => Some(NameUse::Official),
        "usual" => Some(NameUse::Usual),
        "temp" => Some(NameUse::Temporary),
        "nickname" => Some(NameUse::Nickname),
        "anonymous" | "maiden" | "old" => Some(NameUse::Never),
        _ => None,
    }
}

fn name_parts(node: &Node<'_>, issues: &Issues) -> Option<Name> {
    let family = node.text("family", issues).unwrap_or_default();
    let given = node.texts("given", issues).join(" ");
    let title = node.texts("prefix", issues).join(" ");
    let text = node.text("text", issues);
    // A name in one piece is not taken apart: which part is which, nobody knows.
    let family = if family.is_empty() && given.is_empty() {
        text?
    } else {
        family
    };
    Some(Name {
        family: family.to_owned(),
        given,
        title,
    })
}

fn addresses(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Update<Vec<Address>> {
    let mut found: Vec<((AddressKind, bool), Address)> = Vec::new();
    for address in node.objects("address", issues) {
        address.refuse_modifiers(issues);
        let kind = if address.has("use") {
            address.code("use", address_use, issues)
        } else {
            Some(AddressUse::Lives(AddressKind::Usual))
        };
        // A place for letters comes after one where somebody lives.
        let is_postal = address.code("type", address_type, issues) == Some(true);
        let has_ended = reading.has_ended(&address, issues);
        let (lines, postcode) = lines(&address, issues);
        let is_empty = lines.is_empty() && postcode.is_empty();
        if let (Some(AddressUse::Lives(kind)), false, false) = (kind, has_ended, is_empty) {
            let lines = Personal::new(lines);
            let postcode = Personal::from(postcode);
            found.push((
                (kind, is_postal),
                Address {
                    kind,
                    lines,
                    postcode,
                },
            ));
        }
    }
    found.sort_by_key(|((kind, is_postal), _)| (*kind == AddressKind::Temporary, *is_postal));
    if found.is_empty() {
        return Update::Clear;
    }
    Update::Set(found.into_iter().map(|(_, address)| address).collect())
}

enum AddressUse {
    Elsewhere,
    Lives(AddressKind),
}

fn address_use(code: &str) -> Option<AddressUse> {
    match code {
        "home" => Some(AddressUse::Lives(AddressKind::Usual)),
        "temp" => Some(AddressUse::Lives(AddressKind::Temporary)),
        "billing" | "old" | "work" => Some(AddressUse::Elsewhere),
        _ => None,
    }
}

/// Whether it is only for letters.
fn address_type(code: &str) -> Option<bool> {
    match code {
        "both" | "physical" => Some(false),
        "postal" => Some(true),
        _ => None,
    }
}

fn lines<'a>(node: &Node<'a>, issues: &Issues) -> (Vec<String>, &'a str) {
    let mut lines: Vec<String> = node
        .texts("line", issues)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for name in ["city", "district", "state"] {
        lines.extend(node.text(name, issues).map(str::to_owned));
    }
    let country = node.text("country", issues).filter(|country| !is_here(country));
    lines.extend(country.map(str::to_owned));
    let text = node.text("text", issues);
    if lines.is_empty() {
        let of_text = text.unwrap_or_default().split(['\n', ',']).map(str::trim);
        lines.extend(of_text.filter(|line| !line.is_empty()).map(str::to_owned));
    }
    (lines, node.text("postalCode", issues).unwrap_or_default())
}

fn is_here(country: &str) -> bool {
    matches!(
        country.to_ascii_uppercase().as_str(),
        "GB" | "GBR" | "UK" | "ENG" | "UNITED KINGDOM" | "ENGLAND"
    )
}

fn telecoms(node: &Node<'_>, reading: Reading<'_>, issues: &Issues) -> Update<Vec<Contact>> {
    let mut found: Vec<Contact> = Vec::new();
    for telecom in node.objects("telecom", issues) {
        telecom.refuse_modifiers(issues);
        let medium = telecom.code("system", medium, issues);
        let usage = telecom.code("use", telecom_use, issues);
        let value = telecom.text("value", issues);
        if value.is_some() && !telecom.has("system") {
            issues.add(Issue::basic(
                "invariant",
                "A telecom with a value needs its system (cpt-2).",
                telecom.place_of("system"),
            ));
        }
        let kind = match (medium, usage) {
            (None | Some(Medium::Other), _) | (_, Some(TelecomUse::Old)) => continue,
            (Some(Medium::Email), _) => ContactKind::Email,
            (Some(Medium::Sms), _) => ContactKind::Mobile,
            (Some(Medium::Phone), Some(TelecomUse::Now(kind))) => kind,
            (Some(Medium::Phone), None) => ContactKind::Home,
        };
        let contact = value.map(|value| Contact {
            kind,
            value: Personal::from(value),
        });
        if !reading.has_ended(&telecom, issues) {
            found.extend(contact.filter(|contact| !found.contains(contact)));
        }
    }
    if found.is_empty() {
        Update::Clear
    } else {
        Update::Set(found)
    }
}

enum Medium {
    Email,
    /// What no banner shows.
    Other,
    Phone,
    Sms,
}

fn medium(code: &str) -> Option<Medium> {
    match code {
        "email" => Some(Medium::Email),
        "phone" => Some(Medium::Phone),
        "sms" => Some(Medium::Sms),
        "fax" | "other" | "pager" | "url" => Some(Medium::Other),
        _ => None,
    }
}

enum TelecomUse {
    Now(ContactKind),
    Old,
}

fn telecom_use(code: &str) -> Option<TelecomUse> {
    match code {
        "home" | "temp" => Some(TelecomUse::Now(ContactKind::Home)),
        "mobile" => Some(TelecomUse::Now(ContactKind::Mobile)),
        "work" => Some(TelecomUse::Now(ContactKind::Work)),
        "old" => Some(TelecomUse::Old),
        _ => None,
    }
}

/// The first `generalPractitioner` that is named by an ODS code.
fn practice(node: &Node<'_>, issues: &Issues) -> Option<Organisation> {
    let gps = node.objects("generalPractitioner", issues);
    gps.iter().find_map(|gp| {
        let literal = gp.text("reference", issues);
        let inner = contained(node, literal, issues);
        let logical = gp.object("identifier", issues);
        let mut identifiers: Vec<Node<'_>> = logical.into_iter().collect();
        if let Some(inner) = &inner {
            identifiers.extend(inner.objects("identifier", issues));
        }
        let identifier = identifiers
            .into_iter()
            .find(|identifier| identifier.text("system", issues) == Some(ODS))?;
        let ods = identifier.text("value", issues)?;
        let display = gp.text("display", issues);
        let name = display.or_else(|| inner.and_then(|inner| inner.text("name", issues)));
        Some(Organisation {
            ods: ods.to_owned(),
            name: name.unwrap_or_default().to_owned(),
        })
    })
}
