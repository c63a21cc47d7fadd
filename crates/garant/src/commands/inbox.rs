//! `garant inbox`: one pass over the mailbox, for who would rather run it from a timer than from the server.

use crate::cli::Context;
use crate::commands::serve;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, InboxArgs, block_on};
use crate::output;
use clap::Subcommand;
use kernel::Lang;
use office::inbox::{self, Fault, Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Inbox {
    /// Fetch what is new, once; the server does the same every half minute
    Fetch(Fetch),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant inbox fetch --imap imaps://mail.example.org:993 --imap-user privacy@example.org --imap-password-file imap.password")]
pub(crate) struct Fetch {
    #[command(flatten)]
    inbox: InboxArgs,
    #[command(flatten)]
    house: HouseArgs,
}

pub(crate) fn run(verb: Inbox, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Inbox::Fetch(args) => block_on(fetch(&args, context.lang)),
    }
}

async fn fetch(args: &Fetch, lang: Lang) -> Result<Exit, Failure> {
    let house = House::with_inbox(&args.house, args.inbox.mailbox()?).await?;
    let holder = serve::holder();
    let mut all = 0;
    loop {
        match inbox::fetch(&house.app, &holder).await? {
            Outcome::NoMailbox => return Err(no_mailbox()),
            Outcome::Busy => return Err(busy()),
            Outcome::Paused { until } => return Err(paused(&until.to_string())),
            Outcome::Failed(fault) => return Err(failed(fault)),
            Outcome::Done { new, remaining } => {
                all += new;
                if remaining == 0 {
                    break;
                }
            }
        }
    }
    output::say(&match lang {
        Lang::En => format!("{all} new"),
        Lang::Fr => format!("{all} nouveaux"),
    });
    Ok(Exit::Ok)
}

fn no_mailbox() -> Failure {
    Failure::words(
        Exit::Usage,
        ["no mailbox is named", "aucune boîte aux lettres n'est nommée"],
        ["add --imap and --imap-user", "ajoutez --imap et --imap-user"],
    )
}

fn busy() -> Failure {
    Failure::words(
        Exit::Conflict,
        ["another server reads the mailbox", "un autre serveur lit la boîte aux lettres"],
        ["try again in half a minute", "réessayez dans une demi-minute"],
    )
}

fn paused(until: &str) -> Failure {
    Failure::words(
        Exit::Conflict,
        [
            format!("the mailbox failed before; it is tried again from {until}"),
            format!("la boîte aux lettres a échoué ; nouvel essai à partir de {until}"),
        ],
        ["wait until then", "attendez jusque-là"],
    )
}

fn failed(fault: Fault) -> Failure {
    let words = match fault {
        Fault::Unreachable => ["nobody answers at the mailbox's address", "personne ne répond à l'adresse de la boîte"],
        Fault::TimedOut => ["the mail server took too long", "le serveur de courrier a mis trop de temps"],
        Fault::Tls => {
            ["there is no TLS with a certificate to trust", "il n'y a pas de TLS avec un certificat de confiance"]
        }
        Fault::SignIn => {
            ["the mail server refuses the user or the password", "le serveur refuse l'utilisateur ou le mot de passe"]
        }
        Fault::Folder => ["the folder cannot be opened", "le dossier ne peut être ouvert"],
        Fault::Protocol => {
            ["the mail server speaks no IMAP, or hung up", "le serveur ne parle pas IMAP, ou a raccroché"]
        }
    };
    Failure::words(
        Exit::Failed,
        words,
        [
            "what came before is kept; check --imap, --imap-user and the password",
            "ce qui précède est gardé ; vérifiez --imap, --imap-user et le mot de passe",
        ],
    )
}
