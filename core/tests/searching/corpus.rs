//! Messages as staff write them, made up from a seed: the words of a ward at the head of a Zipf distribution, made-up words
//! (names, drugs, misspellings) in its long tail, doses, times and NHS numbers between them.

/// Pseudo-random numbers (Steele, Lea and Flood, *`SplitMix64`*, 2014).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below this.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % count as u64).unwrap()
    }

    fn of<'a>(&mut self, among: &[&'a str]) -> &'a str {
        among[self.below(among.len())]
    }
}

/// So many messages, of about 100 letters each.
pub(crate) fn messages(count: usize) -> Vec<String> {
    let words = vocabulary(22_000);
    // The Zipf-Mandelbrot law, in whole numbers: how often each word and those before it come.
    let mut often = 0;
    let up_to: Vec<usize> = (0..words.len())
        .map(|rank| {
            often += 10_000_000 / (10 * rank + 27);
            often
        })
        .collect();
    let mut dice = Dice(42);
    let mut message = || {
        let mut text = String::new();
        for _ in 0..4 + dice.below(22) {
            let word = match dice.below(40) {
                0 => format!("{}mg", dice.below(100)),
                1 => format!("{}.{}", dice.below(40), dice.below(10)),
                2 if dice.below(20) == 0 => {
                    format!(
                        "{} {:03} {:04}",
                        400 + dice.below(500),
                        dice.below(1000),
                        dice.below(10_000)
                    )
                }
                _ => {
                    let place = dice.below(often);
                    words[up_to.partition_point(|up_to| *up_to <= place)].clone()
                }
            };
            text += &word;
            text.push(' ');
        }
        text.trim_end().to_owned()
    };
    (0..count).map(|_| message()).collect()
}

fn vocabulary(count: usize) -> Vec<String> {
    let mut words: Vec<String> = WARD.split_whitespace().map(str::to_owned).collect();
    let mut known: std::collections::BTreeSet<String> = words.iter().cloned().collect();
    let mut dice = Dice(7);
    while words.len() < count {
        let syllables = 1 + dice.below(4);
        let word: String = (0..syllables)
            .flat_map(|_| [dice.of(&ONSETS), dice.of(&VOWELS), dice.of(&CODAS)])
            .collect();
        if word.len() > 2 && known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

const ONSETS: [&str; 21] = [
    "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cl", "pr", "st", "tr", "gl",
    "ph",
];
const VOWELS: [&str; 9] = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"];
const CODAS: [&str; 11] = ["", "n", "r", "s", "t", "l", "m", "nd", "st", "x", "ng"];

const WARD: &str = "the and for to of on in with is was patient please has bed bloods review ward pain team can today \
    potassium sodium creatinine discharge observations stable temperature saturations oxygen morphine paracetamol amoxicillin \
    furosemide bisoprolol ramipril insulin glucose ketones fluids catheter cannula dressing wound pressure ulcer falls risk \
    mobility physiotherapy occupational therapy referral social worker family informed consent capacity assessment \
    safeguarding carer package medication chart allergy penicillin anaphylaxis sepsis lactate troponin chest xray ultrasound \
    scan results pending urgent handover night shift consultant registrar nurse midwife pharmacy district community visit home \
    nutrition swallow dietitian delirium confusion agitated settled sleeping eating drinking bowels open vomiting nausea \
    haemoglobin transfusion anticoagulation warfarin apixaban enoxaparin hypertension hypotension tachycardia bradycardia \
    arrhythmia O'Brien Siân Okonkwo Khan Patel";
