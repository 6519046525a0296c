//! An S3 server inside the test process: s3s-fs over a directory.
//!
//! s3s-fs looks whether a key is free first and writes later, so two creates at the same time
//! may both succeed. `start` therefore takes conditional puts one at a time, which is what real
//! servers amount to; `start_racy` leaves the flaw in, for the test that the self-test sees it.

use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use vault_core::store::backend::s3::{S3Credentials, S3Location};

const BUCKET: &str = "evidence";
const KEY_ID: &str = "test-key-id";
const KEY: &str = "test-key-that-nobody-may-see";

/// A running server; stopped when dropped.
#[derive(Debug)]
pub struct S3sServer {
    directory: TempDir,
    port: u16,
    task: JoinHandle<()>,
}

impl S3sServer {
    /// Starts a server that creates atomically.
    pub fn start(runtime: &Handle) -> anyhow::Result<Self> {
        Self::start_with(runtime, Some(Arc::new(Mutex::new(()))))
    }

    /// Starts a server of which two creates at the same time may both succeed.
    pub fn start_racy(runtime: &Handle) -> anyhow::Result<Self> {
        Self::start_with(runtime, None)
    }

    fn start_with(runtime: &Handle, one_at_a_time: Option<Arc<Mutex<()>>>) -> anyhow::Result<Self> {
        let directory = TempDir::new()?;
        std::fs::create_dir(directory.path().join(BUCKET))?;
        let files = s3s_fs::FileSystem::new(directory.path())
            .map_err(|error| anyhow::anyhow!("s3s-fs: {error:?}"))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(KEY_ID, KEY));
        let service = builder.build();
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let port = listener.local_addr()?.port();
        let task = runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, service.clone(), one_at_a_time.clone()));
            }
        });
        Ok(Self { directory, port, task })
    }

    /// The server's port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How the product reaches it.
    pub fn location(&self) -> S3Location {
        S3Location {
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: "us-east-1".to_owned(),
            bucket: BUCKET.to_owned(),
            prefix: "vault/one".to_owned(),
            allow_http: true,
            credentials: S3Credentials {
                access_key_id: KEY_ID.to_owned(),
                secret_access_key: KEY.to_owned(),
                session_token: None,
            },
        }
    }

    /// Where the objects below the prefix lie as files.
    pub fn files(&self) -> PathBuf {
        self.directory.path().join(BUCKET).join("vault/one")
    }
}

impl Drop for S3sServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(socket: TcpStream, service: S3Service, one_at_a_time: Option<Arc<Mutex<()>>>) {
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let service = service.clone();
        let lock =
            one_at_a_time.clone().filter(|_| request.headers().contains_key("if-none-match"));
        async move {
            let _turn = match &lock {
                Some(lock) => Some(lock.lock().await),
                None => None,
            };
            Service::call(&service, request).await
        }
    });
    // A client that goes away ends its connection with an error; that is no fault of the server.
    http1::Builder::new().serve_connection(TokioIo::new(socket), service).await.ok();
}
