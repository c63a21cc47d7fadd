//! The door of the house: connections from anybody, each with little time to say what it wants (OWASP ASVS 5.0, 4.2 and 13.1).
//!
//! A client that is slow on purpose costs it more than us: the head of a request has ten seconds, an idle connection as many, a
//! body half a minute and then what a slow line needs, an answer that nobody takes half a minute. There is a limit on
//! connections, and an end to waiting for them when the server stops.

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use futures_util::StreamExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep, timeout_at};
use tower::ServiceExt;

/// How long clients may take, and how many there are at a time.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// For the head of a request, the time before it included.
    head: Duration,
    /// For a body, beside the time its bytes take.
    body: Duration,
    /// For an answer of which nothing is taken.
    answer: Duration,
    /// Connections at a time.
    connections: usize,
}

impl Limits {
    /// Enough for a telephone in a train. A process may usually hold 1,024 files, and the database needs some.
    pub(crate) const USUAL: Self = Self {
        head: Duration::from_secs(10),
        body: Duration::from_secs(30),
        answer: Duration::from_secs(30),
        connections: 512,
    };
}

/// The slowest line that still brings a document: 256 kbit/s.
const BODY_BYTES_PER_SECOND: u64 = 32 << 10;
/// Bytes of a head, and of what is read ahead.
const BUFFER_BYTES_MAX: usize = 64 << 10;
/// Before trying again when the system gives no connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Connections that may still be at work.
pub(crate) struct Open {
    tasks: JoinSet<()>,
    graceful: GracefulShutdown,
}

impl Open {
    /// Waits until every request that had begun is answered. Dropped before, it closes what is left.
    pub(crate) async fn finish(mut self) {
        self.graceful.shutdown().await;
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Takes connections until `stop` ends; gives those that are still open.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> Open {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut open = Open { tasks: JoinSet::new(), graceful: GracefulShutdown::new() };
    let mut stop = std::pin::pin!(stop);
    loop {
        while open.tasks.try_join_next().is_some() {}
        let next = tokio::select! {
            () = &mut stop => return open,
            next = next(&listener, &places) => next,
        };
        if let Some((stream, peer, place)) = next {
            let connection = connection(stream, peer, router.clone(), limits, open.graceful.watcher());
            open.tasks.spawn(async move {
                let _place = place;
                connection.await;
            });
        }
    }
}

type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// The next connection, once there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "no connection could be taken");
            sleep(PAUSE).await;
            None
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, limits: Limits, watcher: Watcher) {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(ConnectInfo(peer));
        router.clone().oneshot(Request::from_parts(parts, in_time(Body::new(body), limits.body)))
    });
    // An answer leaves at once: it is written as a whole.
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(Taken { stream, patience: limits.answer, stuck: None });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(stream, service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A body that fails when its bytes come too slowly.
fn in_time(body: Body, patience: Duration) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let begun = Instant::now();
    let stream =
        futures_util::stream::try_unfold((body.into_data_stream(), 0_u64), move |(mut data, got)| async move {
            let until = begun + patience + Duration::from_secs(got / BODY_BYTES_PER_SECOND);
            let next = timeout_at(until, data.next()).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
            let chunk: Option<Bytes> = next.transpose().map_err(io::Error::other)?;
            Ok::<_, io::Error>(chunk.map(|chunk| {
                let got = got + chunk.len() as u64;
                (chunk, (data, got))
            }))
        });
    Body::from_stream(stream)
}

/// A stream that fails when the other side takes nothing for a while.
struct Taken {
    stream: TcpStream,
    patience: Duration,
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Taken {
    fn moved<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stuck = None;
            return outcome;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stuck.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Taken {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Taken {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.moved(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.moved(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.moved(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    const SHORT: Limits = Limits {
        head: Duration::from_millis(300),
        body: Duration::from_millis(600),
        answer: Duration::from_millis(300),
        connections: 100,
    };

    /// A house behind the door; what stops it, and its end.
    async fn house(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<Open>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new()
            .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
            .route("/", post(|body: Bytes| async move { body.len().to_string() }))
            .route("/much", get(|| async { vec![b'x'; 64 << 20] }));
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap_or_default() };
        (address, stop, tokio::spawn(serve(listener, router, limits, stopped)))
    }

    async fn answer(to: SocketAddr, said: &str) -> String {
        let mut stream = TcpStream::connect(to).await.expect("connected");
        stream.write_all(said.as_bytes()).await.expect("said");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an end");
        answer
    }

    /// What a client says, what it gets, and after how long it is gone at the earliest.
    #[tokio::test]
    async fn who_is_slow_is_sent_away() {
        let (address, stop, served) = house(SHORT).await;
        for (said, got, least) in [
            ("", "", SHORT.head),
            ("GET / HTTP/1.1\r\nHost: h\r\nX-Slow: ", "", SHORT.head),
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "200 OK", SHORT.head),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nx", "400 Bad Request", SHORT.body),
            (
                "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\nxx",
                "200 OK",
                Duration::ZERO,
            ),
            (
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
                "400 Bad Request",
                SHORT.body,
            ),
        ] {
            let begun = Instant::now();
            let answer = answer(address, said).await;
            assert!(answer.contains(got) && answer.is_empty() == got.is_empty(), "{said:?}: {answer}");
            assert!(begun.elapsed() >= least && begun.elapsed() < Limits::USUAL.head, "{said:?}");
        }
        stop.send(()).expect("it listens");
        served.await.expect("an end").finish().await;
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_dropped() {
        let (address, stop, served) = house(SHORT).await;
        let begun = Instant::now();
        let mut stream = TcpStream::connect(address).await.expect("connected");
        stream.write_all(b"GET /much HTTP/1.1\r\nHost: h\r\n\r\n").await.expect("said");
        stream.read_exact(&mut [0; 16]).await.expect("an answer begins");
        stop.send(()).expect("it listens");
        served.await.expect("an end").finish().await;
        assert!(begun.elapsed() >= SHORT.answer && begun.elapsed() < Limits::USUAL.answer);
    }

    #[tokio::test]
    async fn one_more_than_there_are_places_waits_for_one() {
        let (address, stop, served) = house(Limits { connections: 3, ..Limits::USUAL }).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut stream = TcpStream::connect(address).await.expect("connected");
            stream.write_all(b"GET / HTTP/1.1\r\n").await.expect("said");
            held.push(stream);
        }
        let mut more = TcpStream::connect(address).await.expect("in the queue");
        more.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.expect("said");
        let mut byte = [0];
        let early = tokio::time::timeout(Duration::from_millis(300), more.read(&mut byte)).await;
        assert!(early.is_err(), "there is no place for it");
        drop(held.pop());
        let mut answer = String::new();
        more.read_to_string(&mut answer).await.expect("answered");
        assert!(answer.contains("200 OK"));
        drop(held);
        stop.send(()).expect("it listens");
        served.await.expect("an end").finish().await;
    }
}
