//! Next of kin.

use baton_core::patient::Gender;

use crate::hospital::draw::Draw;
use crate::hospital::home;
use crate::hospital::origin::Origin;

/// Who is nearest to a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextOfKin {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// How they are related (HL7 table 0063): code and text.
    pub relation: (&'static str, &'static str),
    /// Telephone.
    pub phone: String,
}

impl NextOfKin {
    pub(super) fn draw(
        origin: &Origin,
        family: &str,
        years: u16,
        marital: &str,
        draw: &mut Draw,
    ) -> Option<Self> {
        if draw.thousandth(80) {
            return None;
        }
        let (relation, older) = match (years, marital) {
            (..18, _) => (
                draw.one(&[("MTH", "Mother"), ("MTH", "Mother"), ("FTH", "Father")]),
                -28,
            ),
            (_, "M") => (("SPO", "Spouse"), 0),
            (_, "P") => (("DOM", "Life partner"), 0),
            (60.., _) => (
                draw.one(&[
                    ("CHD", "Child"),
                    ("CHD", "Child"),
                    ("SIB", "Sibling"),
                    ("FND", "Friend"),
                ]),
                28,
            ),
            _ => (
                draw.one(&[("MTH", "Mother"), ("SIB", "Sibling"), ("FND", "Friend")]),
                -10,
            ),
        };
        let gender = match relation.0 {
            "MTH" => Gender::Female,
            "FTH" => Gender::Male,
            _ if draw.thousandth(500) => Gender::Female,
            _ => Gender::Male,
        };
        // Roughly in whose years the name was given; which year it is does not matter here.
        let born = (2020 - i32::from(years) + older).clamp(1910, 2010);
        let year = u16::try_from(born).unwrap_or(1970);
        let own = origin.name(gender, year, draw);
        let is_friend = relation.0 == "FND";
        Some(Self {
            family: if is_friend { own.family } else { family.to_owned() },
            given: own.given,
            relation,
            phone: home::mobile(draw),
        })
    }
}
