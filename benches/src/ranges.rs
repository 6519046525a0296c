//! Ranges of one large recording over HTTP, beside nginx that serves the plain file it came from.
//!
//! A range of the vault asks whether it is allowed, puts itself on record durably, decrypts, and
//! verifies every block against the recording's id; nginx does none of it. Measured on one
//! machine, in one run, with the same client: seek to first byte, throughput, and what a hundred
//! viewers do to memory. nginx reads from the page cache, as the vault does.

use anyhow::{Context, Result, ensure};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Seeks that are measured.
const SEEKS: u64 = 500;

/// Viewers at once, and as whom: one person reads only so much at a time.
const VIEWERS: u64 = 100;
const PEOPLE: [&str; 4] = ["qian", "zhou", "wu", "zheng"];

/// What a viewer takes at once, how often in a round, and after how many rounds it ends: memory is
/// looked at after each.
const VIEW_BYTES: u64 = 4 << 20;
const VIEWS: u64 = 4;
const ROUNDS: u64 = 15;

/// Streams at once when throughput is measured.
const STREAMS: usize = 4;

/// A server that is ended when it is dropped.
struct Serving {
    child: Child,
    port: u16,
    path: String,
    fields: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Asked to end, a server takes its own workers with it; killed, it leaves them.
        let ended = Command::new("kill").arg(self.child.id().to_string()).status();
        if !ended.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

/// Takes one file of `bytes` in and serves it beside nginx.
pub(crate) fn measure(scratch: &Path, vaultctl: &Path, bytes: u64, labels: &str) -> Result<()> {
    let source = scratch.join("source");
    crate::data::make(&source, 1, usize::try_from(bytes)?)?;
    crate::reads::set_up(scratch, vaultctl, labels)?;
    let vault = vault(scratch, vaultctl)?;
    let nginx = nginx(scratch, &source);
    if let Err(error) = &nginx {
        eprintln!("nginx: left out: {error:#}");
    }
    let mut names = vec![("vault, verified, on record", &vault)];
    names.extend(nginx.iter().map(|nginx| ("nginx, plain file", nginx)));
    for (name, serving) in &names {
        check(serving, bytes, &source)?;
        seeks(name, serving, bytes)?;
    }
    let mut own = None;
    for (name, serving) in &names {
        let rate = throughput(serving, bytes)?;
        let base = *own.get_or_insert(rate);
        println!(
            "| 1 x {} MiB | {STREAMS} whole streams | {name} | | {rate:.0} | {:.2} | |",
            bytes >> 20,
            base / rate
        );
    }
    viewers(&vault, bytes)?;
    drop((vault, nginx));
    std::fs::remove_dir_all(scratch.join("v"))?;
    std::fs::remove_dir_all(source).context("source")
}

fn port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn wait(serving: Serving) -> Result<Serving> {
    for _ in 0..600 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, serving.port)).is_ok() {
            return Ok(serving);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("it does not answer")
}

