//! Bringing people into the directory from a file. Coming twice, a person keeps their id and gets the newer particulars.

use baton_core::id::UserId;
use baton_core::person::{Name, Organisation, Person};
use baton_core::secret::Personal;
use serde::{Deserialize, Deserializer};
use sqlx::Connection;
use uuid::Uuid;

use super::{audit, person};
use crate::context::{Context, millis};
use crate::log::LogError;

/// A person as the file has them.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imported {
    /// Who vouches for them; the configured issuer when not given.
    pub issuer: Option<String>,
    /// What the issuer calls them (`sub`).
    pub subject: String,
    /// Their name.
    pub name: Name,
    /// Their job title.
    pub job_title: String,
    /// Their organisation.
    pub organisation: Organisation,
    /// Professional registration as shown.
    #[serde(default)]
    pub registration: Option<String>,
    /// Where they are telephoned at work, as shown: `0161 496 0123 ext 4021`.
    #[serde(default, deserialize_with = "number")]
    pub telephone: Option<String>,
    /// The number of their bleep.
    #[serde(default, deserialize_with = "number")]
    pub bleep: Option<String>,
    /// Whether they may end the devices of people of their organisation.
    #[serde(default)]
    pub administrator: bool,
    /// Whether they may find patients of whom none of their spaces speaks. They may when not given.
    #[serde(default = "yes")]
    pub finds_patients: bool,
}

const fn yes() -> bool {
    true
}

/// A number that somebody is called by; with nothing in it, none.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = match serde_json::Value::deserialize(from)? {
        serde_json::Value::Null => String::new(),
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => text,
        // Not said: it may be of a person.
        serde_json::Value::Array(_) | serde_json::Value::Bool(_) | serde_json::Value::Object(_) => {
            "?".to_owned()
        }
    };
    match text.trim() {
        "" => Ok(None),
        text if is_number(text) => Ok(Some(text.to_owned())),
        _ => Err(serde::de::Error::custom(
            "a number to call has 2 to 15 digits, which spaces, hyphens and brackets may part, `+` may begin, and an extension after `ext` may follow",
        )),
    }
}

/// Whether a text is a telephone number (ITU-T E.164: at most 15 digits) with or without an extension, or an extension or a
/// bleep alone.
fn is_number(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let split = lower.split_once("ext").or_else(|| lower.split_once('x'));
    let (number, extension) = split.map_or((lower.as_str(), None), |(number, extension)| {
        (number, Some(extension.trim_start_matches('.')))
    });
    let number = number.trim().strip_prefix('+').unwrap_or(number);
    let is_part = |part: &str| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let is_written = |letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '(' | ')');
        (2..=15).contains(&digits) && part.chars().all(is_written)
    };
    is_part(number) && extension.is_none_or(is_part)
}

/// How many people were new, and how many were known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// New.
    pub added: usize,
    /// Known before.
    pub updated: usize,
}

/// Imports people, all or none.
pub async fn people(cx: &Context, people: Vec<Imported>) -> Result<Count, LogError> {
    let mut conn = cx.pool.acquire().await?;
    let mut transaction = conn.begin().await?;
    let mut count = Count::default();
    for imported in people {
        let issuer = imported
            .issuer
            .clone()
            .unwrap_or_else(|| cx.config.identity.issuer.clone());
        let lookup = person::derive_lookup(&cx.keys, &issuer, &imported.subject);
        let known: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM person WHERE lookup = $1 FOR UPDATE")
            .bind(lookup.as_slice())
            .fetch_optional(&mut *transaction)
            .await?;
        if known.is_some() {
            count.updated += 1;
        } else {
            count.added += 1;
        }
        let id = known.map_or_else(|| cx.make_user_id(), |(id,)| UserId::from_uuid(id));
        let (administrator, finds_patients) = (imported.administrator, imported.finds_patients);
        let person = imported.into_person(id);
        sqlx::query(
            "INSERT INTO person (id, lookup, sealed, updated_at, administrator, finds_patients)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE
             SET sealed = $3, updated_at = $4, administrator = $5, finds_patients = $6",
        )
        .bind(id.uuid())
        .bind(lookup.as_slice())
        .bind(person::seal(cx, &person))
        .bind(millis(cx.now()))
        .bind(administrator)
        .bind(finds_patients)
        .execute(&mut *transaction)
        .await?;
        let event = audit::Event {
            event: "person.imported",
            subject: Some(id.uuid()),
            ..audit::Event::default()
        };
        audit::add(&mut transaction, cx.now(), event).await?;
    }
    sqlx::query("UPDATE directory SET version = version + 1")
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(count)
}

impl Imported {
    fn into_person(self, id: UserId) -> Person {
        Person {
            id,
            name: Personal::new(self.name),
            job_title: Personal::new(self.job_title),
            organisation: self.organisation,
            registration: self.registration.map(Personal::new),
            telephone: self.telephone.map(Personal::new),
            bleep: self.bleep.map(Personal::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_to_call_is_one() {
        let is = [
            "0161 496 0123",
            "+44 (161) 496-0123",
            "0161 496 0123 ext. 4021",
            "01632960123x12",
            "4021",
            "21",
        ];
        let is_not = [
            "",
            "7",
            "Ward 7",
            "0161 496 0123 ext",
            "+",
            "call 4021",
            "1234567890123456",
            "0161+496",
            "amina@nhs.net",
        ];
        for text in is {
            assert!(is_number(text), "{text}");
        }
        for text in is_not {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn a_file_with_a_number_that_is_none_is_refused_without_saying_it() {
        let file = |number: &str| {
            serde_json::json!({
                "subject": "amina", "name": { "family": "KHAN", "given": "Amina" }, "job_title": "Registrar",
                "organisation": { "ods": "RX1", "name": "Eastmere" }, "telephone": number, "bleep": "2001",
            })
        };
        let read = |number: &str| serde_json::from_value::<Imported>(file(number));
        let person = read(" 0161 496 0123 ")
            .unwrap()
            .into_person(UserId::from_bytes([1; 16]));
        assert_eq!(person.telephone, Some("0161 496 0123".into()));
        assert_eq!(person.bleep, Some("2001".into()));
        assert_eq!(read("").unwrap().telephone, None);
        let mut numeric = file("0161 496 0123");
        numeric["bleep"] = 2001.into();
        let known = serde_json::from_value::<Imported>(numeric.clone()).unwrap();
        assert_eq!(known.bleep.as_deref(), Some("2001"));
        numeric["bleep"] = serde_json::json!(["4021"]);
        let error = serde_json::from_value::<Imported>(numeric)
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("2 to 15 digits") && !error.contains("4021"),
            "{error}"
        );
        let error = read("her mobile").map(|_| ()).unwrap_err().to_string();
        assert!(
            error.contains("2 to 15 digits") && !error.contains("mobile"),
            "{error}"
        );
    }
}
