//! The budgets' figures, each with its reference measured in the same run on the same machine.
//!
//! | row | what it does |
//! | --- | --- |
//! | [`adt`] | a hospital's feed |
//! | [`live`] | one sends, nine receive |
//! | [`throughput`] | a hundred send, a thousand listen |
//! | [`catch_up`] | a device returns after 5,000 entries |
//! | [`idle`] | memory of 2,000 devices that do nothing |
//! | [`patients`] | looking patients up among a million |
//! | [`browser`] | what a person waits for, in Chromium |
//! | [`list`] | what a person waits for in a list of patients |
//! | [`tasks`] | what a person waits for among the tasks of a busy team |
//! | [`growth`] | what an operation costs where there is ten and a hundred times as much |
//! | [`bundle`] | what a browser downloads |
//!
//! A speed is a ratio to its reference; absolute figures are for orientation, since machines are shared and noisy.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

pub mod adt;
pub mod browser;
pub mod bundle;
pub mod catch_up;
pub mod chromium;
pub mod growth;
pub mod idle;
pub mod list;
pub mod live;
pub mod patients;
pub mod reference;
pub mod tasks;
pub mod throughput;

/// A row that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Row {
    /// A hospital's feed, message by message
    Adt,
    /// What a person waits for, in Chromium
    Browser,
    /// What a browser downloads
    Bundle,
    /// A device returns after 5,000 entries
    CatchUp,
    /// What an operation costs where there is ten and a hundred times as much
    Growth,
    /// Memory of devices that do nothing
    Idle,
    /// Acting in a list of 500 patients, in Chromium
    List,
    /// One sends, nine receive
    Live,
    /// Looking patients up among a million
    Patients,
    /// Acting among 2,000 open tasks, in Chromium
    Tasks,
    /// A hundred send, a thousand listen
    Throughput,
}

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Messages of a hospital's living day.
    pub adt: u32,
    /// Of the browser's rows.
    pub browser: browser::Size,
    /// Messages of the live row.
    pub messages: u32,
    /// How long the throughput row runs.
    pub load: Duration,
    /// Entries to catch up with.
    pub entries: u32,
    /// Devices that do nothing.
    pub devices: usize,
    /// Patients to look up.
    pub patients: patients::Size,
    /// Of the growth row.
    pub growth: growth::Size,
}

impl Sizes {
    /// What the budgets say.
    pub const WHOLE: Self = Self {
        adt: 2_000,
        browser: browser::Size {
            operations: 100_000,
            spaces: 30,
            thread: 10_000,
            missed: 5_000,
            times: 7,
        },
        messages: 300,
        load: Duration::from_secs(20),
        entries: 5_000,
        devices: 2_000,
        patients: patients::Size {
            patients: 1_000_000,
            searches: 500,
        },
        growth: growth::Size {
            history: 1_000,
            operations: 80,
        },
    };
    /// For a look in a minute.
    pub const QUICK: Self = Self {
        adt: 300,
        browser: browser::Size {
            operations: 5_000,
            spaces: 10,
            thread: 500,
            missed: 500,
            times: 3,
        },
        messages: 60,
        load: Duration::from_secs(5),
        entries: 1_000,
        devices: 500,
        patients: patients::Size {
            patients: 20_000,
            searches: 200,
        },
        growth: growth::Size {
            history: 100,
            operations: 20,
        },
    };
}

/// A figure beside its reference and its budget.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// The figure, in words with its unit.
    pub figure: String,
    /// The reference, likewise; empty when there is none.
    pub reference: String,
    /// Figure to reference, or the count itself.
    pub ratio: f64,
    /// What the ratio is held against.
    pub budget: Budget,
}

/// What a ratio is held against.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

impl Figure {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        match self.budget {
            Budget::AtLeast(least) => self.ratio >= least,
            Budget::AtMost(most) => self.ratio <= most,
        }
    }
}

/// Measures one row.
pub async fn measure(row: Row, sizes: Sizes) -> Result<Vec<Figure>> {
    match row {
        Row::Adt => adt::measure(sizes.adt).await,
        Row::Browser => browser::measure(sizes.browser).await,
        Row::Bundle => bundle::measure(),
        Row::CatchUp => catch_up::measure(sizes.entries).await,
        Row::Growth => growth::measure(sizes.growth).await,
        Row::Idle => idle::measure(sizes.devices).await,
        Row::List => list::measure(sizes.browser.times).await,
        Row::Live => live::measure(sizes.messages).await,
        Row::Patients => patients::measure(sizes.patients).await,
        Row::Tasks => tasks::measure(sizes.browser.times).await,
        Row::Throughput => throughput::measure(sizes.load).await,
    }
}

/// All figures in columns.
#[derive(Debug)]
pub struct Table<'a>(pub &'a [Figure]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | figure | reference | ratio | budget | |")?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        for figure in self.0 {
            let (sign, budget) = match figure.budget {
                Budget::AtLeast(least) => ("≥", least),
                Budget::AtMost(most) => ("≤", most),
            };
            let holds = if figure.holds() { "holds" } else { "DOES NOT HOLD" };
            let Figure {
                what,
                figure,
                reference,
                ratio,
                ..
            } = figure;
            writeln!(
                f,
                "| {what} | {figure} | {reference} | {ratio:.2} | {sign} {budget} | {holds} |"
            )?;
        }
        Ok(())
    }
}

/// The value below which a share of all lies; zero of none.
pub fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a few million samples, and a share between 0 and 1"
    )]
    let at = (times.len().saturating_sub(1) as f64 * share).round() as usize;
    times.get(at).copied().unwrap_or_default()
}

/// Milliseconds, for a table.
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// A message text of 300 bytes.
pub fn text() -> String {
    "Potassium 6.8 on the gas, ECG shows tented T waves; calcium given. "
        .chars()
        .cycle()
        .take(300)
        .collect()
}
