//! Connections: accepted up to a number, each with limits on its head and its time, and ended in
//! order when a stop is asked for.

use crate::extract::{Place, Protected};
use crate::limits::{HANDSHAKE_WAIT, HEAD_BYTES_MAX, HEAD_FIELDS_MAX, HEAD_WAIT, STOP_WAIT};
use crate::state::App;
use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// Cuts the connection it came with.
#[derive(Debug, Clone, Default)]
pub struct Cut(Arc<Notify>);

impl Cut {
    /// Cuts it.
    pub fn cut(&self) {
        self.0.notify_one();
    }
}

/// Serves until `stop` ends, then lets what is open come to its end for a while.
pub async fn serve(
    app: App,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    routes: Router,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let room = Arc::new(Semaphore::new(app.config.connections));
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        // Without room nobody is accepted: the kernel lets them wait, and nobody is turned away.
        let Ok(seat) = Arc::clone(&room).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, mostly: some are given back soon.
                tracing::warn!(%error, "not accepted");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                continue;
            }
        };
        stream.set_nodelay(true).ok();
        let (app, routes, tls, watcher) =
            (app.clone(), routes.clone(), tls.clone(), open.watcher());
        tokio::spawn(async move {
            let _seat = seat;
            app.metrics.connections.fetch_add(1, Ordering::Relaxed);
            match tls {
                None => one(stream, (place, false), routes, watcher).await,
                Some(tls) => {
                    let shaken = tokio::time::timeout(HANDSHAKE_WAIT, tls.accept(stream)).await;
                    if let Ok(Ok(stream)) = shaken {
                        one(stream, (place, true), routes, watcher).await;
                    }
                }
            }
            app.metrics.connections.fetch_sub(1, Ordering::Relaxed);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_WAIT, open.shutdown()).await.is_err() {
        tracing::warn!("connections were still open and are cut");
    }
    Ok(())
}

async fn one(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (place, protected): (SocketAddr, bool),
    routes: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let cut = Cut::default();
    let cuts = cut.clone();
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Place(place));
        request.extensions_mut().insert(Protected(protected));
        request.extensions_mut().insert(cuts.clone());
        routes.clone().oneshot(request)
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WAIT)
        .max_buf_size(HEAD_BYTES_MAX.max(8_192))
        .max_headers(HEAD_FIELDS_MAX)
        .half_close(false);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        ended = watcher.watch(connection) => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        }
        () = cut.0.notified() => tracing::info!("a connection was cut: its leave to read ended"),
    }
}
