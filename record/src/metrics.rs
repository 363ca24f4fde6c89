//! Counters for Prometheus. Labels are reasons from closed lists; never an id, a name, or an address.

use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

mod hl7;

pub use hl7::Hl7Metrics;

/// What is counted.
pub struct Metrics {
    registry: Registry,
    /// Operations appended.
    pub appended: IntCounter,
    /// Operations that were already there.
    pub again: IntCounter,
    /// Operations refused, by reason.
    pub refused: IntCounterVec,
    /// Requests refused before they meant anything, by door and reason.
    pub rejected: IntCounterVec,
    /// Sign-ins refused, by reason.
    pub sign_in_refused: IntCounterVec,
    /// Sign-ins that led to a session.
    pub signed_in: IntCounter,
    /// Batches that met another replica and were planned anew.
    pub contended: IntCounter,
    /// Snapshots made.
    pub snapshots: IntCounter,
    /// Notices to the edge, by what became of them.
    pub notices: IntCounterVec,
    /// Faults answered with 5xx, by kind.
    pub faults: IntCounterVec,
    /// What was said of patients, by what it did.
    pub patient_events: IntCounterVec,
    /// Pairs of patients who may be one person.
    pub possible_duplicates: IntCounter,
    /// Searches for patients and patients opened.
    pub patients_looked_up: IntCounterVec,
    /// Of the door for HL7 v2.
    pub hl7: Hl7Metrics,
    /// What spaces were told of patients and of lists that fill themselves.
    pub patients_told: IntCounter,
    /// Patients for whom there was no room on a list that fills itself.
    pub lists_full: IntCounter,
    /// Operations in a batch.
    pub batch: Histogram,
    /// Seconds from a batch's arrival to its durable answer.
    pub append_seconds: Histogram,
}

impl Metrics {
    /// Makes all counters, at zero.
    pub fn new() -> Self {
        let registry = Registry::new();
        let make = Maker(&registry);
        let one = |name, help| make.counter(name, help);
        let many = |name, help, labels: &[&str]| make.counters(name, help, labels);
        let spread = |name, help, buckets: &[f64]| make.histogram(name, help, buckets);
        Self {
            appended: one("baton_ops_appended_total", "Operations appended."),
            again: one(
                "baton_ops_again_total",
                "Operations that were already in the log.",
            ),
            refused: many(
                "baton_ops_refused_total",
                "Operations refused, by reason.",
                &["reason"],
            ),
            rejected: many(
                "baton_requests_rejected_total",
                "Requests refused at a door, by reason.",
                &["door", "reason"],
            ),
            sign_in_refused: many(
                "baton_sign_ins_refused_total",
                "Sign-ins refused, by reason.",
                &["reason"],
            ),
            signed_in: one("baton_sign_ins_total", "Sign-ins."),
            contended: one("baton_appends_contended_total", "Batches planned again."),
            snapshots: one("baton_snapshots_total", "Snapshots made."),
            notices: many(
                "baton_edge_notices_total",
                "Notices to the edge, by outcome.",
                &["outcome"],
            ),
            faults: many("baton_faults_total", "Answers with 5xx, by kind.", &["kind"]),
            patient_events: many(
                "baton_patient_events_total",
                "What feeds and files said of patients, by what it did.",
                &["effect"],
            ),
            possible_duplicates: one(
                "baton_patients_possible_duplicates_total",
                "Pairs of patients who may be one person.",
            ),
            patients_looked_up: many(
                "baton_patients_looked_up_total",
                "Searches for patients, and patients opened.",
                &["event"],
            ),
            hl7: Hl7Metrics::new(&make),
            patients_told: one(
                "baton_patients_told_total",
                "What spaces were told of patients and of lists that fill themselves.",
            ),
            lists_full: one(
                "baton_lists_full_total",
                "Patients for whom there was no room on a list that fills itself.",
            ),
            batch: spread(
                "baton_append_ops",
                "Operations in a batch.",
                &[1., 2., 4., 8., 16., 32., 64., 128., 256.],
            ),
            append_seconds: spread(
                "baton_append_seconds",
                "From a batch's arrival to its durable answer.",
                &[
                    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10.,
                ],
            ),
            registry,
        }
    }

    /// Counts a request that was refused at a door.
    pub fn reject(&self, door: &str, reason: &str) {
        self.rejected.with_label_values(&[door, reason]).inc();
    }

    /// All of it, in Prometheus' text format.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        // Writing to memory fails for no metric that was registered.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes what is counted, each under a name of its own, and registers it.
struct Maker<'a>(&'a Registry);

impl Maker<'_> {
    fn counter(&self, name: &str, help: &str) -> IntCounter {
        self.kept(IntCounter::new(name, help).expect(NAMES))
    }

    fn counters(&self, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
        self.kept(IntCounterVec::new(Opts::new(name, help), labels).expect(NAMES))
    }

    fn gauge(&self, name: &str, help: &str) -> IntGauge {
        self.kept(IntGauge::new(name, help).expect(NAMES))
    }

    fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
        self.kept(IntGaugeVec::new(Opts::new(name, help), labels).expect(NAMES))
    }

    fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Histogram {
        self.kept(
            Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec())).expect(NAMES),
        )
    }

    fn kept<C: Collector + Clone + 'static>(&self, collector: C) -> C {
        let copy = Box::new(collector.clone());
        self.0.register(copy).expect("each name is registered once");
        collector
    }
}

const NAMES: &str = "the names are valid metric names";
