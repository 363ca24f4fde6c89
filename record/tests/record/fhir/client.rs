//! A client that others made does what a hospital's system does, over a socket. It is fetched from npm into a folder of the
//! test's own; where there is no node, or no way to npm, the test says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use baton_record::fhir;
use serde_json::{Value, json};

use super::stage::{clients_file, settings};
use crate::place::Place;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fetched() -> Option<Folder> {
    let folder = Folder(std::env::temp_dir().join(format!("baton-fhir-client-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let done = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--silent",
            "--prefix",
        ])
        .arg(&folder.0)
        .arg("fhir-kit-client@2.0.3")
        .status();
    if done.is_ok_and(|status| status.success()) {
        return Some(folder);
    }
    let is_needed = std::env::var_os("CI").is_some();
    assert!(!is_needed, "npm does not give fhir-kit-client");
    eprintln!("SKIPPED: npm does not give fhir-kit-client");
    None
}

fn run(folder: &Path, argument: &str) -> Value {
    let script =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("tests/fhir_client/client.mjs");
    let done = Command::new("node")
        .arg(script)
        .arg(folder)
        .arg(argument)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{told}");
    serde_json::from_slice(&done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_client_creates_updates_transacts_and_searches() {
    let Some(folder) = tokio::task::spawn_blocking(fetched).await.unwrap() else {
        return;
    };
    let jwks = run(&folder.0, "keys");
    let scope = "system/Patient.cruds system/Encounter.cruds";
    let clients = json!({ "clients": [{ "id": "node", "scope": scope, "jwks": jwks }] });
    let file = clients_file("node", &clients);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = free.local_addr().unwrap().to_string();
    drop(free);
    let base = format!("http://{listen}/fhir/r4");
    let Some(place) = Place::open_with("fhir_client", &settings(&listen, &base, &file)).await else {
        return;
    };
    // The client's clock is the machine's.
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    place.clock.set(now);
    let handle = axum_server::Handle::new();
    let server = fhir::listen(&place.cx, handle.clone()).await.unwrap().unwrap();
    handle.listening().await.unwrap();
    let path = folder.0.clone();
    let seen = tokio::task::spawn_blocking(move || run(&path, &base))
        .await
        .unwrap();
    handle.shutdown();
    server.await.unwrap().unwrap();
    let expected = json!({
        "capability": "4.0.1",
        "created": [201, "Patient", "KHAN"],
        "read": true,
        "conditionalCreate": [200, true, "KHAN"],
        "conditionalUpdate": [200, true, "KAHN"],
        "ifMatch": [200, "other"],
        "stale": [412, "conflict"],
        "transaction": [["201 Created", "201 Created"], ["200 OK", "200 OK"]],
        "refers": true,
        "search": [1, 1, 1],
        "encounters": ["in-progress"],
        "unknownType": [404, "OperationOutcome"],
        "anonymous": [401, "login"],
    });
    assert_eq!(seen, expected);
}
