//! `garant serve`: the console, the API, and the jobs that one of several servers does at a time.

use crate::cli::Context;
use crate::door;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, InboxArgs, MailArgs, block_on};
use crate::output;
use crate::provider::ProviderArgs;
use crate::system::{self, SystemEntropy};
use kernel::{Entropy, Lang};
use office::duties::{Judgement, Watch};
use office::{App, accounts, agreements, alerts, api, duties, inbox, notices, requests};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use store::StoreError;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Seconds between two rounds of the jobs.
const ROUND_SECONDS: u64 = 3;
/// Seconds a server keeps the jobs without renewing its lease.
const LEASE_SECONDS: i64 = 30;
/// How long requests and jobs that have begun may go on after a signal to stop.
const GRACE: Duration = Duration::from_secs(8);
/// How long the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);
/// Seconds between two passes over the mailbox.
const INBOX_SECONDS: u64 = 30;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant serve\n  \
    garant serve --database postgres://garant@db/garant --public-url https://privacy.example.org \\\n    \
    --trusted-proxy 127.0.0.1 --smtp smtps://garant:…@mail.example.org:465 --mail-from privacy@example.org \\\n    \
    --imap imaps://mail.example.org:993 --imap-user privacy@example.org --imap-password-file imap.password\n  \
    garant serve --public-url https://privacy.example.org --oidc-issuer https://id.example.org \\\n    \
    --oidc-client-id garant --oidc-client-secret-file oidc.secret\n\n\
    Stops cleanly on SIGINT and SIGTERM. Several servers may share one PostgreSQL database.")]
pub(crate) struct Args {
    /// Where to listen
    #[arg(long, env = "GARANT_LISTEN", default_value = "127.0.0.1:8017")]
    pub(crate) listen: SocketAddr,
    /// The address people reach this house at [default: http://LISTEN]
    #[arg(long, env = "GARANT_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A proxy in front of this server, as an address or a network; its X-Forwarded-For counts. Give it once for each
    #[arg(long = "trusted-proxy", env = "GARANT_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK", value_parser = network)]
    pub(crate) trusted_proxies: Vec<ipnet::IpNet>,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
    #[command(flatten)]
    pub(crate) inbox: InboxArgs,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
    #[command(flatten)]
    pub(crate) house: HouseArgs,
}

fn network(text: &str) -> Result<ipnet::IpNet, String> {
    let net = text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from));
    net.map_err(|_| "write an address or a network, such as 10.0.0.7 or 10.0.0.0/8".to_owned())
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    log_to_stderr();
    block_on(async {
        let listener = listen(args.listen).await?;
        let url = args.public_url.clone().unwrap_or_else(|| url_of(&listener, args.listen));
        let mut house = House::open(&args.house, &url, args.mail.server()?, args.inbox.mailbox()?).await?;
        house.app.oidc = args.provider.oidc()?;
        house.app.shell.trusted_proxies = std::sync::Arc::new(args.trusted_proxies.clone());
        let signals = Signals::listen()?;
        greet(&house, &url, &args.house, context.lang).await?;
        for caution in cautions(&url, args.listen, args.trusted_proxies.is_empty()) {
            output::say(caution(context.lang));
        }
        serve(house, listener, signals).await
    })
}

/// What happens is told on standard error; `GARANT_LOG` chooses how much.
pub(crate) fn log_to_stderr() {
    let filter = system::variable("GARANT_LOG").unwrap_or_else(|| "warn".to_owned());
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(system::variable("NO_COLOR").is_none() && std::io::IsTerminal::is_terminal(&std::io::stderr()));
    // A second subscriber is only tried by tests; the first stays.
    let _ = subscriber.try_init();
}

/// Binds the address.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::words(
            Exit::Failed,
            [format!("cannot listen on {address}: {error}"), format!("impossible d'écouter sur {address} : {error}")],
            [
                "stop what listens there, or choose another port with --listen (0 picks a free one)",
                "arrêtez ce qui écoute déjà, ou choisissez un autre port avec --listen (0 en prend un libre)",
            ],
        )
    })
}

/// The address of a listener, for people on this machine.
pub(crate) fn url_of(listener: &TcpListener, asked: SocketAddr) -> String {
    format!("http://{}", listener.local_addr().unwrap_or(asked))
}

async fn greet(house: &House, url: &str, args: &HouseArgs, lang: Lang) -> Result<(), Failure> {
    output::say(&match lang {
        Lang::En => format!("Garant is listening: {url}"),
        Lang::Fr => format!("Garant écoute : {url}"),
    });
    if house.app.mail.is_none() {
        output::say(lang.pick(
            "no mail server is named (--smtp): letters are queued and shown as waiting",
            "aucun serveur de courrier n'est nommé (--smtp) : les courriers attendent, visiblement",
        ));
    }
    if accounts::list(&mut house.store().read()).await?.is_empty() {
        let dir = args.dir.display();
        let command = format!("garant account new --dir {dir} --email you@example.org --name 'Your Name' --role owner");
        output::say(&match lang {
            Lang::En => format!("nobody may sign in yet; open the first account:\n  {command}"),
            Lang::Fr => format!("personne ne peut encore se connecter ; ouvrez le premier compte :\n  {command}"),
        });
    }
    Ok(())
}