fn vault(scratch: &Path, vaultctl: &Path) -> Result<Serving> {
    let port = port()?;
    let child = Command::new(vaultctl.with_file_name("vault-server"))
        .arg("--vault")
        .arg(scratch.join("v"))
        .args(["--tls", "off", "--listen", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (path, fields) = (String::new(), String::new());
    let mut serving = wait(Serving { child, port, path, fields })?;
    serving.fields = sign_in(&serving, "qian")?;
    let call = format!("GET /api/v1/recordings HTTP/1.1\r\nHost: x\r\n{}\r\n", serving.fields);
    let mut client = Client::to(&serving)?;
    let (head, first) = client.ask(&call)?;
    let mut body = first;
    client.rest(&head, body.len() as u64, |bytes| body.extend_from_slice(bytes))?;
    let listed: serde_json::Value = serde_json::from_slice(&body)?;
    let id = listed["items"][0]["recording"].as_str().context("nothing was taken in")?;
    serving.path = format!("/api/v1/recordings/{id}/content");
    Ok(serving)
}

/// The field that says who asks.
fn sign_in(serving: &Serving, login: &str) -> Result<String> {
    let shown = format!(r#"{{"login":"{login}","password":"own-{login}-one"}}"#);
    let call = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{shown}",
        shown.len()
    );
    let (head, _) = Client::to(serving)?.ask(&call)?;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|text| text.split(';').next()).context(head.clone())?;
    Ok(format!("Cookie: {cookie}\r\n"))
}

fn nginx(scratch: &Path, source: &Path) -> Result<Serving> {
    let port = port()?;
    let config = scratch.join("nginx.conf");
    let scratch = scratch.display();
    // As a package of it comes: sendfile, no log that costs something.
    std::fs::write(
        &config,
        format!(
            "worker_processes 2; daemon off; pid {scratch}/nginx.pid; error_log stderr;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; \
             client_body_temp_path {scratch}/b; proxy_temp_path {scratch}/p; \
             fastcgi_temp_path {scratch}/f; uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;\n\
             server {{ listen 127.0.0.1:{port}; root {}; }} }}\n",
            source.display()
        ),
    )?;
    let child = Command::new("nginx")
        .arg("-c")
        .arg(&config)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("not installed")?;
    wait(Serving { child, port, path: "/000000.mp4".to_owned(), fields: String::new() })
}

/// One connection.
struct Client {
    socket: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    fn to(serving: &Serving) -> Result<Self> {
        let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, serving.port))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self { socket, buffer: vec![0; 256 << 10] })
    }

    /// Sends a call; gives the head, and what came of the body with it.
    fn ask(&mut self, call: &str) -> Result<(String, Vec<u8>)> {
        self.socket.write_all(call.as_bytes())?;
        let mut bytes = Vec::new();
        loop {
            let count = self.socket.read(&mut self.buffer)?;
            ensure!(count > 0, "the connection ended");
            bytes.extend_from_slice(&self.buffer[..count]);
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let body = bytes.split_off(at + 4);
                let head = String::from_utf8_lossy(&bytes).to_lowercase();
                return Ok((head, body));
            }
        }
    }

    /// Reads the rest of a body of which `came` bytes came.
    fn rest(&mut self, head: &str, came: u64, mut each: impl FnMut(&[u8])) -> Result<u64> {
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: u64 = length.context("no length")?.trim().parse()?;
        let mut left = length - came;
        while left > 0 {
            let count = self.socket.read(&mut self.buffer)?;
            ensure!(count > 0, "the connection ended");
            each(&self.buffer[..count]);
            left -= count as u64;
        }
        Ok(length)
    }

    fn range(&mut self, serving: &Serving, range: &str) -> Result<(String, Vec<u8>)> {
        self.range_as(&serving.fields, serving, range)
    }

    fn range_as(
        &mut self,
        fields: &str,
        serving: &Serving,
        range: &str,
    ) -> Result<(String, Vec<u8>)> {
        let path = &serving.path;
        let call =
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nRange: bytes={range}\r\n{fields}\r\n");
        let (head, body) = self.ask(&call)?;
        ensure!(head.starts_with("http/1.1 206"), "{head}");
        Ok((head, body))
    }
}

/// Where to seek: anywhere, not on the borders of blocks.
fn place(number: u64, bytes: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (bytes - VIEW_BYTES)
}

/// That what is measured is the file.
fn check(serving: &Serving, bytes: u64, source: &Path) -> Result<()> {
    use std::os::unix::fs::FileExt;
    let at = place(7, bytes);
    let mut client = Client::to(serving)?;
    let (head, first) = client.range(serving, &format!("{at}-{}", at + VIEW_BYTES - 1))?;
    let mut got = first;
    client.rest(&head, got.len() as u64, |bytes| got.extend_from_slice(bytes))?;
    let mut plain = vec![0; got.len()];
    std::fs::File::open(source.join("000000.mp4"))?.read_exact_at(&mut plain, at)?;
    ensure!(got == plain, "other bytes");
    Ok(())
}

