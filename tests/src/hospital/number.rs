//! Numbers of patients: NHS numbers of the range kept for tests, and hospital numbers. Each is given out once, without a
//! list of those given: what stands at place N of a shuffled row is arithmetic.

use baton_core::nhs_number::NhsNumber;

use super::draw::{Draw, Purpose};

/// How many patients can have numbers.
pub const MOST_PATIENTS: u32 = ROOM / PER_PATIENT;

/// Which of a patient's NHS numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The one that is theirs.
    Present = 0,
    /// One that was theirs by mistake, and is superseded.
    Former = 1,
}

/// The rows of numbers of one seed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    step: u64,
    start: u64,
}

impl Numbers {
    pub(super) fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed, Purpose::Numbers, 0);
        // Ends in 1, 3, 7 or 9, so that it has no factor in common with the power of ten: every place comes once.
        let step = u64::from(draw.between(100_000, 900_000)) * 10 + u64::from(draw.one(&[1_u32, 3, 7, 9]));
        Self {
            step,
            start: u64::from(draw.below(ROOM)),
        }
    }

    /// An NHS number: 9, seven digits that no other has, one that makes a check digit possible, and the check digit.
    pub(super) fn nhs(&self, patient: u32, which: Which) -> NhsNumber {
        let place = u64::from(patient) * u64::from(PER_PATIENT) + which as u64;
        let prefix = self.shuffled(place);
        let first = prefix + place;
        (0..10)
            .find_map(|step| checked(90_000_000 + prefix, (first + step) % 10))
            .expect("of ten digits in a row at most one makes the check digit impossible")
    }

    /// A hospital number: `E`, and seven digits.
    pub(super) fn hospital(&self, patient: u32) -> String {
        format!("E{:07}", self.shuffled(u64::from(ROOM - 1 - patient % ROOM)))
    }

    fn shuffled(&self, place: u64) -> u64 {
        (place * self.step + self.start) % u64::from(ROOM)
    }
}

/// The NHS number of these nine digits, if its check digit is one.
fn checked(eight: u64, ninth: u64) -> Option<NhsNumber> {
    let nine = eight * 10 + ninth;
    let mut rest = nine;
    let mut sum = 0;
    for weight in 2..=10 {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    let check = (11 - sum % 11) % 11;
    NhsNumber::parse(&format!("{nine:09}{check}")).ok()
}

/// Seven digits.
const ROOM: u32 = 10_000_000;

/// The NHS numbers that one patient can have.
const PER_PATIENT: u32 = 2;
