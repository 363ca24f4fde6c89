//! The record's commands.

#![expect(
    clippy::print_stdout,
    reason = "what a command is asked for goes to standard output; everything else is logged"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_core::id::{DeviceId, SpaceId};
use baton_record::config::{Config, FHIR_SETTINGS, POLICY_SETTINGS};
use baton_record::context::{Context, SystemClock};
use baton_record::people::import::{self, Imported};
use baton_record::spaces::{self, TeamFile};
use baton_record::{identity, log, people, serve};
use clap::{Parser, Subcommand, ValueEnum};
use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;

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
    #[command(after_help = format!("{POLICY_SETTINGS}\n\n{FHIR_SETTINGS}"))]
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
    /// The directory
    #[command(subcommand)]
    People(PeopleCommand),
    /// Teams
    #[command(subcommand)]
    Team(TeamCommand),
    /// Devices
    #[command(subcommand)]
    Device(DeviceCommand),
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
        Command::People(PeopleCommand::Import { file }) => {
            serve::migrate(&cx).await?;
            let people: Vec<Imported> = read_json(&file)?;
            let count = import::people(&cx, people).await?;
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
    }
    Ok(ExitCode::SUCCESS)
}

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
