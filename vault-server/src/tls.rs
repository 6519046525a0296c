//! The certificate: the operator's, or one the service makes for itself on its first run.
//!
//! Promises: the key of a self-made certificate is readable by its owner alone and never leaves
//! the vault's directory; the fingerprint is told, so that people can compare it once.

use crate::config::{Config, Tls};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use vault_core::clock::Clock;

/// Names a self-made certificate always bears.
const OWN_NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];

/// How long a self-made certificate is valid: browsers refuse more than 825 days.
const VALID: Duration = Duration::from_hours(820 * 24);

/// The acceptor, with the certificate's SHA-256; `None` for plain HTTP.
pub fn acceptor(config: &Config) -> anyhow::Result<Option<(TlsAcceptor, String)>> {
    let (certificate, key) = match &config.tls {
        Tls::Off => return Ok(None),
        Tls::Files { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfMade => {
            let directory = config.vault.join("tls");
            let (certificate, key) = (directory.join("service.crt"), directory.join("service.key"));
            if !certificate.exists() || !key.exists() {
                make(config, &directory, &certificate, &key)?;
            }
            (certificate, key)
        }
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .with_context(|| certificate.display().to_string())?;
    let key = PrivateKeyDer::from_pem_file(&key).with_context(|| key.display().to_string())?;
    let first = chain.first().context("no certificate")?;
    let fingerprint = hex::encode_upper(Sha256::digest(first));
    let mut server = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some((TlsAcceptor::from(Arc::new(server)), fingerprint)))
}

fn make(config: &Config, directory: &Path, certificate: &Path, key: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
    let own = OWN_NAMES.iter().map(|name| (*name).to_owned());
    let listen = config.listen.ip();
    let listen = (!listen.is_unspecified()).then(|| listen.to_string());
    let mut names: Vec<String> = own.chain(listen).chain(host_names(config)).collect();
    names.sort();
    names.dedup();
    let mut wanted = rcgen::CertificateParams::new(names)?;
    let name = rcgen::DnValue::Utf8String("evidence vault".to_owned());
    wanted.distinguished_name.push(rcgen::DnType::CommonName, name);
    let now = Clock::system().now().as_ms();
    let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(now).unwrap_or(0));
    wanted.not_before = now.into();
    wanted.not_after = (now + VALID).into();
    let pair = rcgen::KeyPair::generate()?;
    let made = wanted.self_signed(&pair)?;
    write_secret(key, pair.serialize_pem().as_bytes())?;
    write_secret(certificate, made.pem().as_bytes())
}

/// The names of the configuration without their ports.
fn host_names(config: &Config) -> impl Iterator<Item = String> + '_ {
    config.names.iter().map(|name| match name.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host.to_owned(),
        _ => name.clone(),
    })
}

fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| path.display().to_string())?;
    file.write_all(bytes)?;
    file.sync_all().with_context(|| path.display().to_string())
}
