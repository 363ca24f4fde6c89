//! Made-up patients by the million, and how long searches among them take: for the bench, which runs the record's own command, since
//! only the record has the keys.

use std::time::Duration;

use baton_core::date::{Date, PartialDate};
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::query::PatientQuery;
use baton_core::patient::{Address, AddressKind, Gender, Identifier, Patient, PatientNhsNumber};
use baton_core::person::Name;
use baton_core::secret::Personal;
use rand_core::Rng;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::history::Held;
use super::row;
use super::search::{self, Among, Found};
use crate::context::Context;
use crate::log::LogError;

/// What was measured, in microseconds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Measured {
    /// Patients in the table.
    pub patients: u32,
    /// One row by its primary key.
    pub row: Vec<u64>,
    /// By NHS number.
    pub nhs: Vec<u64>,
    /// By three letters of the family name and the birth date.
    pub prefix_and_birth: Vec<u64>,
    /// By a whole family and given name.
    pub names: Vec<u64>,
    /// By the first four letters of a family name and of a given name.
    pub prefixes: Vec<u64>,
    /// Searches that did not find the patient who was looked for, among those that name them without doubt.
    pub missed: u32,
    /// Bytes of the table, of the index of keys.
    pub bytes: (i64, i64),
}

/// Fills the table, unless it is full, and searches.
pub async fn searches(cx: &Context, patients: u32, searches: u32) -> Result<Measured, LogError> {
    let mut conn = cx.pool.acquire().await?;
    fill(cx, &mut conn, patients).await?;
    let mut measured = Measured {
        patients,
        ..Measured::default()
    };
    // The first are not counted: they bring pages into memory that a working day has there.
    let warm = searches / 4;
    for count in 0..searches + warm {
        let number = below(cx, patients);
        let patient = make(number);
        let is_warm = count >= warm;
        let note = |times: &mut Vec<u64>, took: Duration| {
            if is_warm {
                times.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
            }
        };
        let (_, took) = timed(row::sealed(&mut conn, patient.id)).await?;
        note(&mut measured.row, took);
        let name = patient.name.expose();
        let born = patient
            .born
            .as_ref()
            .map_or(String::new(), |born| born.expose().to_string());
        let letters = |text: &str, count| text.chars().take(count).collect::<String>();
        let nhs = patient.nhs.map_or(String::new(), |nhs| nhs.number.shown());
        let typed = [
            (&mut measured.nhs, nhs, true),
            (
                &mut measured.prefix_and_birth,
                format!("{} {born}", letters(&name.family, 3)),
                true,
            ),
            (
                &mut measured.names,
                format!("{} {}", name.family, name.given),
                false,
            ),
            (
                &mut measured.prefixes,
                format!("{} {}", letters(&name.family, 4), letters(&name.given, 4)),
                false,
            ),
        ];
        for (times, typed, is_sure) in typed {
            let query = PatientQuery::parse(&typed, search::today(cx));
            let (found, took) = timed(search::find(cx, &mut conn, &query, Among::All, 25)).await?;
            note(times, took);
            let Found { patients, .. } = found;
            if is_sure && !patients.iter().any(|found| found.id == patient.id) {
                measured.missed += 1;
            }
        }
    }
    measured.bytes = row::sizes(&mut conn).await?;
    Ok(measured)
}

#[expect(clippy::disallowed_methods, reason = "a stop watch is what this is for")]
async fn timed<T, E: Into<LogError>>(
    work: impl Future<Output = Result<T, E>>,
) -> Result<(T, Duration), LogError> {
    let begun = std::time::Instant::now();
    let done = work.await.map_err(Into::into)?;
    Ok((done, begun.elapsed()))
}

fn below(cx: &Context, limit: u32) -> u32 {
    cx.rng().next_u32() % limit.max(1)
}

async fn fill(cx: &Context, conn: &mut PgConnection, patients: u32) -> Result<(), LogError> {
    let there = row::count(conn).await?;
    let mut from = u32::try_from(there).unwrap_or(u32::MAX);
    while from < patients {
        let until = patients.min(from.saturating_add(BATCH));
        let held: Vec<Held> = (from..until).map(|number| held(make(number))).collect();
        row::copy(cx, conn, &held).await?;
        from = until;
        if from.is_multiple_of(100 * BATCH) {
            tracing::info!(patients = from, "Made-up patients are there.");
        }
    }
    row::tidy(conn).await?;
    Ok(())
}

fn held(patient: Patient) -> Held {
    Held {
        shown: patient,
        ..Held::new(PatientId::from_bytes([0; 16]))
    }
}

