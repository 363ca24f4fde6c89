//! The record's commands.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what a command is asked for goes to standard output, how far it is to standard error; everything else is logged"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::date::PartialDate;
use baton_core::id::{DeviceId, SpaceId};
use baton_core::time::At;
use baton_record::config::{Config, FHIR_SETTINGS, HL7_SETTINGS, POLICY_SETTINGS};
use baton_record::context::{Context, SystemClock};
use baton_record::patients::import;
use baton_record::people::import::{self as people_import, Imported};
use baton_record::spaces::{self, TeamFile};
use baton_record::{identity, log, patients, people, serve};
use clap::{Parser, Subcommand, ValueEnum};
use commands::hl7::Hl7Command;
use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;

mod commands {
    pub(crate) mod hl7;
}

/// The record: the care organisation's own service, which checks, orders and keeps what its staff write.
#[derive(Parser)]
#[command(name = "baton-record", version)]
struct Arguments {
    /// Settings in TOML, by the names of the environment variables (BATON_...), which win
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How logs are written, to standard error
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log: LogFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    Json,
    Text,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the edge and its devices until SIGTERM or SIGINT
    #[command(after_help = [POLICY_SETTINGS, HL7_SETTINGS, FHIR_SETTINGS].join("\n\n"))]
    Serve,
    /// Brings the database's shape up to date (serve does so too)
    Migrate,
    /// Checks whole logs: chain, envelopes, signatures, rules, checkpoints; fails when something is wrong
    Verify {
        /// Only this space
        #[arg(long, value_name = "ID")]
        space: Option<SpaceId>,
    },
    /// Prints the configuration that is deployed with the app (/config.json)
    AppConfig,
    /// Prints fresh secrets as lines for an environment file
    Keygen,
    /// The index of patients
    #[command(subcommand)]
    Patients(PatientsCommand),
    /// The directory
    #[command(subcommand)]
    People(PeopleCommand),
    /// Teams
    #[command(subcommand)]
    Team(TeamCommand),
    /// Devices
    #[command(subcommand)]
    Device(DeviceCommand),
    /// What hospital systems sent
    #[command(subcommand)]
    Hl7(Hl7Command),
}

