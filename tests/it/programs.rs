//! The programs as processes: what signals do to them, and that the service answers and stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use vault_tests::command::Vaultctl;
use vault_tests::program::{built, free_port};

/// Long enough for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(id, signal).expect("a signal");
}

fn ended(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("asked") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().ok();
    panic!("it does not end");
}

fn vault(directory: &Path) -> Vaultctl {
    let ctl = Vaultctl::on(directory).expect("vaultctl");
    assert_eq!(ctl.init().expect("init").code, 0);
    ctl
}

fn get(port: u16, path: &str) -> Option<String> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(socket, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
    let mut text = String::new();
    socket.read_to_string(&mut text).ok()?;
    Some(text)
}

fn answer(port: u16, path: &str) -> String {
    let began = Instant::now();
    loop {
        match get(port, path) {
            Some(text) => return text,
            None if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
            None => panic!("the server does not answer"),
        }
    }
}

#[test]
fn the_server_answers_in_words_and_stops_cleanly_on_both_signals() {
    let scratch = tempfile::tempdir().expect("scratch");
    let ctl = vault(&scratch.path().join("vault"));
    assert_eq!(ctl.call(&["ledger", "checkpoint"]).expect("runs").code, 0);
    for stop in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let port = free_port().expect("a port");
        let mut server = Command::new(built("vault-server").expect("vault-server"))
            .arg("--vault")
            .arg(ctl.vault())
            .args(["--listen", &format!("127.0.0.1:{port}"), "--tls", "off"])
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        assert!(answer(port, "/readyz").starts_with("HTTP/1.0 200"));
        assert!(answer(port, "/ledger/checkpoint").contains("evidence-vault/"));
        assert!(answer(port, "/ledger/tile/../../secrets/vault.key").contains(" 404 "));
        signal(&server, stop);
        assert_eq!(ended(&mut server), Some(0));
    }
}

#[test]
fn the_first_interrupt_ends_an_intake_cleanly_and_the_second_at_once() {
    let scratch = tempfile::tempdir().expect("scratch");
    let ctl = vault(&scratch.path().join("vault"));
    let source = scratch.path().join("large.bin");
    // Sparse, so that reading it takes long and nothing else does.
    std::fs::File::create(&source).expect("file").set_len(20 << 30).expect("a long file");
    for interrupts in [1, 2] {
        let mut ingest = ctl
            .ingest_command(&source)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(1_500));
        for _ in 0..interrupts {
            signal(&ingest, rustix::process::Signal::INT);
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(ended(&mut ingest), Some(130));
    }
    assert_eq!(ctl.call(&["verify", "--all"]).expect("runs").code, 0);
    assert_eq!(ctl.call(&["ledger", "verify"]).expect("runs").code, 0);
}
