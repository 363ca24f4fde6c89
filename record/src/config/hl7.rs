//! Settings of the door for HL7 v2.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::TlsConfig;
use super::read::Reader;

/// Where hospital systems send HL7 v2, and what is taken from them.
#[derive(Clone, Debug)]
pub struct Hl7Config {
    /// `BATON_HL7_LISTEN`; nobody listens when not given.
    pub listen: Option<SocketAddr>,
    /// TLS; plain TCP when not given.
    pub tls: Option<Hl7Tls>,
    /// `BATON_HL7_FEEDS`: `application|facility` (MSH-3, MSH-4) of those that are taken; all when empty.
    pub feeds: Vec<String>,
    /// `BATON_HL7_PROCESSING`: the processing id (MSH-11) of messages that are taken.
    pub processing: Processing,
    /// `BATON_HL7_MAX_MESSAGE_BYTES`.
    pub max_message_bytes: usize,
    /// `BATON_HL7_CONNECTIONS`: at most so many at once.
    pub connections: usize,
    /// `BATON_HL7_IDLE_SECONDS`: a connection on which nothing comes for so long is closed.
    pub idle: Duration,
    /// `BATON_HL7_MESSAGE_SECONDS`: a message has so long to arrive, from its first byte to its last.
    pub arrival: Duration,
}

/// TLS of that door.
#[derive(Clone, Debug)]
pub struct Hl7Tls {
    /// `BATON_HL7_TLS_CERTIFICATE` and `BATON_HL7_TLS_KEY`.
    pub server: TlsConfig,
    /// `BATON_HL7_TLS_CLIENT_CA`: who signs the certificates that senders have to show; none are asked for when not given.
    pub client_ca: Option<PathBuf>,
}

/// For what messages are (table 0103). A live index is never told of patients who are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processing {
    /// `D`.
    Debugging,
    /// `P`.
    Production,
    /// `T`.
    Training,
}

/// The settings of [`Hl7Config`], as the command line explains them.
pub const HL7_SETTINGS: &str = "\
HL7 v2 from hospital systems (ADT over MLLP):
  BATON_HL7_LISTEN           address and port, such as 0.0.0.0:2575; nobody listens when not given
  BATON_HL7_TLS_CERTIFICATE  PEM file of the certificate chain; plain TCP when not given
  BATON_HL7_TLS_KEY          PEM file of its private key
  BATON_HL7_TLS_CLIENT_CA    PEM file of who signs senders' certificates; with it a sender without one
                             is not served
  BATON_HL7_FEEDS            which senders are taken: application|facility (MSH-3, MSH-4), separated
                             by commas, such as PAS|RX1,CAREPLAN|VM7X2; all when not given
  BATON_HL7_PROCESSING       which messages are taken by MSH-11: P, T or D, P when not given
  BATON_HL7_MAX_MESSAGE_BYTES
                             1024 to 16777216, 1048576 when not given
  BATON_HL7_CONNECTIONS      how many connections at once: 1 to 1024, 64 when not given
  BATON_HL7_IDLE_SECONDS     a connection on which nothing comes for so long is closed: 1 to 86400,
                             3600 when not given
  BATON_HL7_MESSAGE_SECONDS  how long a message may take to arrive: 1 to 600, 30 when not given";

impl Hl7Config {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let listen = reader.optional_address("BATON_HL7_LISTEN");
        let certificate = reader.optional("BATON_HL7_TLS_CERTIFICATE");
        let key = reader.optional("BATON_HL7_TLS_KEY");
        let client_ca = reader.optional("BATON_HL7_TLS_CLIENT_CA");
        let feeds = feeds(reader);
        let processing = processing(reader);
        let bytes = reader.number_within("BATON_HL7_MAX_MESSAGE_BYTES", 1 << 20, 1024..=16 << 20);
        let connections = reader.number_within("BATON_HL7_CONNECTIONS", 64, 1..=1024);
        let idle = reader.number_within("BATON_HL7_IDLE_SECONDS", 3600, 1..=86_400);
        let arrival = reader.number_within("BATON_HL7_MESSAGE_SECONDS", 30, 1..=600);
        reader.together(
            certificate.is_some(),
            key.is_some(),
            "BATON_HL7_TLS_CERTIFICATE and BATON_HL7_TLS_KEY",
        );
        if client_ca.is_some() && certificate.is_none() {
            reader.problem("BATON_HL7_TLS_CLIENT_CA needs BATON_HL7_TLS_CERTIFICATE".to_owned());
        }
        Some(Self {
            listen,
            tls: certificate.zip(key).map(|(certificate, key)| Hl7Tls {
                server: TlsConfig {
                    certificate: certificate.into(),
                    key: key.into(),
                },
                client_ca: client_ca.map(PathBuf::from),
            }),
            feeds: feeds?,
            processing: processing?,
            max_message_bytes: usize::try_from(bytes?).ok()?,
            connections: usize::try_from(connections?).ok()?,
            idle: Duration::from_secs(u64::from(idle?)),
            arrival: Duration::from_secs(u64::from(arrival?)),
        })
    }
}

fn feeds(reader: &mut Reader) -> Option<Vec<String>> {
    let feeds = reader.list("BATON_HL7_FEEDS");
    if feeds.iter().all(|feed| feed.matches('|').count() == 1) {
        return Some(feeds);
    }
    reader.problem("BATON_HL7_FEEDS is not application|facility, separated by commas".to_owned());
    None
}

fn processing(reader: &mut Reader) -> Option<Processing> {
    match reader.optional("BATON_HL7_PROCESSING").as_deref() {
        None | Some("P") => Some(Processing::Production),
        Some("T") => Some(Processing::Training),
        Some("D") => Some(Processing::Debugging),
        Some(_) => {
            reader.problem("BATON_HL7_PROCESSING is none of P, T and D".to_owned());
            None
        }
    }
}
