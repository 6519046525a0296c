//! Takes in what is sent by HTTP and by mail on 127.0.0.1, and tells it; in Python, whose `hmac` and `aiosmtpd` nobody here
//! wrote.
//!
//! Promises: a message is told as it was read by another program, its signature checked against the
//! key that both sides have. Can be told to fail.

use crate::program::free_port;
use anyhow::{Context, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SINK: &str = r#"
import base64, email, email.policy, hashlib, hmac, http.server, json, os, ssl, sys, threading, urllib.parse
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
directory, http_port, secret, mail_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
lock = threading.Lock()
def note(what):
    with lock, open(f'{directory}/taken', 'a') as out:
        out.write(json.dumps(what) + '\n')
def failing():
    return os.path.exists(f'{directory}/fail')
def signed(text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()

class Web(http.server.BaseHTTPRequestHandler):
    def log_message(self, *rest): pass
    def do_POST(self):
        body = self.rfile.read(int(self.headers['content-length'])).decode()
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        time = self.headers.get('x-vault-timestamp', '')
        good = None
        if url.path == '/hook':
            good = self.headers.get('x-vault-signature') == 'sha256=' + signed(f'{time}.{body}').hex()
        if 'sign' in query:
            good = query['sign'] == base64.b64encode(signed(f"{query['timestamp']}\n{secret}")).decode()
        note({'way': 'http', 'path': url.path, 'signed': good, 'delivery': self.headers.get('x-vault-delivery'),
              'token': query.get('access_token') or query.get('key'), 'body': json.loads(body), 'failed': failing()})
        answer = b'{"errcode": 310000, "errmsg": "sign not match"}' if failing() else b'{"errcode": 0}'
        self.send_response(500 if failing() and url.path == '/hook' else 200)
        self.send_header('content-length', str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

class Mail:
    async def handle_DATA(self, server, session, envelope):
        if failing():
            return '451 later'
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        note({'way': 'mail', 'to': envelope.rcpt_tos, 'from': envelope.mail_from, 'subject': letter['subject'],
              'delivery': letter['message-id'], 'tls': session.ssl is not None, 'login': session.auth_data,
              'text': letter.get_content().strip()})
        return '250 taken'
def known(server, session, envelope, mechanism, auth):
    good = auth.login == b'vault' and auth.password == secret.encode()
    return AuthResult(success=good, auth_data=auth.login.decode())
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(f'{directory}/server.pem', f'{directory}/server.key')
Controller(Mail(), hostname='127.0.0.1', port=mail_port, tls_context=context, require_starttls=True,
           auth_required=True, authenticator=known).start()

server = http.server.ThreadingHTTPServer(('127.0.0.1', http_port), Web)
open(f'{directory}/ready', 'w').close()
server.serve_forever()
"#;

/// The key that both sides have.
pub const SECRET: &str = "SEC-only-for-this-trial";

/// The sink, running.
#[derive(Debug)]
pub struct PostSink {
    directory: PathBuf,
    process: Child,
    /// Where HTTP is taken in.
    pub http: u16,
    /// Where letters are taken in: for `localhost`, after STARTTLS, from `vault` with the key.
    pub mail: u16,
    /// The certificate of the server of letters.
    pub certificate: PathBuf,
}

impl PostSink {
    /// Starts it; what it takes in is kept in this directory.
    pub fn start(python: &Path, directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory)?;
        let (http, mail) = (free_port()?, free_port()?);
        let (certificate, key) = (directory.join("server.pem"), directory.join("server.key"));
        let made = Command::new("openssl")
            .args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(' '))
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()?;
        anyhow::ensure!(made.success(), "no certificate");
        let process = Command::new(python)
            .args(["-c", SINK])
            .arg(directory)
            .arg(http.to_string())
            .arg(SECRET)
            .arg(mail.to_string())
            .stdin(Stdio::null())
            .spawn()
            .context("the sink does not start")?;
        let sink = Self { directory: directory.to_owned(), process, http, mail, certificate };
        let begun = Instant::now();
        while !directory.join("ready").exists() {
            if begun.elapsed() > Duration::from_secs(60) {
                bail!("the sink is not ready");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(sink)
    }

    /// Everything taken in, in order.
    pub fn taken(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.directory.join("taken")).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Whether it answers that it could not take what comes.
    pub fn fails(&self, failing: bool) -> anyhow::Result<()> {
        let mark = self.directory.join("fail");
        if failing {
            std::fs::write(mark, "")?;
        } else {
            std::fs::remove_file(mark)?;
        }
        Ok(())
    }
}

impl Drop for PostSink {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
