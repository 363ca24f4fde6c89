//! The embedded PostgreSQL is durable, restarts in its place, and leaves nothing running.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
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
fn a_server_goes_with_the_command_that_started_it_and_the_next_one_opens_its_data() {
    let state = State::new("left-behind");
    let port = free_port().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(["postgres", "--port", &port.to_string(), "--data"])
        .arg(&state.0)
        .stdout(Stdio::piped());
    let mut command = command.spawn().unwrap();
    let said = BufReader::new(command.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let ready = said.into_iter().find(|line| line.contains("PostgreSQL is at"));
    assert!(ready.is_some());

    command.kill().unwrap();
    command.wait().unwrap();
    let mut next = Postgres::open(&state.0, port).unwrap();
    next.start().unwrap();

    assert!(Client::connect(&next.url("postgres"), NoTls).is_ok());
    next.stop().unwrap();
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
        fs::create_dir_all(&folder).expect("a folder for the test can be made");
        Self(folder)
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}
