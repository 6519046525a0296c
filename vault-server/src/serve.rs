//! Connections: accepted up to a number, each with limits on its head and its time, and ended in
//! order when a stop is asked for.

mod socket;

use crate::extract::{Place, Protected};
use crate::limits::{
    BACKLOG, DESCRIPTORS_BESIDE, HANDSHAKE_WAIT, HEAD_BYTES_MAX, HEAD_FIELDS_MAX, HEAD_WAIT,
    SEND_BUFFER_BYTES, STOP_WAIT,
};
use crate::state::App;
use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket::Socket;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
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

/// Listens. Connections get a send buffer of a fixed size: what lies in it has left the vault.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How many connections there can be: as many as configured, as far as descriptors reach. What the
/// system allows is asked for first.
fn seats(configured: usize) -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let descriptors = getrlimit(Resource::Nofile).current;
    let descriptors = descriptors.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
    let seats = configured.min(descriptors.saturating_sub(DESCRIPTORS_BESIDE)).max(1);
    if seats < configured {
        tracing::warn!(configured, seats, ?raised, "fewer connections: descriptors are limited");
    }
    seats
}

/// Serves until `stop` ends, then lets what is open come to its end for a while.
pub async fn serve(
    app: App,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    routes: Router,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let room = Arc::new(Semaphore::new(seats(app.config.connections)));
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
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        stream.set_nodelay(true).ok();
        let stream = Socket::new(stream);
        let (app, routes, tls, watcher) =
            (app.clone(), routes.clone(), tls.clone(), open.watcher());
        tokio::spawn(async move {
            let _seat = seat;
            app.metrics.connections.fetch_add(1, Ordering::Relaxed);
            match tls {
                None => one(stream.clone(), stream, (place, false), routes, watcher).await,
                Some(tls) => {
                    let shaking = tls.accept(stream.clone());
                    let shaken = tokio::time::timeout(HANDSHAKE_WAIT, shaking).await;
                    if let Ok(Ok(shaken)) = shaken {
                        one(shaken, stream, (place, true), routes, watcher).await;
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
    socket: Socket,
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
        () = cut.0.notified() => {
            // Closed with nothing to linger for, it is reset: the other end gets no byte more.
            let reset = socket.reset_on_close();
            tracing::info!(?reset, "a connection was cut: its leave to read ended");
        }
    }
}
