//! The answer to a commit gets lost: the database is asked again, nothing is repeated blindly.

use crate::house::{House, Kind, THINGS, Things, entropy, log, made, person, start, word};
use kernel::Actor;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use store::{DatabaseUrl, Store};

const PASS: u8 = 0;
/// The commit reaches the server; its answer does not reach us.
const LOSE_ANSWER: u8 = 1;
/// The commit does not reach the server.
const LOSE_COMMIT: u8 = 2;

/// A network between us and the server that fails on demand, once.
struct Network {
    address: SocketAddr,
    fault: Arc<AtomicU8>,
}

impl Network {
    fn new(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let fault = Arc::new(AtomicU8::new(PASS));
        let shared = fault.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).expect("the test server answers");
                let lost = Arc::new(AtomicU8::new(PASS));
                let (a, b) = (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
                let (fault, flag) = (shared.clone(), lost.clone());
                std::thread::spawn(move || upwards(a, b, &fault, &flag));
                std::thread::spawn(move || downwards(server, client, &lost));
            }
        });
        Self { address, fault }
    }
}

fn upwards(mut client: TcpStream, mut server: TcpStream, fault: &AtomicU8, lost: &AtomicU8) {
    let mut buffer = [0; 65536];
    while let Ok(read @ 1..) = client.read(&mut buffer) {
        let bytes = &buffer[..read];
        if bytes.windows(6).any(|window| window == b"COMMIT") {
            match fault.swap(PASS, Ordering::SeqCst) {
                LOSE_COMMIT => break,
                other => lost.store(other, Ordering::SeqCst),
            }
        }
        if server.write_all(bytes).is_err() {
            break;
        }
    }
    client.shutdown(Shutdown::Both).ok();
    server.shutdown(Shutdown::Both).ok();
}

fn downwards(mut server: TcpStream, mut client: TcpStream, lost: &AtomicU8) {
    let mut buffer = [0; 65536];
    while let Ok(read @ 1..) = server.read(&mut buffer) {
        if lost.load(Ordering::SeqCst) == LOSE_ANSWER || client.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    client.shutdown(Shutdown::Both).ok();
    server.shutdown(Shutdown::Both).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_lost_answer_we_know_whether_the_commit_was_kept() {
    let house = House::new(Kind::Postgres).await;
    let url = &house.database.as_ref().expect("a database").url;
    let (user, rest) = url.split_once('@').unwrap();
    let (place, name) = rest.split_once('/').unwrap();
    let network = Network::new(place.to_owned());
    let address = DatabaseUrl::parse(&format!("{user}@{}/{name}", network.address)).unwrap();
    let store = Store::open(&address, house.keys(), Things::new(&[THINGS]), entropy()).await.unwrap();
    let log = log();

    for (turn, fault, expected, kept) in
        [(0, PASS, "ok", 1), (1, LOSE_ANSWER, "ok", 2), (2, LOSE_COMMIT, "unreachable", 2), (3, PASS, "ok", 3)]
    {
        let mut tx = store.begin(start(), Actor::system("test")).await.unwrap();
        let id = format!("thing-{turn}");
        tx.append(&log, "thing.made", &id, made(&id, &person(), "x")).await.unwrap();
        network.fault.store(fault, Ordering::SeqCst);
        assert_eq!(word(&tx.commit().await), expected, "turn {turn}");
        assert_eq!(house.count("SELECT COUNT(*) AS n FROM things").await, kept, "turn {turn}");
    }
    assert!(house.store.replay(start(), false).await.unwrap().different.is_empty());
    store.close().await;
}
