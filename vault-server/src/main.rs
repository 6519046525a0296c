//! The vault as a service. For now: health, readiness in words, and the public part of the ledger.
//!
//! `GET /healthz`, `/readyz`, `/ledger/checkpoint`, `/ledger/tile/…` (C2SP tlog-tiles paths; hash
//! tiles only, entry bundles are for the audit role). Seams are plain: parse, one act, answer.
//! Never serves a recorded byte, and never a path that is not a tile's.

use anyhow::Context;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use clap::{Arg, Command};
use std::path::PathBuf;
use vault_core::clock::Clock;
use vault_core::vault::Vault;
use vault_core::wording::{Language, Wording};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let wording = Wording::new(Language::Chinese);
    let matches = call(&wording).get_matches();
    let directory: &PathBuf = matches.get_one("vault").context("--vault")?;
    let address: &String = matches.get_one("listen").context("--listen")?;
    let vault = match Vault::open(directory, Clock::system()).await {
        Ok(vault) => vault,
        Err(fault) => anyhow::bail!(wording.fault(&fault).what),
    };
    let listener = tokio::net::TcpListener::bind(address).await.context("--listen")?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    axum::serve(listener, routes(vault)).with_graceful_shutdown(stop()).await?;
    Ok(())
}

fn call(wording: &Wording) -> Command {
    Command::new("vault-server")
        .about(wording.text("server-about", &[]))
        .arg(
            Arg::new("vault")
                .long("vault")
                .required(true)
                .value_parser(clap::value_parser!(PathBuf))
                .help(wording.text("server-help-vault", &[])),
        )
        .arg(
            Arg::new("listen")
                .long("listen")
                .default_value("127.0.0.1:8420")
                .help(wording.text("server-help-listen", &[])),
        )
}

async fn stop() {
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

fn routes(vault: Vault) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/ledger/checkpoint", get(checkpoint))
        .route("/ledger/tile/{*path}", get(tile))
        .with_state(vault)
}

async fn ready(State(vault): State<Vault>) -> Response {
    match vault.readiness().await {
        Ok(()) => "ok\n".into_response(),
        Err(fault) => (StatusCode::SERVICE_UNAVAILABLE, said(&fault)).into_response(),
    }
}

async fn checkpoint(State(vault): State<Vault>) -> Response {
    match vault.checkpoint() {
        Ok(Some(note)) => {
            ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, said(&fault)).into_response(),
    }
}

async fn tile(State(vault): State<Vault>, Path(path): Path<String>) -> Response {
    match vault.hash_tile(&format!("tile/{path}")) {
        Ok(Some(bytes)) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, said(&fault)).into_response(),
    }
}

fn said(fault: &vault_core::fault::Fault) -> String {
    Wording::new(Language::Chinese).fault(fault).what
}
