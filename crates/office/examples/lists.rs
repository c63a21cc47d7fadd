//! The lists of a large house under fifty clients: `cargo xtask bench office` runs it and holds its figures to their limits.
//!
//! One hundred thousand requests, a thousand agreements and two hundred thousand duties lie in the tables, put there by the
//! statement; a real server answers over loopback. Then eight hundred thousand duties more, and the search for what is due.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{House, Kind, PASSWORD};
use office::duties;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use web::Role;

const CLIENTS: usize = 50;
const ROUNDS: usize = 40;
const LIST_LIMIT: Duration = Duration::from_millis(50);
const SCAN_LIMIT: Duration = Duration::from_millis(100);
const PAGES: [&str; 7] = ["/", "/duties", "/duties?whose=mine", "/requests", "/agreements", "/parties", "/ledger"];

const CONTROLLERS: &str = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1) \
    INSERT INTO controllers (id, name, subject, contact, lang, place, since) \
    SELECT '01ks000000000000' || CAST(1000000000 + i AS TEXT), 'Customer ' || CAST(i AS TEXT), \
    '01kt000000000000' || CAST(1000000000 + i AS TEXT), 'dpo@customer.example', 'en', 'FR', 0 FROM n";
const AGREEMENTS: &str = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1) \
    INSERT INTO agreements (id, controller, title, file_name, document, language, document_kind, state, imported_at) \
    SELECT '01ks000000000000' || CAST(1000000000 + i AS TEXT), '01ks000000000000' || CAST(1000000000 + i AS TEXT), \
    'Data processing agreement ' || CAST(i AS TEXT), 'dpa.txt', 'x', 'en', 'dpa', 'in-force', 1790000000000 + i FROM n";
const REQUESTS: &str = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1) \
    INSERT INTO requests (id, controller, right_kind, subject, email, note, channel, received_at, state, package_taken) \
    SELECT '01ks000000000000' || CAST(1000000000 + i AS TEXT), '01ks000000000000' || CAST(1000000000 + i % 1000 AS TEXT), \
    'access', '01kt000000000000' || CAST(1000000000 + i AS TEXT), 'somebody@example.org', '', 'mail', 1790000000000 + i, \
    CASE WHEN i % 4 = 0 THEN 'forwarded' ELSE 'closed' END, 0 FROM n";
const DUTIES: &str = "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2 - 1) \
    INSERT INTO duties (id, controller, agreement, promise, record, state, title_en, title_fr, mode, role, place, edition, \
    started_at, own_due, other_due, urgent_at, told_at, next_at, paused_ms, explanation_en, explanation_fr) \
    SELECT '01ks000000000000' || CAST(1000000000 + i AS TEXT), '01ks000000000000' || CAST(1000000000 + i % 1000 AS TEXT), \
    '01ks000000000000' || CAST(1000000000 + i % 1000 AS TEXT), 'requests.forward', \
    '01ks000000000000' || CAST(1000000000 + i AS TEXT), 'running', 'Forward the request to the controller', \
    'Transmettre la demande au responsable', 'event', CASE WHEN i % 5 = 0 THEN 'engineer' ELSE 'dpo' END, 'FR', '2026-11', \
    1790000000000, 1890000000000 + i, 1890000000000 + i, 1890000000000 + i, 1790000000000, 1890000000000 + i, 0, 'one month', \
    'un mois' FROM n";

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    let mut fine = true;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if matches!(kind, Kind::Postgres) && std::env::var_os("GARANT_TEST_POSTGRES").is_none() {
            println!("PostgreSQL: not measured, GARANT_TEST_POSTGRES names no server");
            continue;
        }
        fine &= runtime.block_on(measure(kind));
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn fill(house: &House, sql: &'static str, args: Vec<store::Arg>) {
    let mut tx = house.store().begin(house.app.now(), kernel::Actor::system("bench")).await.expect("a transaction");
    tx.execute(sql, args).await.expect("filled");
    tx.commit().await.expect("committed");
}

async fn measure(kind: Kind) -> bool {
    let mut house = House::new(kind).await;
    house.person(Role::Dpo).await;
    for (sql, count) in [(CONTROLLERS, 1_000_i64), (AGREEMENTS, 1_000), (REQUESTS, 100_000)] {
        fill(&house, sql, vec![count.into()]).await;
    }
    fill(&house, DUTIES, vec![0_i64.into(), 200_000_i64.into()]).await;
    house.analyse().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = office::router(&house.app).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let cookie = sign_in(address, &house.people[0].2).await;
    println!("{kind:?}: 100,000 requests, 1,000 agreements, 200,000 duties, {CLIENTS} clients");
    let mut fine = true;
    for page in PAGES {
        fine &= list(address, page, &cookie).await;
    }
    fine &= scan(&house).await;
    server.abort();
    fine
}

/// One page, asked for by all clients at once, each again as soon as it was answered.
async fn list(address: SocketAddr, page: &'static str, cookie: &str) -> bool {
    let clients = (0..CLIENTS).map(|_| {
        let cookie = cookie.to_owned();
        tokio::spawn(async move {
            let mut client = Client::new(address).await;
            client.get(page, &cookie).await;
            let mut times = Vec::with_capacity(ROUNDS);
            for _ in 0..ROUNDS {
                let start = Instant::now();
                let (status, bytes) = client.get(page, &cookie).await;
                assert!(status == 200 && bytes > 1000, "{page}: {status}, {bytes} bytes");
                times.push((start.elapsed(), bytes));
            }
            times
        })
    });
    let clients: Vec<_> = clients.collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.expect("a client"));
    }
    times.sort();
    let (median, p95, bytes) = (times[times.len() / 2].0, times[times.len() * 95 / 100].0, times[0].1);
    let fine = p95 <= LIST_LIMIT;
    let word = if fine { "" } else { "   MISSED" };
    println!(
        "  {page:<22} median {median:>7.1?}   p95 {p95:>7.1?} (limit {LIST_LIMIT:?})   {:>4} KB{word}",
        bytes / 1000
    );
    fine
}

async fn scan(house: &House) -> bool {
    fill(house, DUTIES, vec![200_000_i64.into(), 1_000_000_i64.into()]).await;
    house.analyse().await;
    let mut times = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        assert_eq!(duties::scan(&house.app).await.expect("scanned"), 0);
        times.push(start.elapsed());
    }
    times.sort();
    let worst = times[times.len() - 1];
    let fine = worst <= SCAN_LIMIT;
    let word = if fine { "" } else { "   MISSED" };
    println!(
        "  1,000,000 duties: what is due is found in {:.1?}, at worst {worst:.1?} (limit {SCAN_LIMIT:?}){word}",
        times[10]
    );
    fine
}

async fn sign_in(address: SocketAddr, email: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let body = format!("email={email}&password={PASSWORD}&next=/");
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (_, cookie) = answer.split_once("set-cookie: ").expect("a session");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// A connection that is kept, as a browser keeps one.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    async fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self { stream, buffer: Vec::new() }
    }

    /// The status of the answer and the bytes of its body.
    async fn get(&mut self, page: &str, cookie: &str) -> (u16, usize) {
        let request = format!("GET {page} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        self.buffer.clear();
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
                let (_, length) = head.split_once("content-length: ").expect("a length");
                let length: usize = length.lines().next().and_then(|text| text.parse().ok()).expect("a number");
                while self.buffer.len() < end + 4 + length {
                    self.read().await;
                }
                let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
                return (status, length);
            }
            self.read().await;
        }
    }

    async fn read(&mut self) {
        let count = self.stream.read_buf(&mut self.buffer).await.expect("readable");
        assert!(count > 0, "the server hung up");
    }
}
