//! An S3 server that enforces Object Lock: moto, as a child process.
//!
//! Like s3s-fs, moto looks whether a key is free first and writes later, in threads that may be
//! interrupted between the two. It is therefore started with a thread switch interval so long
//! that a handler is interrupted only where it waits.

use crate::program::{Program, cached, free_port};
use anyhow::bail;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use vault_core::store::backend::s3::{S3Credentials, S3Location};

const START: &str = "import sys; sys.setswitchinterval(3600); from moto.server import main; main()";

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct MotoServer {
    _program: Program,
    port: u16,
}

impl MotoServer {
    /// Starts a server without buckets.
    pub fn start() -> anyhow::Result<Self> {
        cached("venv/bin/moto_server")?;
        let port = free_port()?;
        let mut command = Command::new(cached("venv/bin/python")?);
        command.args(["-c", START, "--host", "127.0.0.1", "--port", &port.to_string()]);
        let mut program = Program::start(&mut command)?;
        program.wait_for(port)?;
        Ok(Self { _program: program, port })
    }

    /// Makes a bucket and says how the product reaches it.
    pub fn bucket(&self, name: &str, object_lock: bool) -> anyhow::Result<S3Location> {
        let lock = if object_lock { "x-amz-bucket-object-lock-enabled: true\r\n" } else { "" };
        self.ask(&format!("PUT /{name}"), lock)?;
        Ok(S3Location {
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: "us-east-1".to_owned(),
            bucket: name.to_owned(),
            prefix: String::new(),
            allow_http: true,
            credentials: S3Credentials {
                access_key_id: "moto-key-id".to_owned(),
                secret_access_key: "moto-key".to_owned(),
                session_token: None,
            },
        })
    }

    /// Every version of every object in a bucket, as the server lists them.
    pub fn versions(&self, bucket: &str) -> anyhow::Result<String> {
        self.ask(&format!("GET /{bucket}?versions"), "")
    }

    /// Sends an unsigned request without a body; moto takes those.
    fn ask(&self, what: &str, headers: &str) -> anyhow::Result<String> {
        let request = format!(
            "{what} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Content-Length: 0\r\n\
             Connection: close\r\n\r\n",
            self.port
        );
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        socket.write_all(request.as_bytes())?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        if !answer.starts_with("HTTP/1.1 200") {
            bail!("moto refused {what}: {answer}");
        }
        Ok(answer)
    }
}
