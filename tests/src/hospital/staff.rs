//! Consultants, and the practices where people are registered. Doctors who are also people of the demonstration are named
//! as there (`xtask/demo/people.json`).

use super::draw::Draw;

/// A doctor, as a feed names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doctor {
    /// Code: `C` and the GMC number for a consultant, `G` and seven digits for a general practitioner.
    pub code: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Title.
    pub title: &'static str,
}

/// A general practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Practice {
    /// Its ODS code.
    pub ods: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Of a thousand people, how many are registered here.
    pub share: u32,
    /// Its doctors.
    pub doctors: &'static [Doctor],
}

impl Practice {
    pub(super) fn draw(draw: &mut Draw) -> &'static Self {
        draw.weighted(PRACTICES, |practice| practice.share)
            .unwrap_or(&MILLBROOK)
    }
}

/// The consultants of a specialty; those of general medicine where it has none of its own.
pub fn consultants(specialty: &str) -> &'static [Doctor] {
    CONSULTANTS
        .iter()
        .find(|(of, _)| *of == specialty)
        .map_or(GENERAL, |(_, doctors)| doctors)
}

const fn doctor(
    code: &'static str,
    title: &'static str,
    given: &'static str,
    family: &'static str,
) -> Doctor {
    Doctor {
        code,
        family,
        given,
        title,
    }
}

const GENERAL: &[Doctor] = &[
    doctor("C4567890", "Dr", "Ngozi", "Okafor"),
    doctor("C4980112", "Dr", "Hywel", "Prosser-Bowen"),
    doctor("C5110276", "Dr", "Zainab", "Siddiqui"),
];

const CONSULTANTS: &[(&str, &[Doctor])] = &[
    (
        "Emergency medicine",
        &[
            doctor("C4410028", "Dr", "Ruaridh", "Colquhoun"),
            doctor("C5220417", "Dr", "Thilaga", "Nadarajah"),
        ],
    ),
    (
        "Respiratory medicine",
        &[
            doctor("C4300981", "Dr", "Małgorzata", "Zielińska"),
            doctor("C4712009", "Prof", "Edmund", "Thistlewood"),
        ],
    ),
    (
        "Geriatric medicine",
        &[
            doctor("C4021187", "Dr", "Folasade", "Abiola"),
            doctor("C4870321", "Dr", "Piers", "Entwistle"),
        ],
    ),
    (
        "Stroke medicine",
        &[doctor("C4655310", "Dr", "Eleni", "Hadjigeorgiou")],
    ),
    (
        "Cardiology",
        &[
            doctor("C4133702", "Dr", "Harpreet", "Dhillon"),
            doctor("C4990815", "Dr", "Seán", "Ó Súilleabháin"),
        ],
    ),
    (
        "General surgery",
        &[
            doctor("C3970043", "Mr", "Jean-Luc", "Béranger"),
            doctor("C4551290", "Miss", "Adwoa", "Agyeman"),
        ],
    ),
    (
        "Trauma and orthopaedics",
        &[
            doctor("C4208876", "Mr", "Graham", "Oldroyd"),
            doctor("C5001349", "Ms", "Mei-Yee", "Cheung"),
        ],
    ),
    (
        "Intensive care medicine",
        &[doctor("C4422119", "Dr", "Anneliese", "Böhm")],
    ),
    (
        "Obstetrics",
        &[
            doctor("C4377105", "Miss", "Roya", "Tehrani"),
            doctor("C4819920", "Mr", "Kofi", "Boateng"),
        ],
    ),
    ("Neonatology", &[doctor("C4644007", "Dr", "Íñigo", "Etxebarria")]),
    (
        "Paediatrics",
        &[doctor("C4760533", "Dr", "Bronagh", "McLoughlin")],
    ),
];

const MILLBROOK: Practice = Practice {
    ods: "Y99901",
    name: "Millbrook Surgery",
    share: 300,
    doctors: &[
        doctor("G9999011", "Dr", "Eleanor", "Whitcombe"),
        doctor("G9999012", "Dr", "Sanjay", "Patel"),
    ],
};

const PRACTICES: &[Practice] = &[
    MILLBROOK,
    Practice {
        ods: "Y99902",
        name: "Weir Street Practice",
        share: 270,
        doctors: &[
            doctor("G9999021", "Dr", "Owain", "Gethin"),
            doctor("G9999022", "Dr", "Nour", "Haddad"),
        ],
    },
    Practice {
        ods: "Y99903",
        name: "St Hilda's Health Centre",
        share: 230,
        doctors: &[
            doctor("G9999031", "Dr", "Tomasz", "Wójcik"),
            doctor("G9999032", "Dr", "Catriona", "Menzies"),
        ],
    },
    Practice {
        ods: "Y99904",
        name: "Saltby Cross & Thorning Medical Group",
        share: 200,
        doctors: &[doctor("G9999041", "Dr", "Anjali", "Menon")],
    },
];
