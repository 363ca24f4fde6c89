//! What is counted at the door for HL7 v2.

use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, IntGaugeVec};

use super::Maker;

/// Counters of that door. Labels are answers, reasons and names of feeds that are configured.
pub struct Hl7Metrics {
    /// Messages, by what was answered and why.
    pub messages: IntCounterVec,
    /// Connections that ended, by why.
    pub connections: IntCounterVec,
    /// Connections now.
    pub open: IntGauge,
    /// Seconds since 1970 when a feed last sent something that was answered; 0 when it never did.
    pub last_message: IntGaugeVec,
    /// Messages that wait for an operator.
    pub quarantined: IntGauge,
    /// Messages that were kept and are not in the index yet.
    pub waiting: IntGauge,
    /// NHS numbers that were not taken, since their check digit is wrong.
    pub wrong_nhs: IntCounter,
    /// Seconds from a message's last byte to its durable answer.
    pub seconds: Histogram,
}

impl Hl7Metrics {
    pub(super) fn new(make: &Maker<'_>) -> Self {
        Self {
            messages: make.counters(
                "baton_hl7_messages_total",
                "HL7 messages, by what was answered and why.",
                &["answer", "reason"],
            ),
            connections: make.counters(
                "baton_hl7_connections_total",
                "Connections of HL7 feeds that ended, by why.",
                &["end"],
            ),
            open: make.gauge("baton_hl7_connections", "Connections of HL7 feeds now."),
            last_message: make.gauges(
                "baton_hl7_last_message_timestamp_seconds",
                "When a feed last sent something that was answered; 0 when it never did.",
                &["feed"],
            ),
            quarantined: make.gauge("baton_hl7_quarantined", "HL7 messages that wait for an operator."),
            waiting: make.gauge(
                "baton_hl7_waiting",
                "HL7 messages that were kept and are not in the index yet.",
            ),
            wrong_nhs: make.counter(
                "baton_hl7_wrong_nhs_numbers_total",
                "NHS numbers in HL7 messages that were not taken, since their check digit is wrong.",
            ),
            seconds: make.histogram(
                "baton_hl7_message_seconds",
                "From an HL7 message's last byte to its durable answer.",
                &[
                    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1., 2., 5., 10.,
                ],
            ),
        }
    }
}
