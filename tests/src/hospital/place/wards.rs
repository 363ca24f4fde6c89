//! The wards and services themselves.

use super::{Bay, Facility, Service, Takes, Ward};

/// All wards: those of the hospital, then the care home.
pub const WARDS: &[Ward] = &[
    Ward {
        name: "Emergency Department",
        bays: &[bay("Resus", "R", 4), bay("Majors", "M", 20)],
        takes: Takes::Anybody,
        single_sex: false,
        specialty: "Emergency medicine",
        full: 60,
        busy: 1,
        ..BASE
    },
    Ward {
        name: "Acute Medical Unit",
        bays: &[
            bay("Bay A", "A", 6),
            bay("Bay B", "B", 6),
            bay("Bay C", "C", 6),
            bay("Side room 1", "SR1", 1),
            bay("Side room 2", "SR2", 1),
        ],
        specialty: "Acute internal medicine",
        busy: 2,
        ..BASE
    },
    WARD_7,
    Ward {
        name: "Ward 8",
        specialty: "Respiratory medicine",
        ..BASE
    },
    Ward {
        name: "Ward 9",
        takes: Takes::Older,
        specialty: "Geriatric medicine",
        ..BASE
    },
    Ward {
        name: "Ward 10 Stroke",
        bays: &[
            bay("Hyperacute", "H", 4),
            bay("Bay A", "A", 6),
            bay("Bay B", "B", 6),
            bay("Side room 1", "SR1", 1),
        ],
        specialty: "Stroke medicine",
        ..BASE
    },
    Ward {
        name: "Ward 12 Cardiology",
        bays: &[
            bay("Coronary care", "CC", 6),
            bay("Bay A", "A", 6),
            bay("Bay B", "B", 6),
        ],
        specialty: "Cardiology",
        ..BASE
    },
    Ward {
        name: "Ward 5",
        specialty: "General surgery",
        ..BASE
    },
    Ward {
        name: "Ward 6",
        specialty: "Trauma and orthopaedics",
        ..BASE
    },
    Ward {
        name: "Intensive Care Unit",
        bays: &[
            bay("Main", "ICU", 10),
            bay("Isolation 1", "ISO1", 1),
            bay("Isolation 2", "ISO2", 1),
        ],
        single_sex: false,
        specialty: "Intensive care medicine",
        full: 80,
        ..BASE
    },
    Ward {
        name: "Maternity",
        bays: &[
            bay("Bay A", "A", 6),
            cots("Bay A", "Cot A", 6),
            bay("Bay B", "B", 6),
            cots("Bay B", "Cot B", 6),
            bay("Delivery suite", "D", 6),
        ],
        takes: Takes::Mothers,
        specialty: "Obstetrics",
        full: 80,
        ..BASE
    },
    Ward {
        name: "Neonatal Unit",
        bays: &[bay("Special care", "N", 10)],
        takes: Takes::Newborn,
        single_sex: false,
        specialty: "Neonatology",
        full: 70,
        ..BASE
    },
    Ward {
        name: "Children's Ward",
        bays: &[
            bay("Bay A", "A", 6),
            bay("Bay B", "B", 6),
            bay("Cubicle 1", "CU1", 1),
            bay("Cubicle 2", "CU2", 1),
        ],
        takes: Takes::Children,
        single_sex: false,
        specialty: "Paediatrics",
        full: 75,
        ..BASE
    },
    Ward {
        name: "Discharge Lounge",
        bays: &[bay("Lounge", "Chair ", 8)],
        single_sex: false,
        specialty: "General internal medicine",
        full: 40,
        ..BASE
    },
    Ward {
        name: "Orchard House",
        facility: Facility::CareHome,
        bays: &[
            room("Room 1"),
            room("Room 2"),
            room("Room 3"),
            room("Room 4"),
            room("Room 5"),
            room("Room 6"),
            room("Room 7"),
            room("Room 8"),
            room("Room 9"),
            room("Room 10"),
            room("Room 11"),
            room("Room 12"),
            room("Room 14"),
            room("Room 15"),
            room("Room 16"),
            room("Room 17"),
            room("Room 18"),
            room("Room 19"),
            room("Room 20"),
            room("Room 21"),
            room("Room 22"),
            room("Room 23"),
            room("Room 24"),
            room("Room 25"),
        ],
        takes: Takes::Older,
        specialty: "Care home with nursing",
        full: 96,
        busy: 0,
        ..BASE
    },
];

const fn bay(room: &'static str, prefix: &'static str, beds: u32) -> Bay {
    Bay {
        room,
        prefix,
        beds,
        cots: false,
    }
}

const fn cots(room: &'static str, prefix: &'static str, beds: u32) -> Bay {
    Bay {
        room,
        prefix,
        beds,
        cots: true,
    }
}

/// A room of a care home.
const fn room(name: &'static str) -> Bay {
    bay(name, "", 1)
}

/// The ward that the demonstration looks at.
pub(super) const WARD_7: Ward = Ward {
    name: "Ward 7",
    specialty: "General internal medicine",
    busy: 5,
    ..BASE
};

/// As most wards are.
const BASE: Ward = Ward {
    name: "",
    facility: Facility::Hospital,
    bays: &[
        bay("Bay A", "A", 6),
        bay("Bay B", "B", 6),
        bay("Bay C", "C", 6),
        bay("Bay D", "D", 4),
        bay("Side room 1", "SR1", 1),
        bay("Side room 2", "SR2", 1),
        bay("Side room 3", "SR3", 1),
        bay("Side room 4", "SR4", 1),
    ],
    takes: Takes::Adults,
    single_sex: true,
    specialty: "",
    full: 88,
    busy: 1,
};

/// All services.
pub const SERVICES: &[Service] = &[
    Service {
        name: "Millbrook neighbourhood team",
        facility: Facility::Community,
        specialty: "District nursing",
        share: 25,
    },
    Service {
        name: "Urgent Community Response",
        facility: Facility::Community,
        specialty: "Urgent community response",
        share: 5,
    },
    Service {
        name: "Reablement",
        facility: Facility::SocialCare,
        specialty: "Reablement",
        share: 8,
    },
];
