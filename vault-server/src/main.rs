//! `vault-server`: starts the service, or checks its configuration.

use anyhow::Context;
use clap::{Arg, ArgMatches, Command};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use vault_core::clock::Clock;
use vault_core::stop::Stop;
use vault_core::vault::Vault;
use vault_core::wording::{Language, Wording};
use vault_server::config::{Config, Said};
use vault_server::limits::BLOCKING_THREADS_MAX;
use vault_server::provider::Provider;
use vault_server::state::App;
use vault_server::{routes, serve, tls, worker};

/// What failed, in words.
struct Failed(String);

impl<E: std::fmt::Display> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(format!("{error:#}"))
    }
}

fn main() -> ExitCode {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.enable_all().max_blocking_threads(BLOCKING_THREADS_MAX).build();
    let answered = runtime.map_err(Failed::from).and_then(|runtime| runtime.block_on(answer()));
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(words)) => {
            // Where not even this can be written, nobody reads it.
            writeln!(std::io::stderr(), "{words}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn answer() -> Result<(), Failed> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let language = variable("EVIDENCE_VAULT_LANG");
    let language = language.and_then(|tag| Language::parse(&tag)).unwrap_or(Language::Chinese);
    let wording = Wording::new(language);
    let matches = call(&wording).get_matches();
    match matches.subcommand_name() {
        Some("openapi") => Ok(write!(std::io::stdout(), "{}", routes::description())?),
        Some("config") => {
            let config = config(&matches, &wording)?;
            provider_answers(&config, &wording).await?;
            Ok(writeln!(std::io::stdout(), "{config:#?}")?)
        }
        _ => run(config(&matches, &wording)?, &wording).await,
    }
}

async fn run(config: Config, wording: &Wording) -> Result<(), Failed> {
    let vault = match Vault::open(&config.vault, Clock::system()).await {
        Ok(vault) => vault,
        Err(fault) => return Err(Failed(wording.fault(&fault).what)),
    };
    let accepting = tls::acceptor(&config).map_err(|error| Failed(format!("{error:#}")))?;
    let listener = serve::listen(config.listen);
    let listener = listener.with_context(|| format!("--listen {}", config.listen));
    let listener = listener.map_err(|error| Failed(format!("{error:#}")))?;
    let address = listener.local_addr()?;
    let app = match App::new(vault, config).await {
        Ok(app) => app,
        Err(fault) => return Err(Failed(wording.fault(&fault).what)),
    };
    let (acceptor, fingerprint) = accepting.unzip();
    let scheme = if acceptor.is_some() { "https" } else { "http" };
    tracing::info!(%address, scheme, fingerprint, "listening");
    match vault_core::people::offer_set_up(&app.vault).await {
        Ok(Some(code)) => {
            let code = code.display();
            tracing::info!(page = %format!("{scheme}://{address}/set-up"), %code, "to be set up");
        }
        Ok(None) => {}
        Err(fault) => return Err(Failed(wording.fault(&fault).what)),
    }
    let queue = worker::work(app.clone(), Stop::default());
    let routes = routes::routes(app.clone());
    tokio::select! {
        served = serve::serve(app, listener, acceptor, routes, stopped()) => Ok(served?),
        // Never ends by itself; what it was doing at a stop goes on after the next start.
        () = queue => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the environment belongs to the configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The configuration: flags over environment over file.
fn config(matches: &ArgMatches, wording: &Wording) -> Result<Config, Failed> {
    let file = match matches.get_one::<PathBuf>("config") {
        Some(path) => Said::read(path),
        None => Ok(Said::default()),
    };
    let flags = Said {
        vault: matches.get_one("vault").cloned(),
        listen: matches.get_one("listen").cloned(),
        tls: matches.get_one("tls").cloned(),
        names: matches.get_many("name").map(|names| names.cloned().collect()),
        ..Said::default()
    };
    let checked = file.and_then(|file| {
        let environment = Said::of_environment(variable)?;
        flags.over(environment).over(file).checked()
    });
    checked.map_err(|refused| {
        let values = [("name", refused.name), ("said", refused.said.as_str())];
        Failed(wording.text("server-config-refused", &values))
    })
}

/// Asks the identity provider what it says of itself: what is wrong is found out before anybody
/// stands before the door.
async fn provider_answers(config: &Config, wording: &Wording) -> Result<(), Failed> {
    let Some(oidc) = config.oidc.clone() else { return Ok(()) };
    let asked = match Provider::new(oidc) {
        Ok(provider) => provider.discover().await.map(drop),
        Err(fault) => Err(fault),
    };
    asked.map_err(|fault| {
        let mut said = fault.code().as_str().to_owned();
        let mut cause = std::error::Error::source(&fault);
        while let Some(error) = cause {
            said = format!("{said}: {error}");
            cause = error.source();
        }
        Failed(wording.text("server-config-refused", &[("name", "oidc"), ("said", &said)]))
    })
}

fn call(wording: &Wording) -> Command {
    let said = |key: &str| wording.text(key, &[]);
    Command::new("vault-server")
        .about(said("server-about"))
        .subcommand_negates_reqs(true)
        .arg(
            Arg::new("vault")
                .long("vault")
                .global(true)
                .value_parser(clap::value_parser!(PathBuf))
                .help(said("server-help-vault")),
        )
        .arg(Arg::new("listen").long("listen").global(true).help(said("server-help-listen")))
        .arg(Arg::new("tls").long("tls").global(true).help(said("server-help-tls")))
        .arg(
            Arg::new("name")
                .long("name")
                .global(true)
                .action(clap::ArgAction::Append)
                .help(said("server-help-name")),
        )
        .arg(
            Arg::new("config")
                .long("config")
                .global(true)
                .value_parser(clap::value_parser!(PathBuf))
                .help(said("server-help-config")),
        )
        .subcommand(
            Command::new("config")
                .about(said("server-help-config-command"))
                .subcommand_required(true)
                .subcommand(Command::new("check").about(said("server-help-config-check"))),
        )
        .subcommand(Command::new("openapi").about(said("server-help-openapi")))
}

async fn stopped() {
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                terminated.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
