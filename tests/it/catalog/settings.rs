//! Catalogues that must not be opened: settings that void a promise, and damaged files.

use super::kit::{clock, fill, leave, server, sqlite};
use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;
use vault_core::catalog::{Catalog, Location};
use vault_core::fault::Code;
use vault_core::policy::Act;
use vault_tests::postgres::PostgresServer;

const WAIT: Duration = Duration::from_secs(5);

async fn refused(address: String, setting: &str) {
    let fault = Catalog::create(&Location::Postgres(address), WAIT).await.expect_err(setting);
    assert_eq!(fault.code(), Code::SettingVoidsPromise, "{fault}");
    assert_eq!(fault.detail("setting"), Some(setting));
}

#[tokio::test]
async fn a_postgres_server_that_does_not_sync_is_refused() {
    for setting in ["fsync", "full_page_writes"] {
        let off = PostgresServer::start(&[&format!("{setting}=off")]).expect("starts");
        refused(off.database().await.expect("a database"), setting).await;
    }
}

#[tokio::test]
async fn a_postgres_role_that_does_not_wait_for_the_disk_is_refused() {
    let server = server();
    server.run("DROP ROLE IF EXISTS careless").await.expect("clean");
    server.run("CREATE ROLE careless LOGIN SUPERUSER").await.expect("a role");
    server.run("ALTER ROLE careless SET synchronous_commit = off").await.expect("set");
    let address = server.database().await.expect("a database");
    refused(address.replace("vault@", "careless@"), "synchronous_commit").await;
}

#[tokio::test]
async fn a_postgres_database_of_another_encoding_is_refused() {
    let server = server();
    let sql = "CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0";
    server.run(sql).await.expect("a database");
    refused(server.address("vault", "latin"), "server_encoding").await;
    server.run("DROP DATABASE latin WITH (FORCE)").await.expect("clean");
}

#[tokio::test]
async fn settings_changed_while_it_is_open_are_noticed_before_the_next_change() {
    let server = PostgresServer::start(&[]).expect("starts");
    let address = server.database().await.expect("a database");
    let catalog = Catalog::create(&Location::Postgres(address), WAIT).await.expect("made");
    server.run("ALTER SYSTEM SET full_page_writes = off").await.expect("set");
    server.run("SELECT pg_reload_conf()").await.expect("reloaded");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let fault = catalog.begin(leave(Act::TakeIn), &clock()).await.expect_err("refused");
    assert_eq!(fault.detail("setting"), Some("full_page_writes"));
}

#[tokio::test]
async fn a_postgres_server_that_is_not_there_is_out_of_reach() {
    let address = "postgres://vault@127.0.0.1:1/vault".to_owned();
    let fault = Catalog::open(&Location::Postgres(address), WAIT).await.expect_err("nobody there");
    assert_eq!(fault.code(), Code::CatalogueUnreachable);
}

#[tokio::test]
async fn a_damaged_or_missing_file_is_named() {
    let place = sqlite();
    let Location::Sqlite(path) = &place.location else { return };
    let fault = Catalog::open(&place.location, WAIT).await.expect_err("missing");
    assert_eq!(fault.code(), Code::CatalogueDamaged);
    let catalog = place.create().await;
    fill(&catalog, &clock(), 400).await;
    catalog.close().await;
    let good = std::fs::read(path).expect("reads");
    let put = |bytes: &[u8]| {
        let mut file = std::fs::File::create(path).expect("opens");
        file.write_all(bytes).expect("writes");
    };
    for garbage in [b"this is not a database at all".as_slice(), &good[..50], &[0; 8192]] {
        put(garbage);
        let fault = Catalog::open(&place.location, WAIT).await.expect_err("garbage");
        assert_eq!(fault.code(), Code::CatalogueDamaged, "{fault}");
    }
    put(&good);
    let mut file = std::fs::OpenOptions::new().write(true).open(path).expect("opens");
    let middle = good.len() as u64 / 2 / 4096 * 4096;
    file.seek(SeekFrom::Start(middle)).expect("seeks");
    file.write_all(&[0xa5; 4096]).expect("writes");
    drop(file);
    if let Ok(catalog) = Catalog::open(&place.location, WAIT).await {
        let fault = catalog.check().await.expect_err("a page is garbage");
        assert_eq!(fault.code(), Code::CatalogueDamaged, "{fault}");
    }
}