/// As a player seeks: everything from a place on, given up for the next place.
fn seeks(name: &str, serving: &Serving, bytes: u64) -> Result<()> {
    let mut times = Vec::new();
    for number in 0..SEEKS {
        let began = Instant::now();
        let mut client = Client::to(serving)?;
        let (_, mut first) = client.range(serving, &format!("{}-", place(number, bytes)))?;
        while first.is_empty() {
            let count = client.socket.read(&mut client.buffer)?;
            first.extend_from_slice(&client.buffer[..count]);
        }
        times.push(began.elapsed());
    }
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "| 1 x {} MiB | seek to first byte | {name} | p50 {:.2} ms | p99 {:.2} ms | | |",
        bytes >> 20,
        at(50),
        at(99)
    );
    Ok(())
}

/// Megabytes a second of whole streams at once; the median of three, after one that warms.
fn throughput(serving: &Serving, bytes: u64) -> Result<f64> {
    let mut rates = Vec::new();
    for run in 0..4 {
        let began = Instant::now();
        std::thread::scope(|scope| {
            let streams: Vec<_> = (0..STREAMS)
                .map(|_| {
                    scope.spawn(move || {
                        let mut client = Client::to(serving)?;
                        let (head, first) = client.range(serving, "0-")?;
                        client.rest(&head, first.len() as u64, |_| {})
                    })
                })
                .collect();
            streams.into_iter().try_for_each(|stream| {
                let length = stream.join().map_err(|_| anyhow::anyhow!("a stream"))??;
                ensure!(length == bytes, "a short stream");
                anyhow::Ok(())
            })
        })?;
        #[expect(clippy::cast_precision_loss, reason = "shown without fractions")]
        let rate = (bytes * STREAMS as u64) as f64 / began.elapsed().as_secs_f64() / 1e6;
        if run > 0 {
            rates.push(rate);
        }
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates[rates.len() / 2])
}

fn resident_mib(child: &Child) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS")).context("no VmRSS")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1_024)
}

/// Many at once, each seeking about: memory before it and after each round.
fn viewers(serving: &Serving, bytes: u64) -> Result<()> {
    let people = PEOPLE.map(|login| sign_in(serving, login));
    let people: Vec<String> = people.into_iter().collect::<Result<_>>()?;
    let people = &people;
    let before = resident_mib(&serving.child)?;
    let began = Instant::now();
    let mut seen = Vec::new();
    for round in 0..ROUNDS {
        std::thread::scope(|scope| {
            let viewers: Vec<_> = (0..VIEWERS)
                .map(|viewer| {
                    scope.spawn(move || {
                        let mut client = Client::to(serving)?;
                        let person = viewer * PEOPLE.len() as u64 / VIEWERS;
                        let fields = &people[usize::try_from(person)?];
                        for view in 0..VIEWS {
                            let at = place((round * VIEWERS + viewer) * VIEWS + view, bytes);
                            let range = format!("{at}-{}", at + VIEW_BYTES - 1);
                            let (head, first) = client.range_as(fields, serving, &range)?;
                            client.rest(&head, first.len() as u64, |_| {})?;
                        }
                        anyhow::Ok(())
                    })
                })
                .collect();
            viewers
                .into_iter()
                .try_for_each(|viewer| viewer.join().map_err(|_| anyhow::anyhow!("a viewer"))?)
        })?;
        seen.push(resident_mib(&serving.child)?);
    }
    println!(
        "| 1 x {} MiB | {VIEWERS} viewers, {} ranges of 4 MiB | vault | {:.1} | | | before {before}, then {} |",
        bytes >> 20,
        VIEWERS * VIEWS * ROUNDS,
        began.elapsed().as_secs_f64(),
        seen.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
    );
    Ok(())
}
