//! The embedded PostgreSQL is durable, restarts in its place, and leaves nothing running.

use std::path::PathBuf;
use std::{env, fs, process};

use postgres::{Client, NoTls};
use xtask::stack::ports::free_port;
use xtask::stack::postgres::Postgres;

#[test]
fn a_committed_row_survives_kill_nine_on_the_same_port() {
    let state = State::new("durable");
    let mut server = Postgres::open(&state.0, free_port().unwrap()).unwrap();
    server.start().unwrap();
    server.create_database("baton").unwrap();
    let url = server.url("baton");
    Client::connect(&url, NoTls)
        .unwrap()
        .batch_execute("create table kept as select 42 as answer")
        .unwrap();

    server.kill();
    assert!(!server.is_running() && Client::connect(&url, NoTls).is_err());
    server.start().unwrap();

    let row = Client::connect(&url, NoTls)
        .unwrap()
        .query_one("select answer from kept", &[])
        .unwrap();
    assert_eq!(row.get::<_, i32>(0), 42);
    server.stop().unwrap();
}

#[test]
fn what_an_earlier_run_left_behind_is_ended_and_its_data_opened() {
    let state = State::new("left-behind");
    let port = free_port().unwrap();
    let mut lost = Postgres::open(&state.0, port).unwrap();
    lost.start().unwrap();
    std::mem::forget(lost);

    let mut found = Postgres::open(&state.0, port).unwrap();
    found.start().unwrap();

    assert!(Client::connect(&found.url("postgres"), NoTls).is_ok());
    found.stop().unwrap();
}

#[test]
fn a_wrong_password_is_refused() {
    let state = State::new("password");
    let mut server = Postgres::open(&state.0, free_port().unwrap()).unwrap();
    server.start().unwrap();
    let wrong = server.url("postgres").replace("baton:", "baton:not");
    assert!(Client::connect(&wrong, NoTls).is_err());
    server.stop().unwrap();
}

/// A folder of one test's own.
struct State(PathBuf);

impl State {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("baton-postgres-{name}-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}
