//! Ports on loopback, chosen once and kept: a part that is killed comes back where the others look for it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::{fs, process};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// Where each part listens.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Ports {
    /// The edge: what the browser opens.
    pub edge: u16,
    /// The OpenID provider. Its address is the issuer of everyone's identity, so it must not change.
    pub oidc: u16,
    /// PostgreSQL.
    pub postgres: u16,
    /// The record's door to the edge.
    pub record: u16,
    /// The record's health and metrics.
    pub record_ops: u16,
    /// The record's HL7 listener; zero in a file from before there was one, and then chosen.
    #[serde(default)]
    pub record_hl7: u16,
}

impl Ports {
    /// Reads the ports kept in a file, or chooses free ones and keeps them. `edge` overrides the edge's. Ports that only
    /// the stack itself knows are chosen anew when somebody else has taken them.
    pub fn kept_in(file: &Path, edge: Option<u16>) -> Result<Self> {
        let kept = fs::read_to_string(file)
            .ok()
            .and_then(|text| serde_json::from_str::<Self>(&text).ok());
        let mut ports = match kept {
            Some(kept) => kept,
            None => Self::free()?,
        };
        if let Some(edge) = edge {
            ports.edge = edge;
        }
        for inner in [
            &mut ports.postgres,
            &mut ports.record,
            &mut ports.record_ops,
            &mut ports.record_hl7,
        ] {
            if *inner == 0 || !is_free(*inner) {
                *inner = free_port()?;
            }
        }
        fs::write(file, serde_json::to_string_pretty(&ports)?)?;
        Ok(ports)
    }

    /// Ports that nobody listens on.
    pub fn free() -> Result<Self> {
        let mut free = free_ports();
        let mut next = || free.next().context("no free port on loopback");
        Ok(Self {
            edge: next()?,
            oidc: next()?,
            postgres: next()?,
            record: next()?,
            record_ops: next()?,
            record_hl7: next()?,
        })
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    free_ports().next().context("no free port on loopback")
}

/// Fails with a sentence when somebody listens on a port already.
pub fn ensure_free(port: u16, whose: &str, advice: &str) -> Result<()> {
    if is_free(port) {
        return Ok(());
    }
    bail!("port {port}, which {whose} needs, is in use by another program: {advice}")
}

/// Below the range that the system takes outgoing connections from, so that a port stays free while its owner is down.
/// Where to begin differs between processes, so that two stacks that start together seldom meet.
fn free_ports() -> impl Iterator<Item = u16> {
    let seed = getrandom::u32().unwrap_or_else(|_| process::id());
    let offset = u16::try_from(seed % u32::from(SPAN)).unwrap_or(0);
    (0..SPAN)
        .map(move |step| FIRST + (offset + step) % SPAN)
        .filter(|port| is_free(*port))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

const FIRST: u16 = 20_000;
const SPAN: u16 = 12_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_before_there_was_an_hl7_listener_gets_a_port_for_it() {
        let file = std::env::temp_dir().join(format!("baton-ports-{}.json", process::id()));
        let Ports { edge, oidc, .. } = Ports::free().unwrap();
        let before = format!(r#"{{"edge":{edge},"oidc":{oidc},"postgres":1,"record":2,"record_ops":3}}"#);
        fs::write(&file, before).unwrap();
        let ports = Ports::kept_in(&file, None).unwrap();
        let again = Ports::kept_in(&file, None).unwrap();
        fs::remove_file(file).unwrap();
        assert!(ports.record_hl7 >= FIRST);
        assert_eq!((ports, ports.edge), (again, edge));
    }

    #[test]
    fn a_listening_port_is_not_given_out_and_is_named() {
        let port = free_port().unwrap();
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert_ne!(free_port().unwrap(), port);
        let refused = ensure_free(port, "the edge", "give another with --port")
            .unwrap_err()
            .to_string();
        assert!(refused.contains(&port.to_string()) && refused.contains("--port"));
    }
}