/// What makes people less safe than they may think: a sentence each.
pub(super) fn cautions(url: &str, listen: SocketAddr, nobody_trusted: bool) -> Vec<fn(Lang) -> &'static str> {
    let https = url.starts_with("https://");
    let mut cautions: Vec<fn(Lang) -> &'static str> = Vec::new();
    if https && nobody_trusted {
        cautions.push(|lang| {
            lang.pick(
                "no proxy is named (--trusted-proxy): visitors behind one are not told apart, and guessing is not braked by network",
                "aucun proxy n'est nommé (--trusted-proxy) : les visiteurs derrière lui se confondent, et rien ne freine les essais d'un réseau",
            )
        });
    }
    if !https && !listen.ip().is_loopback() {
        cautions.push(|lang| {
            lang.pick(
                "the public address is not https: passwords and sessions can be read on the way; put a proxy with HTTPS in front and name its address with --public-url",
                "l'adresse publique n'est pas en https : mots de passe et sessions peuvent être lus en chemin ; placez un proxy HTTPS devant et donnez son adresse avec --public-url",
            )
        });
    }
    cautions
}

/// Serves until a signal to stop, with the jobs in the background; then closes the database.
pub(crate) async fn serve(house: House, listener: TcpListener, signals: Signals) -> Result<Exit, Failure> {
    let (stop, stopped) = watch::channel(false);
    let inbox = tokio::spawn(read_inbox(house.app.clone(), stopped.clone()));
    let jobs = tokio::spawn(jobs(house.app.clone(), house.head.clone(), stopped));
    let open = door::serve(listener, office::router(&house.app), door::Limits::USUAL, signals.any()).await;
    // The receiver may be gone when the jobs ended by themselves.
    let _ = stop.send(true);
    let end = async {
        let _ = tokio::join!(open.finish(), jobs, inbox);
    };
    if tokio::time::timeout(GRACE, end).await.is_err() {
        tracing::warn!("what was still going on is left; it goes on after the next start");
    }
    // Whoever was interrupted may hold a connection; whatever was not committed is not.
    let _ = tokio::time::timeout(CLOSING, house.store().close()).await;
    Ok(Exit::Ok)
}

/// The signals to stop, heard from the moment this is made.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Starts listening; done before anybody is told that the server is ready.
    pub(crate) fn listen() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn any(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signals to stop.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Starts listening.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self)
    }

    async fn any(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// A name for this process among the servers of one database.
pub(crate) fn holder() -> String {
    let mut random = [0; 8];
    SystemEntropy.fill(&mut random);
    format!("{}-{}", std::process::id(), hex::encode(random))
}

/// The passes over the mailbox, until told to stop: beside the other jobs, because a mail server may take its time.
async fn read_inbox(app: App, mut stopped: watch::Receiver<bool>) {
    let holder = holder();
    let mut passes = tokio::time::interval(Duration::from_secs(INBOX_SECONDS));
    while app.inbox.is_some() {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = passes.tick() => {}
        }
        // A pass that is dropped in the middle has recorded each mail whole or not at all.
        let outcome = tokio::select! {
            _ = stopped.changed() => return,
            outcome = inbox::fetch(&app, &holder) => outcome,
        };
        match outcome {
            Ok(inbox::Outcome::Done { remaining, .. }) if remaining > 0 => passes.reset_immediately(),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the inbox waits for the database"),
        }
    }
}

/// The rounds of the jobs, until told to stop.
async fn jobs(app: App, head: PathBuf, mut stopped: watch::Receiver<bool>) {
    let holder = holder();
    let (mut watch, started) = (Watch::default(), tokio::time::Instant::now());
    let mut rounds = tokio::time::interval(Duration::from_secs(ROUND_SECONDS));
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = rounds.tick() => {}
        }
        let judged = watch.look(app.now(), started.elapsed());
        if let Judgement::Leapt(by) = judged {
            tracing::error!(
                by_seconds = by / 1000,
                "the clock leapt: no duty is told before the new time has stood for ten minutes"
            );
        }
        if let Err(error) = round(&app, &holder, judged == Judgement::Steady).await {
            tracing::warn!(%error, "the jobs wait for the database");
        }
        if let Err(error) = app.store().note_head(&head).await {
            tracing::error!(%error, "the mark of what was signed could not be moved");
        }
    }
}

/// One round: what clocks bring, mail whose use is over included (while the wall clock can be believed), letters,
/// interrupted work, uploads nobody imported. Another server may hold the lease.
async fn round(app: &App, holder: &str, believed: bool) -> Result<(), StoreError> {
    if app.store().lease("jobs", holder, app.now(), LEASE_SECONDS).await?.is_none() {
        return Ok(());
    }
    if believed {
        duties::scan(app).await?;
        duties::send_digests(app).await?;
        alerts::scan(app).await?;
        inbox::forget(app).await?;
    }
    requests::resume(app).await?;
    accounts::answer_forgotten(app).await?;
    accounts::forget_old_tries(app.store(), app.now()).await?;
    api::forget_old_calls(app).await?;
    notices::deliver(app).await?;
    agreements::forget_uploads(app.store(), app.now()).await?;
    Ok(())
}