/// A patient by number: always the same. Names are as common as names are: a few very, most hardly.
fn make(number: u32) -> Patient {
    let mut dice = Dice(u64::from(number));
    let family = name(&FAMILY, dice.common(6_000));
    let given = name(&GIVEN, dice.common(1_500));
    let middle = name(&GIVEN, dice.common(1_500));
    let days = i32::try_from(dice.below(33_000)).unwrap_or(0) - 14_000;
    let born = Date::from_days(days).unwrap_or_else(|| Date::new(1970, 1, 1).expect("it is a day"));
    let postcode = format!(
        "{}{} {}{}{}",
        ["LS", "BD", "WF", "HX", "YO", "HG"]
            .get(dice.place(6))
            .unwrap_or(&"LS"),
        dice.below(29) + 1,
        dice.below(10),
        letter(dice.below(20)),
        letter(dice.below(20)),
    );
    // As ids that were made one after the other.
    let id = Uuid::from_u128((u128::from(number) << 80) | u128::from(dice.next()));
    let mut patient = Held::new(PatientId::from_uuid(id)).shown;
    patient.version = 1;
    patient.name = Personal::new(Name {
        family: family.to_uppercase(),
        given: format!("{given} {middle}"),
        title: "Mx".to_owned(),
    });
    patient.born = Some(Personal::new(PartialDate::Day(born)));
    patient.gender = Gender::NotSpecified;
    patient.nhs = nhs(number).map(|number| PatientNhsNumber {
        number,
        is_verified: true,
    });
    patient.identifiers = vec![Identifier {
        assigner: "RX1".to_owned(),
        value: Personal::new(format!("{}", 10_000_000 + number)),
    }];
    patient.addresses = vec![Address {
        kind: AddressKind::Usual,
        lines: Personal::new(vec![
            format!(
                "{} {} Road",
                dice.below(300) + 1,
                name(&FAMILY, dice.common(6_000))
            ),
            "Eastmere".to_owned(),
        ]),
        postcode: Personal::new(postcode),
    }];
    patient
}

/// The next number of the range for tests whose check digit holds.
fn nhs(number: u32) -> Option<NhsNumber> {
    // One in eleven has no check digit that holds: they have none.
    let first = 900_000_000 + u64::from(number);
    (0..10).find_map(|check| NhsNumber::parse(&format!("{first}{check}")).ok())
}

/// Numbers that look random and are always the same (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn place(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap_or(1)).unwrap_or(0)
    }

    /// A rank below a limit, the low ones the commonest: Zipf's law, but that of the first 24 none is commoner than the
    /// others, so that the first of 6,000 is about as common as *Smith* is (1.2 in a hundred).
    fn common(&mut self, limit: u32) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share between 0 and 1, and a rank of some thousands"
        )]
        let rank = {
            let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
            let (first, last) = (f64::from(FLAT), f64::from(FLAT + limit));
            (first * (last / first).powf(share) - first) as u64
        };
        rank
    }
}

fn name(parts: &[[&str; 16]; 3], rank: u64) -> String {
    let part = |row: usize, of: u64| {
        let place = usize::try_from(of % 16).unwrap_or(0);
        parts
            .get(row)
            .and_then(|row| row.get(place))
            .copied()
            .unwrap_or_default()
    };
    format!("{}{}{}", part(0, rank), part(1, rank / 16), part(2, rank / 256))
}

fn letter(number: u64) -> char {
    u8::try_from(number).map_or('A', |number| char::from(b'A' + number))
}

const FAMILY: [[&str; 16]; 3] = [
    [
        "Smi", "Jon", "Wil", "Tay", "Bro", "Dav", "Eva", "Kha", "Pat", "Tho", "Rob", "Wal", "Hug", "Edw",
        "Gre", "Lew",
    ],
    [
        "th", "es", "lia", "lor", "wn", "ies", "ns", "an", "el", "mas", "ert", "ker", "hes", "ard", "en",
        "is",
    ],
    [
        "", "son", "ley", "ton", "by", "man", "field", "wood", "ford", "well", "worth", "ham", "shaw", "s",
        "ing", "er",
    ],
];

const GIVEN: [[&str; 16]; 3] = [
    [
        "Mar", "Joh", "Ann", "Dav", "Sus", "Pet", "Ami", "Moh", "Eli", "Jam", "Sar", "Tom", "Oli", "Har",
        "Gra", "Iso",
    ],
    [
        "y", "n", "a", "id", "an", "er", "ra", "ammed", "za", "es", "ah", "my", "via", "ry", "ce", "bel",
    ],
    [
        "", "beth", "lyn", "ette", "ina", "ias", "o", "is", "elle", "ie", "us", "ita", "or", "wen", "ey",
        "an",
    ],
];

/// See [`Dice::common`].
const FLAT: u32 = 24;

/// Patients that are written at once.
const BATCH: u32 = 1_000;
