//! What is said on a ward and in a neighbourhood team. Nobody is named: a bed is as much as a made-up message needs.

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

/// A message.
pub(super) fn message(rng: &mut ChaCha20Rng) -> String {
    let mut text = format!("Bed {}: {}", 1 + rng.next_u32() % 32, one(FINDINGS, rng));
    if !rng.next_u32().is_multiple_of(3) {
        text = format!("{text}. {}", one(PLANS, rng));
    }
    if rng.next_u32().is_multiple_of(4) {
        let (hours, minutes) = (rng.next_u32() % 24, rng.next_u32() % 60);
        text = format!("{text}, by {hours:02}:{minutes:02}");
    }
    if rng.next_u32().is_multiple_of(8) {
        text = format!("{text}. {}", one(ASIDES, rng));
    }
    text
}

fn one(of: &[&'static str], rng: &mut ChaCha20Rng) -> &'static str {
    let at = usize::try_from(rng.next_u32()).unwrap_or(0) % of.len().max(1);
    of.get(at).copied().unwrap_or_default()
}

const FINDINGS: &[&str] = &[
    "potassium 6.1 on the gas, ECG unchanged",
    "haemoglobin 71, two units cross-matched",
    "NEWS2 is 5, was 3 at midday: respiratory rate 24, saturations 93% on 2 litres",
    "lactate 1.4 now, clear fluids tolerated",
    "urine output 20 ml in the last hour, bladder scan 40 ml",
    "blood glucose 3.2, given juice, 5.6 a quarter of an hour later",
    "temperature 38.4, cultures taken from both arms",
    "wound on the left heel is grade 2, photographed and dressed",
    "INR 4.8, no bleeding seen",
    "chest drain swinging, 150 ml since the morning",
    "new confusion since the afternoon, 4AT is 8",
    "troponin second set is flat",
    "fell from the commode, no head injury, neuro observations started",
    "CT reported: no acute intracranial event",
    "swallow assessed: level 2 thickened fluids, level 4 diet",
    "cannula tissued, hand is warm and swollen",
    "sodium 121 and falling, fluid restriction in place",
    "pain 8 of 10 in spite of regular paracetamol",
    "not opened bowels for four days, abdomen soft",
    "sleeping, observations stable, family gone home",
    "walked to the toilet with one and a frame",
    "blister pack from the pharmacy has come without apixaban",
    "MRSA swab negative, can leave the side room",
    "peak flow 180 before and 260 after the nebuliser",
];

const PLANS: &[&str] = &[
    "Please review and write up the calcium",
    "Repeat bloods are booked",
    "Registrar aware, will come after the take",
    "Hourly observations until then",
    "Physiotherapy will see again tomorrow",
    "Transfer letter is done, transport is booked",
    "District nurses to dress it on Thursday",
    "Family to be telephoned, number is in the record",
    "Hold the morning dose and recheck",
    "Ready for discharge once the take-home medicines are here",
    "Package of care restarts on Monday, four calls a day",
    "Respect form to be looked at on the round",
    "Please prescribe something for the night",
    "Outreach are on their way",
    "Nil by mouth from midnight",
    "Can somebody cannulate",
    "Equipment is delivered, key safe is fitted",
];

const ASIDES: &[&str] = &[
    "Thank you",
    "Will hand over at half past seven",
    "Let me know if that changes",
    "Bleep me if not",
    "I am on the ward until six",
    "Done and written down",
];
