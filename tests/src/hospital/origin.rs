//! What people are called in the United Kingdom today: where families come from, and what was given in which years. The
//! names are common ones; nobody is meant.

use baton_core::patient::Gender;

use super::draw::{Draw, index};

mod elsewhere;
mod isles;

/// Where a family's names are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// So many of 1,000 people.
    pub(super) share: u32,
    /// Ethnic category as the NHS data dictionary codes it, such as `A` for *White - British*.
    pub(super) ethnicity: &'static str,
    /// The language in which they talk best (ISO 639-2), when that is not English.
    pub(super) language: &'static str,
    /// Religion as the feed codes it; empty when it seldom says.
    pub(super) religion: &'static str,
    /// How names are put together.
    pub(super) custom: Custom,
    /// Family names, with `, ` between them; `Kowalski|Kowalska` where women have another form.
    pub(super) families: &'static str,
    /// Given names of women.
    pub(super) women: Given,
    /// Given names of men.
    pub(super) men: Given,
}

/// Given names, with `, ` between them; `-` for those who have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// The same ones in all years.
    Always(&'static str),
    /// Those of people born before 1946, 1970, 1990, 2010, and later.
    Years([&'static str; 5]),
}

/// How the names of a family are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Custom {
    /// One family name, or two with a hyphen, and a middle name.
    Isles,
    /// One family name.
    Plain,
    /// Two family names, one of each parent.
    TwoFamilies,
    /// Several family names with particles.
    Long,
    /// Given name, then `Singh` or `Kaur`.
    Sikh,
    /// Own, father's and grandfather's name.
    Fathers,
}

/// The names of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) family: String,
    pub(super) given: String,
    pub(super) middle: String,
}

impl Origin {
    /// That of most.
    pub(super) const ENGLISH: Self = isles::ENGLISH;

    /// One of all.
    pub(super) fn draw(draw: &mut Draw) -> &'static Self {
        let all: u32 = isles::ALL
            .iter()
            .chain(elsewhere::ALL)
            .map(|origin| origin.share)
            .sum();
        let mut left = draw.below(all);
        isles::ALL
            .iter()
            .chain(elsewhere::ALL)
            .find(|origin| {
                let found = left < origin.share;
                left = left.saturating_sub(origin.share);
                found
            })
            .unwrap_or(&Self::ENGLISH)
    }

    /// The names of somebody.
    pub(super) fn name(&self, gender: Gender, year: u16, draw: &mut Draw) -> Called {
        let given = self.given(gender, year, draw).to_owned();
        let mut called = Called {
            family: self.family(gender, draw),
            given,
            middle: String::new(),
        };
        match self.custom {
            Custom::Isles => {
                if draw.thousandth(600) {
                    self.given(gender, year, draw).clone_into(&mut called.middle);
                }
                if draw.thousandth(if year > 1985 { 60 } else { 15 }) {
                    called.family = format!("{}-{}", called.family, self.family(gender, draw));
                }
            }
            Custom::Plain => {}
            Custom::TwoFamilies => called.family = format!("{} {}", called.family, self.family(gender, draw)),
            Custom::Long => {
                self.given(gender, year, draw).clone_into(&mut called.middle);
                let (second, third) = (self.family(gender, draw), self.family(gender, draw));
                called.family = match draw.below(4) {
                    0 => called.family,
                    1 => format!("{} {second}", called.family),
                    2 => format!("{} de {second}", called.family),
                    _ => format!("{} {second} dos {third}", called.family),
                };
            }
            Custom::Sikh => {
                let faith = if gender == Gender::Female { "Kaur" } else { "Singh" };
                if draw.thousandth(500) {
                    faith.clone_into(&mut called.middle);
                } else {
                    faith.clone_into(&mut called.family);
                }
            }
            Custom::Fathers => {
                self.given(Gender::Male, year, draw)
                    .clone_into(&mut called.middle);
            }
        }
        if called.middle == called.given {
            called.middle.clear();
        }
        called
    }

    /// A given name of these years.
    pub(super) fn given(&self, gender: Gender, year: u16, draw: &mut Draw) -> &'static str {
        let is_woman = match gender {
            Gender::Female => true,
            Gender::Male => false,
            Gender::NotKnown | Gender::NotSpecified => draw.thousandth(500),
        };
        let names = match if is_woman { self.women } else { self.men } {
            Given::Always(names) => names,
            Given::Years([oldest, old, middle, young, youngest]) => match year {
                ..1946 => oldest,
                1946..1970 => old,
                1970..1990 => middle,
                1990..2010 => young,
                2010.. => youngest,
            },
        };
        match one(names, draw) {
            "-" => "",
            name => name,
        }
    }

    fn family(&self, gender: Gender, draw: &mut Draw) -> String {
        form(one(self.families, draw), gender).to_owned()
    }
}

/// The form of a family name that somebody of this gender has.
fn form(family: &'static str, gender: Gender) -> &'static str {
    match family.split_once('|') {
        Some((_, hers)) if gender == Gender::Female => hers,
        Some((his, _)) => his,
        None => family,
    }
}

/// One of the names of a list.
fn one(names: &'static str, draw: &mut Draw) -> &'static str {
    let count = names.split(", ").count();
    let place = draw.below(u32::try_from(count).unwrap_or(0));
    names.split(", ").nth(index(place)).unwrap_or_default()
}
