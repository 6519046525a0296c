//! The served description of the interface holds: schemathesis, which nobody here wrote, calls every
//! route with what the description allows and with what it does not, as several people. No answer
//! is a fault of the service, and each is one the description has (R29, R30).

use crate::kill::root;
use crate::office::Office;
use std::process::Command;
use vault_tests::program::cached;
use vault_tests::service::Service;

/// What is looked at in each answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";

/// Calls as this person for so many seconds.
fn held_to(service: &Service, person: &str, seconds: u32, phases: &str) {
    let mut command = Command::new(cached("venv/bin/schemathesis").expect("schemathesis"));
    // Writes what it remembers where it is started.
    let scratch = tempfile::tempdir().expect("scratch");
    command.current_dir(&scratch).env("SCHEMATHESIS_HOOKS", "schemathesis_hooks");
    command.env("PYTHONPATH", root().join("tests/clients")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.args(["--no-color", "run", &format!("{}/api/openapi.json", service.url())]);
    command.args(["--checks", CHECKS, "--phases", phases, "--seed", "20200026", "--no-shrink"]);
    command.args(["--max-time", &seconds.to_string(), "--continue-on-failure"]);
    command.args(["--suppress-health-check", "all", "--warnings", "off"]);
    command.args(["--request-timeout", "20"]);
    if !person.is_empty() {
        let cookie = service.cookie(person).expect("a session");
        command.args(["--header", &format!("Cookie: {cookie}")]);
        // Whoever signs out is a stranger from then on.
        command.args(["--exclude-operation-id", "sign_out"]);
    }
    let output = command.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "as {person:?}: {said}\n{errors}");
    println!("as {person:?}: {}", said.lines().rev().take(12).collect::<Vec<_>>().join("\n"));
}

fn office() -> (Office, Service) {
    let office = Office::new();
    office.recording();
    let service = Service::on(office.ctl.vault(), true).expect("service");
    for person in ["qian", "zhang", "sys", "sec", "aud", "li", "zhao"] {
        assert_eq!(service.sign_in(person, &format!("own-{person}-1")).status, 200);
    }
    (office, service)
}

#[test]
fn no_call_of_the_description_is_a_fault_of_the_service() {
    let (office, service) = office();
    for person in ["", "qian", "sec"] {
        held_to(&service, person, 10, "examples,coverage,fuzzing");
    }
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
}

#[test]
fn long_no_call_of_the_description_as_anybody_is_a_fault_of_the_service() {
    let (office, service) = office();
    for person in ["", "qian", "zhang", "li", "zhao", "sys", "sec", "aud"] {
        held_to(&service, person, 240, "examples,coverage,fuzzing,stateful");
    }
    assert_eq!(office.ctl.call(&["ledger", "verify"]).expect("verify").code, 0);
    assert_eq!(office.ctl.call(&["verify", "--all"]).expect("verify").code, 0);
}
