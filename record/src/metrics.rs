//! Counters for Prometheus. Labels are reasons from closed lists; never an id, a name, or an address.

use prometheus::{
    Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

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
    /// HL7 messages, by what was answered and why.
    pub hl7_messages: IntCounterVec,
    /// Connections of HL7 feeds that ended, by why.
    pub hl7_connections: IntCounterVec,
    /// Connections of HL7 feeds now.
    pub hl7_open: IntGauge,
    /// Seconds since 1970 when a feed last sent something that was answered; 0 when it never did.
    pub hl7_last_message: IntGaugeVec,
    /// HL7 messages that wait for an operator.
    pub hl7_quarantined: IntGauge,
    /// NHS numbers in HL7 messages that were not taken, since their check digit is wrong.
    pub hl7_wrong_nhs: IntCounter,
    /// Seconds from an HL7 message's last byte to its durable answer.
    pub hl7_seconds: Histogram,
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
        let one = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help).expect("the name is a valid metric name");
            registry
                .register(Box::new(counter.clone()))
                .expect("each name is registered once");
            counter
        };
        let many = |name: &str, help: &str, labels: &[&str]| {
            let counter =
                IntCounterVec::new(Opts::new(name, help), labels).expect("the names are valid metric names");
            registry
                .register(Box::new(counter.clone()))
                .expect("each name is registered once");
            counter
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help).expect("the name is a valid metric name");
            registry
                .register(Box::new(gauge.clone()))
                .expect("each name is registered once");
            gauge
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let gauges =
                IntGaugeVec::new(Opts::new(name, help), labels).expect("the names are valid metric names");
            registry
                .register(Box::new(gauges.clone()))
                .expect("each name is registered once");
            gauges
        };
        let spread = |name: &str, help: &str, buckets: &[f64]| {
            let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))
                .expect("the name is a valid metric name");
            registry
                .register(Box::new(histogram.clone()))
                .expect("each name is registered once");
            histogram
        };
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
            hl7_messages: many(
                "baton_hl7_messages_total",
                "HL7 messages, by what was answered and why.",
                &["answer", "reason"],
            ),
            hl7_connections: many(
                "baton_hl7_connections_total",
                "Connections of HL7 feeds that ended, by why.",
                &["end"],
            ),
            hl7_open: gauge("baton_hl7_connections", "Connections of HL7 feeds now."),
            hl7_last_message: gauges(
                "baton_hl7_last_message_timestamp_seconds",
                "When a feed last sent something that was answered; 0 when it never did.",
                &["feed"],
            ),
            hl7_quarantined: gauge("baton_hl7_quarantined", "HL7 messages that wait for an operator."),
            hl7_wrong_nhs: one(
                "baton_hl7_wrong_nhs_numbers_total",
                "NHS numbers in HL7 messages that were not taken, since their check digit is wrong.",
            ),
            hl7_seconds: spread(
                "baton_hl7_message_seconds",
                "From an HL7 message's last byte to its durable answer.",
                &[
                    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10.,
                ],
            ),
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
