//! A way to a server on which the n-th request meets a fault.
//!
//! One request for each connection, so that requests can be counted: the proxy reads a request,
//! sends it on with `Connection: close`, reads the answer to its end and hands it back.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// How long the proxy waits for either side.
const PATIENCE: Duration = Duration::from_mins(1);

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It is dropped before the server sees it.
    DropRequest,
    /// The server does what is asked; its answer is lost.
    DropAnswer,
    /// The server sees the first half of it.
    TruncateRequest,
    /// The client sees the first half of the answer.
    TruncateAnswer,
    /// The server says that it is overloaded.
    Unavailable,
}

impl Mishap {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::DropRequest,
        Self::DropAnswer,
        Self::TruncateRequest,
        Self::TruncateAnswer,
        Self::Unavailable,
    ];
}

/// Which requests meet the mishap.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// The n-th, counted from 1.
    Nth(usize),
    /// Every one.
    Always,
}

/// A running proxy; stopped when dropped.
#[derive(Debug)]
pub struct FaultProxy {
    port: u16,
    seen: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl FaultProxy {
    /// Starts a proxy to a port of the loopback.
    pub fn start(server: u16, mishap: Mishap, when: When) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(AtomicUsize::new(0));
        let stopped = Arc::new(AtomicBool::new(false));
        let (counter, stop) = (Arc::clone(&seen), Arc::clone(&stopped));
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let counter = Arc::clone(&counter);
                std::thread::spawn(move || {
                    // Broken connections are what this is for.
                    relay(socket, server, mishap, when, &counter).ok();
                });
            }
        });
        Ok(Self { port, seen, stopped })
    }

    /// The proxy's address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many requests came so far.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees that it is to stop.
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok();
    }
}

fn relay(
    mut client: TcpStream,
    server: u16,
    mishap: Mishap,
    when: When,
    counter: &AtomicUsize,
) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    let Some((head, body)) = read_request(&mut client)? else { return Ok(()) };
    let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
    let met = match when {
        When::Nth(nth) => nth == number,
        When::Always => true,
    };
    let mishap = met.then_some(mishap);
    if mishap == Some(Mishap::DropRequest) {
        return client.shutdown(Shutdown::Both);
    }
    if mishap == Some(Mishap::Unavailable) {
        let answer = "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.write_all(answer.as_bytes())?;
        return client.shutdown(Shutdown::Write);
    }
    let mut request = head.into_bytes();
    request.extend_from_slice(&body);
    if mishap == Some(Mishap::TruncateRequest) {
        request.truncate(request.len() / 2);
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server));
    let mut upstream = TcpStream::connect_timeout(&address, PATIENCE)?;
    upstream.set_read_timeout(Some(PATIENCE))?;
    upstream.write_all(&request)?;
    if mishap == Some(Mishap::TruncateRequest) {
        upstream.shutdown(Shutdown::Both)?;
        return client.shutdown(Shutdown::Both);
    }
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    match mishap {
        Some(Mishap::DropAnswer) => return client.shutdown(Shutdown::Both),
        Some(Mishap::TruncateAnswer) => answer.truncate(answer.len() / 2),
        _ => {}
    }
    client.write_all(&answer)?;
    client.shutdown(Shutdown::Write)
}

/// Reads one request; its head asks for the connection to be closed.
fn read_request(client: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut read = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    let end = loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 2;
        }
        match client.read(&mut buffer)? {
            0 => return Ok(None),
            got => read.extend_from_slice(&buffer[..got]),
        }
    };
    let mut body = read.split_off(end + 2);
    read.truncate(end);
    let head = String::from_utf8(read).map_err(io::Error::other)?;
    let length = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok()
        })
        .unwrap_or(0);
    while body.len() < length {
        match client.read(&mut buffer)? {
            0 => return Ok(None),
            got => body.extend_from_slice(&buffer[..got]),
        }
    }
    Ok(Some((format!("{head}Connection: close\r\n\r\n"), body)))
}
