//! A real browser on the demo's console.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// A process of ours; it stops with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

pub(crate) struct Demo {
    _process: Running,
    pub(crate) url: String,
    pub(crate) sample: String,
    pub(crate) accounts: Vec<(String, String, String)>,
}

/// The demo, served from `dir`.
fn demo(dir: &Path) -> Demo {
    let mut child = Command::new(env!("CARGO_BIN_EXE_garant"))
        .args(["--lang", "en", "demo", "--json", "--people", "400", "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("garant starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let ready: serde_json::Value = serde_json::from_str(&line).expect("one line of JSON when ready");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let accounts = ready["accounts"].as_array().expect("accounts");
    Demo {
        _process: Running(child),
        url: text(&ready["url"]),
        sample: text(&ready["sample_subject"]),
        accounts: accounts.iter().map(|a| (text(&a["role"]), text(&a["email"]), text(&a["password"]))).collect(),
    }
}

/// The same house under a host name: passkeys are bound to one.
fn named(demo: Demo, dir: &Path) -> Demo {
    let Demo { _process: process, url, sample, accounts } = demo;
    drop(process);
    let port = url.rsplit_once(':').expect("a port").1;
    let url = format!("http://localhost:{port}");
    let mut child = Command::new(env!("CARGO_BIN_EXE_garant"))
        .args(["--lang", "en", "serve", "--listen", &format!("127.0.0.1:{port}"), "--public-url", &url, "--dir"])
        .arg(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("garant starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains("is listening")), "the house did not open");
    std::thread::spawn(move || lines.for_each(drop));
    Demo { _process: Running(child), url, sample, accounts }
}

/// chromedriver on a free port, ready when it answers.
async fn browser(profile: &Path) -> (Running, WebDriver) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let program = std::env::var("GARANT_TEST_CHROMEDRIVER").unwrap_or_else(|_| "/usr/bin/chromedriver".into());
    let mut child = Command::new(program)
        .arg(format!("--port={port}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("run `cargo xtask test`, it installs chromium and chromium-driver");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("started successfully"));
    assert!(ready, "chromedriver did not start");
    std::thread::spawn(move || lines.for_each(drop));
    let mut caps = DesiredCapabilities::chrome();
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
    ] {
        caps.add_arg(argument).expect("an argument");
    }
    caps.add_arg(&format!("--user-data-dir={}", profile.display())).expect("an argument");
    let driver = WebDriver::new(&format!("http://127.0.0.1:{port}"), caps).await.expect("a browser");
    driver.set_implicit_wait_timeout(Duration::from_secs(5)).await.expect("set");
    (Running(child), driver)
}

/// A walk through the demo in a browser, begun as the data protection officer on a wide and light page.
pub(crate) async fn walk(through: impl AsyncFnOnce(&Visitor<'_>) -> WebDriverResult<()>) {
    walk_in(|_, demo| demo, through).await;
}

/// The same at a house with a host name.
pub(crate) async fn walk_by_name(through: impl AsyncFnOnce(&Visitor<'_>) -> WebDriverResult<()>) {
    walk_in(|dir, demo| named(demo, dir), through).await;
}

async fn walk_in(
    house: impl FnOnce(&Path, Demo) -> Demo,
    through: impl AsyncFnOnce(&Visitor<'_>) -> WebDriverResult<()>,
) {
    let dir = tempfile::tempdir().expect("a folder");
    let demo = house(&dir.path().join("demo"), demo(&dir.path().join("demo")));
    let (_driver, driver) = browser(&dir.path().join("profile")).await;
    let visitor = Visitor { driver: &driver, demo: &demo };
    let begun = async {
        window(&driver, 1280, 900).await?;
        theme(&driver, false).await?;
        visitor.sign_in("dpo").await?;
        through(&visitor).await
    };
    let outcome = begun.await;
    driver.quit().await.expect("the browser closes");
    outcome.expect("the walk");
}

/// Somebody with a browser open on the demo.
pub(crate) struct Visitor<'a> {
    pub(crate) driver: &'a WebDriver,
    pub(crate) demo: &'a Demo,
}

impl Visitor<'_> {
    pub(crate) async fn open(&self, path: &str) -> WebDriverResult<()> {
        self.driver.goto(format!("{}{path}", self.demo.url)).await
    }

    pub(crate) async fn sign_in(&self, role: &str) -> WebDriverResult<()> {
        let (_, email, password) = self.demo.accounts.iter().find(|(known, ..)| known == role).expect("a role");
        self.open("/sign-in").await?;
        self.fill("email", email).await?;
        self.fill("password", password).await?;
        self.press("button[type=submit]").await?;
        self.driver.find(By::Css(".side")).await?;
        self.open("/language?to=en&next=/").await
    }

    pub(crate) async fn sign_out(&self) -> WebDriverResult<()> {
        self.press("form[action='/sign-out'] button").await?;
        self.driver.find(By::Id("password")).await.map(drop)
    }

    pub(crate) async fn fill(&self, id: &str, text: &str) -> WebDriverResult<()> {
        self.driver.find(By::Id(id)).await?.send_keys(text).await
    }

    pub(crate) async fn press(&self, css: &str) -> WebDriverResult<()> {
        self.driver.find(By::Css(css)).await?.click().await
    }

    /// Waits until the page says so: a click may still be on its way to the next page.
    pub(crate) async fn sees(&self, text: &str) -> WebDriverResult<()> {
        let main = format!("//main[contains(normalize-space(.), \"{text}\")]");
        match self.driver.find(By::XPath(main)).await {
            Ok(_) => Ok(()),
            Err(_) => panic!("no `{text}` in:\n{}", self.driver.find(By::Tag("main")).await?.text().await?),
        }
    }

    pub(crate) async fn path(&self) -> WebDriverResult<String> {
        Ok(self.driver.current_url().await?.path().to_owned())
    }

    /// Nothing may be wider than the window, and nothing may be left unwritten.
    pub(crate) async fn fits(&self, path: &str) -> WebDriverResult<()> {
        const WIDE: &str = "if (document.documentElement.scrollWidth <= window.innerWidth) return []; \
                            return [...document.querySelectorAll('body *')].filter((one) => \
                            one.getBoundingClientRect().right > window.innerWidth + 1).map((one) => one.outerHTML.slice(0, 200))";
        let wide = self.driver.execute(WIDE, vec![]).await?;
        assert_eq!(wide.json().as_array().map_or(0, Vec::len), 0, "{path} is wider than the window: {}", wide.json());
        let source = self.driver.source().await?;
        assert!(!source.contains('⟨'), "{path} lacks a text");
        Ok(())
    }

    /// On paper nothing is wider than the sheet, and nothing asks to be pressed.
    pub(crate) async fn prints(&self, path: &str, name: &str) -> WebDriverResult<()> {
        window(self.driver, 718, 1_000).await?;
        let paper = serde_json::json!({ "media": "print" });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", paper).await?;
        self.open(path).await?;
        self.fits(path).await?;
        for button in self.driver.find_all(By::Css("button, .side, form")).await? {
            assert!(!button.is_displayed().await?, "{path}: {}", button.outer_html().await?);
        }
        self.driver.screenshot(&views().join(format!("{name}-print.png"))).await?;
        let screen = serde_json::json!({ "media": "" });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", screen).await?;
        window(self.driver, 1280, 900).await
    }

    /// Pictures of pages in both languages, wide and light, narrow and dark; none may be wider than the window.
    pub(crate) async fn fit_everywhere(&self, pages: &[(String, String)]) -> WebDriverResult<()> {
        let shown = views();
        for (width, dark) in [(1280, false), (390, true)] {
            window(self.driver, width, 900).await?;
            theme(self.driver, dark).await?;
            for lang in ["en", "fr"] {
                for (path, name) in pages {
                    let join = if path.contains('?') { '&' } else { '?' };
                    self.open(&format!("{path}{join}lang={lang}")).await?;
                    self.fits(path).await?;
                    self.driver.screenshot(&shown.join(format!("{name}-{width}-{lang}.png"))).await?;
                }
            }
        }
        window(self.driver, 1280, 900).await?;
        theme(self.driver, false).await
    }
}

pub(crate) async fn theme(driver: &WebDriver, dark: bool) -> WebDriverResult<()> {
    let value = if dark { "dark" } else { "light" };
    let features = serde_json::json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
    driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await.map(drop)
}

pub(crate) async fn window(driver: &WebDriver, width: u32, height: u32) -> WebDriverResult<()> {
    let size = serde_json::json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await.map(drop)
}

/// Where the pictures of the docs go: beside the docs when they are to be renewed, else among the build's leftovers.
pub(crate) fn pictures() -> PathBuf {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    folder(std::env::var_os("UPDATE_SCREENSHOTS").map_or(leftovers(), |_| docs).join("screenshots"))
}

/// Where the pictures of every page go, to be looked at: among the build's leftovers.
pub(crate) fn views() -> PathBuf {
    folder(leftovers().join("pages"))
}

fn leftovers() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

fn folder(dir: PathBuf) -> PathBuf {
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}
