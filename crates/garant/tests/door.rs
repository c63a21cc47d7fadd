//! The real server against clients that are slow on purpose, and told to stop while they hang on.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `garant serve` on a free port; it ends with this value.
struct Server {
    child: Child,
    address: String,
    _dir: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn server() -> Server {
    let dir = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_garant"))
        .args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--dir"])
        .arg(dir.path().join("house"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("garant starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("is listening")).expect("it listens");
    let address = line.rsplit("http://").next().expect("an address").to_owned();
    std::thread::spawn(move || lines.for_each(drop));
    Server { child, address, _dir: dir }
}

fn say(to: &Server, words: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&to.address).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("set");
    stream.write_all(words.as_bytes()).expect("said");
    stream
}

/// What comes until the server closes; an error when it never does.
fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("closed in time");
    answer
}

const HALF_A_BODY: &str = "POST /sign-in HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                           Content-Length: 10\r\n\r\ne";

#[test]
fn slow_heads_and_bodies_are_sent_away_while_others_are_served() {
    let server = server();
    let (silent, head, body) =
        (say(&server, ""), say(&server, "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: "), say(&server, HALF_A_BODY));
    let page = rest(say(&server, "GET /sign-in HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<form"));
    let long = format!("GET /sign-in HTTP/1.1\r\nHost: h\r\nX-Long: {}\r\n\r\n", "x".repeat(200 << 10));
    let mut stream = TcpStream::connect(&server.address).expect("connected");
    let refused = stream.write_all(long.as_bytes()).is_err() || {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).is_err() || answer.starts_with(b"HTTP/1.1 431")
    };
    assert!(refused, "a head has an end");
    assert_eq!((rest(silent), rest(head)), (String::new(), String::new()));
    assert!(rest(body).starts_with("HTTP/1.1 4"), "a form that never came whole is none");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_within_ten_seconds_whoever_hangs_on() {
    let mut server = server();
    let held: Vec<TcpStream> =
        [HALF_A_BODY, "", "GET / HTTP/1.1\r\nHost: h\r\nX-Slow: "].map(|words| say(&server, words)).into();
    // The last of them is known to be there: it got an answer and stays.
    let mut answered = say(&server, "GET /sign-in HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(answered.read(&mut [0; 8]).expect("an answer"), 8);
    let begun = Instant::now();
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("`kill` of coreutils").success());
    let status = server.child.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    drop(held);
}
