//! Where people live, and how they are reached: streets of a town that does not exist, in a postcode area that Royal Mail
//! does not have (`ZZ`), and telephone numbers that Ofcom keeps for drama.

use super::draw::Draw;

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// What stands before the street: a flat, or a house's name; mostly empty.
    pub within: String,
    /// Number and street.
    pub street: String,
    /// Village or quarter; mostly empty.
    pub locality: String,
    /// Town.
    pub town: String,
    /// County.
    pub county: String,
    /// Postcode, such as `ZZ4 7QR`.
    pub postcode: String,
}

/// How somebody is reached. What is empty is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Telephone at home.
    pub home: String,
    /// Telephone at work.
    pub work: String,
    /// Mobile telephone.
    pub mobile: String,
    /// E-mail.
    pub email: String,
}

impl Home {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        if draw.thousandth(6) {
            return Self::no_fixed_abode();
        }
        let mut street = format!("{} {}", draw.one(STREETS), draw.one(WAYS));
        let mut within = String::new();
        match draw.below(20) {
            0..3 => within = format!("Flat {}", draw.between(1, 48)),
            3 => draw.one(HOUSES).clone_into(&mut within),
            4 => draw.one(ODD_STREETS).clone_into(&mut street),
            _ => {}
        }
        if !HOUSES.contains(&within.as_str()) {
            let letter = draw.one(&["", "", "", "", "", "", "", "A", "B"]);
            street = format!("{}{letter} {street}", draw.between(1, 240));
        }
        let (locality, district) = draw.one(LOCALITIES);
        Self {
            within,
            street,
            locality: locality.to_owned(),
            town: "Eastmere".to_owned(),
            county: "Mereshire".to_owned(),
            postcode: postcode(district, draw),
        }
    }

    /// A room of a care home.
    pub(super) fn care_home(room: &str) -> Self {
        Self {
            within: format!("{room}, Orchard House"),
            street: "2 Orchard Rise".to_owned(),
            locality: "Millbrook".to_owned(),
            town: "Eastmere".to_owned(),
            county: "Mereshire".to_owned(),
            postcode: "ZZ3 4HX".to_owned(),
        }
    }

    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self {
            within: String::new(),
            street: String::new(),
            locality: String::new(),
            town: String::new(),
            county: String::new(),
            postcode: String::new(),
        }
    }

    /// The NHS's own postcode for people without a home.
    fn no_fixed_abode() -> Self {
        Self {
            street: "No fixed abode".to_owned(),
            postcode: "ZZ99 3VZ".to_owned(),
            ..Self::unknown()
        }
    }
}

impl Reached {
    pub(super) fn draw(given: &str, family: &str, age: u16, draw: &mut Draw) -> Self {
        let young = if age < 75 { 950 } else { 450 };
        let mut reached = Self::default();
        if age > 70 || draw.thousandth(350) {
            reached.home = landline(draw);
        }
        if age > 11 && draw.thousandth(young) {
            reached.mobile = mobile(draw);
        }
        if (20..67).contains(&age) && draw.thousandth(120) {
            reached.work = landline(draw);
        }
        let plain = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
        let (given, family) = (plain(given), plain(family));
        if age > 15 && draw.thousandth(young / 2) && !given.is_empty() && !family.is_empty() {
            let number = draw.between(1, 99);
            reached.email = format!("{given}.{family}{number}@mail.example").to_lowercase();
        }
        reached
    }
}

/// A landline that rings nowhere (01632 960000 to 960999).
pub(super) fn landline(draw: &mut Draw) -> String {
    format!("01632 960{:03}", draw.below(1000))
}

/// A mobile that rings nowhere (07700 900000 to 900999).
pub(super) fn mobile(draw: &mut Draw) -> String {
    format!("07700 900{:03}", draw.below(1000))
}

fn postcode(district: u32, draw: &mut Draw) -> String {
    let mut letter = || draw.one(POSTCODE_LETTERS);
    let (first, second) = (letter(), letter());
    format!("ZZ{district} {}{first}{second}", draw.below(10))
}

/// Those of the second half of a postcode: C, I, K, M, O and V are never there.
const POSTCODE_LETTERS: &[&str] = &[
    "A", "B", "D", "E", "F", "G", "H", "J", "L", "N", "P", "Q", "R", "S", "T", "U", "W", "X", "Y", "Z",
];

/// Places, and the postcode districts they are in.
const LOCALITIES: &[(&str, u32)] = &[
    ("", 1),
    ("", 1),
    ("", 1),
    ("", 2),
    ("", 2),
    ("", 4),
    ("Millbrook", 3),
    ("Millbrook", 3),
    ("Saltby Cross", 5),
    ("Nether Thorning", 6),
    ("Upper Weirside", 7),
    ("Great Fenwick-under-Heath", 8),
    ("St Bride's", 4),
];

const STREETS: &[&str] = &[
    "Tanner's",
    "Lower Weir",
    "Upper Weir",
    "Mill",
    "Orchard",
    "Kingfisher",
    "Heron",
    "Chapel",
    "Priory",
    "Station",
    "Victoria",
    "Albert",
    "Osborne",
    "Bridge",
    "Quarry",
    "Ropewalk",
    "Saltmarsh",
    "Lime",
    "Sycamore",
    "Hawthorn",
    "Blackthorn",
    "Meadow",
    "Church",
    "School",
    "Market",
    "Foundry",
    "Weaver's",
    "Cooper's",
    "Old Canal",
    "Windmill",
    "Beacon",
    "Larkfield",
    "St Cuthbert's",
    "St Hilda's",
    "Coronation",
    "Jubilee",
    "Mandela",
    "Nightingale",
    "Seacole",
    "Eastmere",
    "Thorning",
    "Fenwick",
    "Saltby",
    "Rookery",
    "Long Acre",
];

const WAYS: &[&str] = &[
    "Street", "Street", "Road", "Road", "Road", "Lane", "Close", "Close", "Avenue", "Drive", "Crescent",
    "Gardens", "Terrace", "Court", "Way", "Row", "Rise", "Mews", "Grove", "Place",
];

/// What forms stumble over.
const ODD_STREETS: &[&str] = &[
    "Land's End & Bottom Lane",
    "The Street",
    "Whip-Ma-Whop-Ma Row",
    "Ffordd y Felin Isaf",
    "High Street | Low Side",
    "Great Fenwick-under-Heath Industrial Estate Service Road North",
    "Rue St-Hélier",
];

const HOUSES: &[&str] = &[
    "The Old Rectory",
    "Rose Cottage",
    "Fox & Hounds House",
    "Tŷ Gwyn",
    "The Barn, Home Farm",
    "Narrowboat \"Ebony Rose\"",
    "Plot 4, The Caravans",
];
