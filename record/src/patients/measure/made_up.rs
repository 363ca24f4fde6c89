//! Patients who never were.

use baton_core::date::{Date, PartialDate};
use baton_core::id::PatientId;
use baton_core::nhs_number::NhsNumber;
use baton_core::patient::{Address, AddressKind, Gender, Identifier, Patient, PatientNhsNumber};
use baton_core::person::Name;
use baton_core::secret::Personal;
use uuid::Uuid;

use crate::patients::history::Held;

/// A patient by number: always the same. Names are as common as names are: a few very, most hardly.
pub(super) fn make(number: u32) -> Patient {
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

/// Numbers that look random and are always the same (`SplitMix64`).
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