#[derive(Subcommand)]
enum PeopleCommand {
    /// Adds people from a JSON file, or brings them up to date
    Import {
        /// The file
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum PatientsCommand {
    /// Takes patients from a file: CSV with a heading (.csv), or a JSON object a line (.ndjson)
    ///
    /// A line that cannot be taken is told with its number and the reason, and all others are taken. Importing a file again
    /// changes nothing.
    #[command(after_help = columns())]
    Import {
        /// The file
        file: PathBuf,
        /// The day of which the file speaks, such as 2026-01-31; when the file was last changed if not given. What feeds said
        /// later stands
        #[arg(long, value_name = "DATE")]
        as_of: Option<PartialDate>,
    },
    /// Makes all that patients are found by again, after a release that says so; feeds and searches go on meanwhile
    Reindex,
    /// Measures searches among made-up patients, in a database for nothing else; for the bench
    #[command(hide = true)]
    Measure {
        /// How many patients
        #[arg(long, default_value_t = 1_000_000)]
        patients: u32,
        /// How many searches of each kind
        #[arg(long, default_value_t = 2_000)]
        searches: u32,
    },
}

fn columns() -> String {
    let widest = import::COLUMNS
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = import::COLUMNS
        .iter()
        .map(|(name, what)| format!("  {name:widest$}  {what}").trim_end().to_owned())
        .collect();
    format!(
        "Columns, in any order; an empty cell leaves what is known as it is, null in JSON clears it:\n{}\n\n\
         A patient is found by number and assigner, or else by NHS number, date of birth and given name.",
        lines.join("\n")
    )
}

#[derive(Subcommand)]
enum TeamCommand {
    /// Makes the teams of a JSON file, or adds members to known ones
    Create {
        /// The file
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum DeviceCommand {
    /// Ends a device that was lost or taken: it is told to forget everything, and its person's spaces get new keys
    Revoke {
        /// The device, as the audit names it
        device: DeviceId,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log);
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match done {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    if matches!(arguments.command, Command::Keygen) {
        return keygen();
    }
    identity::provider::install();
    let config = Config::read(arguments.config.as_deref(), environment())?;
    let cx = Context::new(config, Box::new(SystemClock), random()?)?;
    match arguments.command {
        Command::Serve => serve::serve(cx).await?,
        Command::Migrate => serve::migrate(&cx).await?,
        Command::Verify { space } => return verify(&cx, space).await,
        Command::AppConfig => app_config(&cx).await?,
        Command::Keygen => {}
        Command::Patients(PatientsCommand::Import { file, as_of }) => {
            serve::migrate(&cx).await?;
            return import_patients(&cx, &file, as_of).await;
        }
        Command::Patients(PatientsCommand::Reindex) => {
            serve::migrate(&cx).await?;
            let changed = patients::reindex::reindex(&cx).await?;
            println!("{changed} patients are found by other keys than before");
        }
        Command::Patients(PatientsCommand::Measure { patients, searches }) => {
            serve::migrate(&cx).await?;
            let measured = patients::measure::searches(&cx, patients, searches).await?;
            println!("{}", serde_json::to_string(&measured)?);
        }
        Command::People(PeopleCommand::Import { file }) => {
            serve::migrate(&cx).await?;
            let people: Vec<Imported> = read_json(&file)?;
            let count = people_import::people(&cx, people).await?;
            println!(
                "{} people added, {} brought up to date",
                count.added, count.updated
            );
        }
        Command::Team(TeamCommand::Create { file }) => {
            serve::migrate(&cx).await?;
            let teams: Vec<TeamFile> = read_json(&file)?;
            let count = spaces::teams(&cx, &teams).await?;
            println!(
                "{} teams made, {} were known, {} members added to those",
                count.made, count.known, count.added
            );
        }
        Command::Device(DeviceCommand::Revoke { device }) => {
            if !people::device::revoke(&cx, device, people::device::By::Operator).await? {
                bail!("there is no such device, or it was ended before");
            }
            println!("{device} is ended");
        }
        Command::Hl7(command) => commands::hl7::run(&cx, command).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn import_patients(cx: &Context, file: &Path, as_of: Option<PartialDate>) -> Result<ExitCode> {
    let format = import::Format::of(file).context("the file's name has to end in .csv or .ndjson")?;
    let cannot = || format!("{} cannot be read", file.display());
    let opened = std::fs::File::open(file).with_context(cannot)?;
    let as_of = if let Some(day) = as_of {
        beginning(day).context("--as-of has to be a day after 1970")?
    } else {
        let changed = opened.metadata().and_then(|known| known.modified());
        let since = changed
            .with_context(cannot)?
            .duration_since(std::time::UNIX_EPOCH);
        At::default().plus(since.unwrap_or_default())
    };
    let mut told = 0;
    let report = import::patients(cx, opened, format, as_of, |report| {
        if report.lines >= told + PROGRESS {
            told = report.lines;
            eprintln!("{told} lines, {} refused", report.refused.len());
        }
    })
    .await?;
    println!(
        "{} lines: {} patients added, {} brought up to date, {} as they were, {} refused",
        report.lines,
        report.made,
        report.changed,
        report.same,
        report.refused.len()
    );
    if report.possible_duplicates > 0 {
        println!(
            "{} pairs may be one person each: the audit has them (patient.possible_duplicate)",
            report.possible_duplicates
        );
    }
    for refused in &report.refused {
        println!("line {}: {}", refused.line, refused.why);
    }
    Ok(if report.refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The beginning of a day, in Greenwich.
fn beginning(day: PartialDate) -> Option<At> {
    let days = u64::try_from(day.day()?.days()).ok()?;
    Some(At::from_millis(days * 24 * 60 * 60 * 1000))
}

/// Lines between two words about progress.
const PROGRESS: u64 = 5_000;

async fn verify(cx: &Context, space: Option<SpaceId>) -> Result<ExitCode> {
    let spaces = match space {
        Some(space) => vec![space],
        None => log::verify::all(cx).await?,
    };
    let (mut entries, mut faults) = (0, 0);
    for space in &spaces {
        let Some(found) = log::verify::space(cx, *space).await? else {
            bail!("there is no space {space}");
        };
        entries += found.entries;
        faults += found.faults.len();
        if found.faults.is_empty() {
            println!("{space}: {} entries, all is well", found.entries);
        } else {
            println!(
                "{space}: {} entries, {} FAULTS",
                found.entries,
                found.faults.len()
            );
            for fault in &found.faults {
                println!("  {fault}");
            }
        }
    }
    println!("{} spaces, {entries} entries, {faults} faults", spaces.len());
    Ok(if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn app_config(cx: &Context) -> Result<()> {
    let metadata = identity::discovery::metadata(cx)
        .await
        .context("the OpenID provider (BATON_OIDC_ISSUER) could not be asked where people sign in")?;
    let ohttp = ohttp::KeyConfig::encode_list(&[cx.oblivious.config()])?;
    let config = &cx.config;
    let document = serde_json::json!({
        "verify_key": URL_SAFE_NO_PAD.encode(cx.verifying_key().to_bytes()),
        "ohttp_keys": URL_SAFE_NO_PAD.encode(ohttp),
        "authorization_endpoint": metadata.authorization_endpoint,
        "client_id": config.identity.client_id,
        "scopes": config.identity.scopes,
        "acr_values": config.identity.acr,
        "redirect_uri": config.redirect_uri(),
        "organisation": config.organisation,
    });
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}

fn keygen() -> Result<ExitCode> {
    let signing = SigningKey::from_bytes(&random()?);
    println!("BATON_KEK={}", URL_SAFE_NO_PAD.encode(random()?));
    println!("BATON_SIGNING_KEY={}", URL_SAFE_NO_PAD.encode(signing.to_bytes()));
    println!(
        "# its public half, RECORD_VERIFY_KEY of the edge: {}",
        URL_SAFE_NO_PAD.encode(signing.verifying_key().to_bytes())
    );
    println!("BATON_OHTTP_KEY={}", URL_SAFE_NO_PAD.encode(random()?));
    Ok(ExitCode::SUCCESS)
}

fn read_json<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    // The parser's own words could quote a name; only the place is told.
    serde_json::from_str(&text).map_err(|error| {
        anyhow::anyhow!(
            "{} is not what is expected: line {}, column {}",
            file.display(),
            error.line(),
            error.column()
        )
    })
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the machine gives no randomness")?;
    Ok(bytes)
}

fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BATON_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.with_ansi(false).init(),
    }
}
