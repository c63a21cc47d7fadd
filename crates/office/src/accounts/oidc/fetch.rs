//! One question to the provider: to an address it may be asked at, with limits on time and size. No redirect is
//! followed, no proxy is asked.

use super::Oidc;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

/// How long an answer may take, from the first byte sent to the last received. Coming back takes three questions, which
/// together stay below what a page of ours may take.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Why there is no answer; nothing of what was said is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FetchError {
    Forbidden,
    Unreachable,
    Tls,
    Late,
    Protocol,
    Status(StatusCode),
}

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("an address outside the provider's origins"),
            Self::Unreachable => f.write_str("it cannot be reached"),
            Self::Tls => f.write_str("no TLS with it, or a certificate that is not trusted"),
            Self::Late => f.write_str("it takes too long"),
            Self::Protocol => f.write_str("it does not speak HTTP, or says too much"),
            Self::Status(status) => write!(f, "it answered {status}"),
        }
    }
}

/// What is asked, beside the address.
pub(super) enum Question {
    Get,
    /// A form, with a value for `Authorization` where there is one.
    Post(String, Option<String>),
}

impl Oidc {
    /// The body of a good answer.
    pub(super) async fn fetch(&self, address: &str, question: Question) -> Result<Bytes, FetchError> {
        let url = self.allowed(address).ok_or(FetchError::Forbidden)?;
        let answer = tokio::time::timeout(PATIENCE, self.exchange(&url, question));
        answer.await.map_err(|_| FetchError::Late)?
    }

    async fn exchange(&self, url: &Url, question: Question) -> Result<Bytes, FetchError> {
        let host = url.host_str().ok_or(FetchError::Forbidden)?.trim_matches(['[', ']']);
        let port = url.port_or_known_default().ok_or(FetchError::Forbidden)?;
        let stream = TcpStream::connect((host, port)).await.map_err(|_| FetchError::Unreachable)?;
        let request = request(url, question)?;
        if url.scheme() == "http" {
            return spoken(stream, request).await;
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| FetchError::Tls)?;
        let secured = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        spoken(secured.map_err(|_| FetchError::Tls)?, request).await
    }
}

fn request(url: &Url, question: Question) -> Result<Request<Full<Bytes>>, FetchError> {
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let asked = Request::builder().uri(path).header(header::HOST, authority).header(header::ACCEPT, "application/json");
    let built = match question {
        Question::Get => asked.body(Full::default()),
        Question::Post(form, authorization) => {
            let mut asked = asked.method("POST").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if let Some(value) = authorization {
                asked = asked.header(header::AUTHORIZATION, value);
            }
            asked.body(Full::from(form))
        }
    };
    built.map_err(|_| FetchError::Protocol)
}

async fn spoken<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Bytes, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| FetchError::Protocol)?;
    let answer = async {
        let answer = sender.send_request(request).await.map_err(|_| FetchError::Protocol)?;
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(FetchError::Status(status));
        }
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        body.map(http_body_util::Collected::to_bytes).map_err(|_| FetchError::Protocol)
    };
    // The connection moves the bytes, and ends with the answer.
    tokio::pin!(answer, connection);
    tokio::select! {
        answer = &mut answer => answer,
        _ = &mut connection => answer.await,
    }
}
