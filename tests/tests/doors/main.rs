//! Every door of the edge and the record, with what a stranger, a thief of tokens or a broken client may send: refused by
//! its name, counted, and survived.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and is long where it is a table"
)]

mod device;
mod http;
mod socket;

use std::sync::Arc;

use baton_core::device_api::Session;
use baton_tests::client::{Deployment, Device};
use baton_tests::door::{Token, signing_key};
use baton_tests::stage::{Cast, Stage, read_metrics};
use ed25519_dalek::SigningKey;
use xtask::record_build::Profile;
use xtask::stack::keys::Keys;

/// Who stands before the doors.
struct Street {
    stage: Stage,
    deployment: Arc<Deployment>,
    record_key: SigningKey,
    edge_key: SigningKey,
    /// Belongs to the first two teams.
    insider: (Device, Session),
    /// Belongs to the first two teams too.
    colleague: (Device, Session),
    /// Belongs to the third team alone.
    outsider: (Device, Session),
}

impl Street {
    async fn open() -> Self {
        let team = |number: usize, members: Vec<usize>| (format!("Team {number}"), members);
        let teams = vec![team(0, vec![0, 1]), team(1, vec![0, 1]), team(2, vec![2])];
        let cast = Cast {
            people: 3,
            teams,
            planted: "Doorkeeper".to_owned(),
        };
        let stage = Stage::open("doors", Profile::Dev, &cast).await.unwrap();
        let keys = Keys::kept_in(&stage.state.join("keys.json")).unwrap();
        let deployment = stage.deployment.clone();
        Self {
            insider: deployment.sign_in(&Cast::subject(0)).await.unwrap(),
            colleague: deployment.sign_in(&Cast::subject(1)).await.unwrap(),
            outsider: deployment.sign_in(&Cast::subject(2)).await.unwrap(),
            record_key: signing_key(&keys.record_signing).unwrap(),
            edge_key: signing_key(&keys.edge_signing).unwrap(),
            stage,
            deployment,
        }
    }

    /// What the edge counts, as its operator asks with the record's token.
    async fn edge_metrics(&self) -> std::collections::BTreeMap<String, f64> {
        let token = Token::service("baton-record", "baton-edge").sign(&self.record_key);
        let bearer = format!("Bearer {token}");
        let url = format!("{}/edge-metrics", self.deployment.origin);
        let headers = [("authorization", bearer.as_str())];
        let answer = self
            .deployment
            .http
            .send(hyper::Method::GET, &url, &headers, "")
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        read_metrics(&answer.text())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hostile_or_broken_is_refused_by_name_and_counted() {
    let street = Street::open().await;
    http::edge_doors(&street).await;
    http::record_doors(&street).await;
    device::oblivious_doors(&street).await;
    device::device_doors(&street).await;
    device::sign_in_doors(&street).await;
    socket::greetings(&street).await;
    socket::frames(&street).await;
    socket::operations(&street).await;
    socket::floods(&street).await;
    socket::ended_devices(&street).await;
    let verdict = street.stage.verify().await.unwrap();
    println!("{}", verdict.lines().last().unwrap_or_default());
    let fallen = street.stage.with(|stack| Ok(stack.fallen())).await.unwrap();
    assert_eq!(fallen, None, "a part fell by itself");
}
