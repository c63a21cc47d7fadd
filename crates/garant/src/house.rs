//! The house behind the commands: its folder, its database, its keys, and the person who acts.
//!
//! Several processes may work on one house: the database orders their writing. Who may do what is
//! the matrix that the console's routes declare; the command line asks for the same roles.

use crate::cli::Context;
use crate::commands::serve;
use crate::error::{Exit, Failure};
use crate::input;
use crate::pdf::InChild;
use crate::system::{self, SystemEntropy};
use kernel::{Actor, Secret};
use office::accounts::{self, Account, Credentials};
use office::inbox::Imap;
use office::notices::Mail;
use office::{App, Refusal, Registry};
use std::future::Future;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{DatabaseUrl, Keys, Store};
use vault::Breached;
use web::{Role, Shell};

/// Where the house is.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "The house")]
pub(crate) struct HouseArgs {
    /// The folder of keys, packages and, with SQLite, the database
    #[arg(long, env = "GARANT_DIR", default_value = "garant-data")]
    pub(crate) dir: PathBuf,
    /// A list of breached passwords no account may have: SHA-1 digests, sorted, as the public lists are
    #[arg(long, env = "GARANT_BREACHED_PASSWORDS", value_name = "FILE")]
    pub(crate) breached_passwords: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: sqlite:DIR/garant.db]
    #[arg(long, env = "GARANT_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// Who acts.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Who acts")]
pub(crate) struct PersonArgs {
    /// The e-mail of the account that acts; its password is asked for, or read from below
    #[arg(long = "as", env = "GARANT_AS", value_name = "EMAIL")]
    pub(crate) account: Option<String>,
    /// A file whose first line is the password [else GARANT_PASSWORD, else a prompt]
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// How letters leave.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Mail")]
pub(crate) struct MailArgs {
    /// The mail server: smtps://user:password@host:465, smtp://host:587 or smtp+plain://127.0.0.1:2525
    #[arg(long, env = "GARANT_SMTP", hide_env_values = true, value_name = "URL", requires = "mail_from")]
    smtp: Option<String>,
    /// The address letters come from
    #[arg(long, env = "GARANT_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

impl MailArgs {
    /// The mail server, if one is named.
    pub(crate) fn server(&self) -> Result<Option<Arc<Mail>>, Failure> {
        let (Some(url), Some(from)) = (&self.smtp, &self.mail_from) else { return Ok(None) };
        let mail = Mail::new(&Secret::new(url.clone()), from).map_err(|error| {
            Failure::words(
                Exit::Usage,
                [error.to_string(), format!("serveur de courrier : {error}")],
                [
                    "write smtps://user:password@host:465 and --mail-from dpo@example.org",
                    "écrivez smtps://utilisateur:motdepasse@hote:465 et --mail-from dpo@exemple.fr",
                ],
            )
        })?;
        Ok(Some(Arc::new(mail)))
    }
}

/// The mailbox requests may arrive in.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Inbox")]
pub(crate) struct InboxArgs {
    /// The mailbox: imaps://host:993, imap://host:143 (STARTTLS) or imap+plain://127.0.0.1:1143; /folder for another than INBOX
    #[arg(long, env = "GARANT_IMAP", value_name = "URL", requires = "imap_user")]
    imap: Option<String>,
    /// Who signs in there
    #[arg(long, env = "GARANT_IMAP_USER", value_name = "USER")]
    imap_user: Option<String>,
    /// A file whose first line is the password [else GARANT_IMAP_PASSWORD]
    #[arg(long, env = "GARANT_IMAP_PASSWORD_FILE", value_name = "FILE")]
    imap_password_file: Option<PathBuf>,
    /// A file with the certificate of your own authority (PEM), to trust beside the usual ones
    #[arg(long, env = "GARANT_IMAP_AUTHORITY", value_name = "FILE")]
    imap_authority: Option<PathBuf>,
}

/// The largest file of certificates that is read, in bytes.
pub(crate) const AUTHORITY_BYTES_MAX: usize = 1 << 20;

impl InboxArgs {
    /// The mailbox, if one is named.
    pub(crate) fn mailbox(&self) -> Result<Option<Arc<Imap>>, Failure> {
        let (Some(url), Some(user)) = (&self.imap, &self.imap_user) else { return Ok(None) };
        let password = match (&self.imap_password_file, system::variable("GARANT_IMAP_PASSWORD")) {
            (Some(path), _) => first_line(path)?,
            (None, Some(password)) => Secret::new(password),
            (None, None) => return Err(no_password("GARANT_IMAP_PASSWORD")),
        };
        let authority = self.imap_authority.as_ref().map(|path| input::read(path, AUTHORITY_BYTES_MAX)).transpose()?;
        let authority = authority.as_ref().map(|file| file.bytes.as_slice());
        let imap = Imap::new(url, user, password, authority).map_err(|error| {
            Failure::words(
                Exit::Usage,
                [error.to_string(), format!("boîte aux lettres : {error}")],
                [
                    "write imaps://host:993 and --imap-user privacy@example.org",
                    "écrivez imaps://hote:993 et --imap-user privacy@exemple.fr",
                ],
            )
        })?;
        Ok(Some(Arc::new(imap)))
    }
}

/// A secret from a file.
pub(crate) fn first_line(path: &Path) -> Result<Secret<String>, Failure> {
    let input = input::read(path, 4096)?;
    let text = String::from_utf8_lossy(&input.bytes).into_owned();
    Ok(Secret::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// An open house.
pub(crate) struct House {
    /// What the features work with.
    pub(crate) app: App,
    /// The file that keeps the newest checkpoint we signed, apart from the database.
    pub(crate) head: PathBuf,
}

/// The address people reach the house at, as far as a command knows it.
fn public_url() -> String {
    system::variable("GARANT_PUBLIC_URL").unwrap_or_else(|| "http://127.0.0.1:8017".into())
}

/// Makes a folder that its owner alone may open, unless it is there.
fn private_folder(dir: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| no_folder(dir, &error))
}

fn head_file(dir: &Path) -> PathBuf {
    dir.join("keys").join("head")
}

/// Refuses a database older than what this installation has already signed, then moves the mark. A disk
/// that is full keeps the old mark: the command itself then says what is wrong.
async fn mark(store: &Store, dir: &Path) -> Result<(), Failure> {
    let file = head_file(dir);
    store.check_head(&file).await?;
    if let Err(error) = store.note_head(&file).await {
        tracing::warn!(%error, "the mark of what was signed could not be moved");
    }
    Ok(())
}

/// Runs a command that waits for the database and the network.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::words(
            Exit::Failed,
            [
                format!("the system gives no threads: {error}"),
                format!("le système ne donne pas de fils d'exécution : {error}"),
            ],
            ["free some memory and try again", "libérez de la mémoire et réessayez"],
        )
    })?;
    runtime.block_on(work)
}

impl House {
    /// Opens the house, making folder, keys and tables where there are none.
    pub(crate) async fn open(
        args: &HouseArgs,
        public_url: &str,
        mail: Option<Arc<Mail>>,
        inbox: Option<Arc<Imap>>,
    ) -> Result<Self, Failure> {
        let dir = &args.dir;
        private_folder(dir)?;
        let url = match &args.database {
            Some(url) => DatabaseUrl::parse(url)?,
            None => DatabaseUrl::Sqlite(dir.join("garant.db")),
        };
        let breached = args.breached_passwords.as_deref().map(breached).transpose()?;
        let keys = Keys::open(&dir.join("keys"), &SystemEntropy)?;
        let registry = Registry::new().map_err(own)?;
        let texts = Registry::texts().map_err(own)?;
        let store = Store::open(&url, keys, Arc::new(registry), Arc::new(SystemEntropy)).await?;
        mark(&store, dir).await?;
        let shell = Shell {
            store,
            texts: Arc::new(texts),
            clock: Arc::new(system::now),
            nav: Arc::new(office::NAV.to_vec()),
            policy: office::POLICY.clone(),
            secure: public_url.starts_with("https://"),
            trusted_proxies: Arc::default(),
        };
        let files = dir.join("packages");
        private_folder(&files)?;
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Self {
            app: App {
                shell,
                mail,
                breached,
                quotas: Arc::default(),
                inbox,
                oidc: None,
                pdf: Arc::new(InChild::of_this_program()),
                files,
                public_url,
                work_factor: None,
            },
            head: head_file(dir),
        })
    }

    /// Opens a house that is there as `garant serve` would, with all that it is given.
    pub(crate) async fn as_served(args: &serve::Args) -> Result<Self, Failure> {
        if !args.house.dir.join("keys").join("installation").exists() {
            return Err(no_house(&args.house.dir));
        }
        let url = args.public_url.clone().unwrap_or_else(public_url);
        let mut house = Self::open(&args.house, &url, args.mail.server()?, args.inbox.mailbox()?).await?;
        house.app.oidc = args.provider.oidc()?;
        Ok(house)
    }

    /// Opens the house for one command; no letter leaves from there. A mistyped folder makes no new house.
    pub(crate) async fn visit(args: &HouseArgs) -> Result<Self, Failure> {
        if !args.dir.join("keys").join("installation").exists() {
            return Err(no_house(&args.dir));
        }
        Self::found(args).await
    }

    /// The same, making the house when there is none: for its first account.
    pub(crate) async fn found(args: &HouseArgs) -> Result<Self, Failure> {
        Self::open(args, &public_url(), None, None).await
    }

    /// The same with a mailbox, for one pass over it.
    pub(crate) async fn with_inbox(args: &HouseArgs, inbox: Option<Arc<Imap>>) -> Result<Self, Failure> {
        if !args.dir.join("keys").join("installation").exists() {
            return Err(no_house(&args.dir));
        }
        Self::open(args, &public_url(), None, inbox).await
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        self.app.store()
    }

    /// The person who acts, when their password is right and their role has this permission.
    pub(crate) async fn person(
        &self,
        args: &PersonArgs,
        context: &Context,
        permission: &str,
    ) -> Result<Account, Failure> {
        let (account, admitted) = self.shown(args, context).await?;
        admitted?;
        let policy = &self.app.shell.policy;
        if policy.may(account.role, permission) {
            Ok(account)
        } else {
            Err(not_this_role(account.role, policy.roles(permission)))
        }
    }

    /// The person who changes a password: one that is due is no hindrance.
    pub(crate) async fn person_renewing(&self, args: &PersonArgs, context: &Context) -> Result<Account, Failure> {
        let (account, admitted) = self.shown(args, context).await?;
        match admitted {
            Err(refusal) if !matches!(refusal.code, "password-due" | "enrol") => Err(refusal.into()),
            _ => Ok(account),
        }
    }

    /// Whose password was shown, and whether that is enough to act.
    async fn shown(&self, args: &PersonArgs, context: &Context) -> Result<(Account, Result<(), Refusal>), Failure> {
        let Some(email) = &args.account else { return Err(nobody()) };
        let password = password(args.password_file.as_deref(), "GARANT_PASSWORD", email, context)?;
        let (db, now) = (self.store(), system::now());
        let account = accounts::check_password(db, now, Credentials::new(email, &password), None).await?;
        let code = if account.factors > 0 { code(context) } else { None };
        let admitted = accounts::admit(db, now, &account, code.as_deref()).await;
        Ok((account, admitted))
    }

    /// The same, as the author of entries.
    pub(crate) async fn actor(&self, args: &PersonArgs, context: &Context, permission: &str) -> Result<Actor, Failure> {
        Ok(Actor::Account(self.person(args, context, permission).await?.id))
    }
}

/// A password: from the file, else from the environment, else asked for.
pub(crate) fn password(
    file: Option<&Path>,
    variable: &str,
    email: &str,
    context: &Context,
) -> Result<Secret<String>, Failure> {
    if let Some(path) = file {
        return first_line(path);
    }
    if let Some(password) = system::variable(variable) {
        return Ok(Secret::new(password));
    }
    if context.no_input || !std::io::stdin().is_terminal() {
        return Err(no_password(variable));
    }
    let question = context.lang.pick(format!("Password of {email}: "), format!("Mot de passe de {email} : "));
    rpassword::prompt_password(question).map(Secret::new).map_err(|_| no_password(variable))
}

/// A code of the account's authenticator: from the environment, else asked for.
fn code(context: &Context) -> Option<String> {
    let question = context.lang.pick("Code of the authenticator: ", "Code de l'application d'authentification : ");
    prompt(question, context).ok()
}

/// A code of an authenticator: from the environment, else asked for.
pub(crate) fn prompt(question: &str, context: &Context) -> Result<String, Failure> {
    if let Some(code) = system::variable("GARANT_CODE") {
        return Ok(code);
    }
    let none = || {
        Failure::words(
            Exit::Usage,
            ["no code was given", "aucun code n'a été donné"],
            ["set GARANT_CODE, or run from a terminal", "définissez GARANT_CODE, ou lancez depuis un terminal"],
        )
    };
    if context.no_input || !std::io::stdin().is_terminal() {
        return Err(none());
    }
    rpassword::prompt_password(question).map_err(|_| none())
}

fn no_password(variable: &str) -> Failure {
    Failure::words(
        Exit::Usage,
        ["no password was given", "aucun mot de passe n'a été donné"],
        [
            &format!("name a file that holds it, set {variable}, or run from a terminal"),
            &format!("nommez un fichier qui le contient, définissez {variable}, ou lancez depuis un terminal"),
        ],
    )
}

fn nobody() -> Failure {
    Failure::words(
        Exit::Usage,
        ["nobody is named who does this", "personne n'est nommé pour faire cela"],
        [
            "add --as EMAIL with the account that acts, or set GARANT_AS",
            "ajoutez --as ADRESSE avec le compte qui agit, ou définissez GARANT_AS",
        ],
    )
}

fn not_this_role(role: Role, roles: &[Role]) -> Failure {
    let may = roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    Failure::words(
        Exit::NotAllowed,
        [format!("the role {} may not do this", role.word()), format!("le rôle {} n'a pas ce droit", role.word())],
        [
            &format!("ask a person with one of these roles: {may}"),
            &format!("demandez à une personne ayant l'un de ces rôles : {may}"),
        ],
    )
}

/// The operator's list of breached passwords.
fn breached(path: &Path) -> Result<Arc<Breached>, Failure> {
    let (shown, file) = (path.display(), path.to_owned());
    Breached::new(move || Ok(Box::new(std::fs::File::open(&file)?))).map(Arc::new).map_err(|error| {
        Failure::words(
            Exit::Usage,
            [
                format!("the list of breached passwords `{shown}` cannot be used: {error}"),
                format!("la liste des mots de passe divulgués « {shown} » est inutilisable : {error}"),
            ],
            [
                "name a readable file of SHA-1 digests in hexadecimal, one a line, sorted",
                "nommez un fichier lisible d'empreintes SHA-1 en hexadécimal, une par ligne, triées",
            ],
        )
    })
}

fn no_house(dir: &Path) -> Failure {
    let dir = dir.display();
    Failure::words(
        Exit::NotFound,
        [format!("there is no house in `{dir}`"), format!("il n'y a pas de maison dans « {dir} »")],
        [
            "name its folder with --dir or GARANT_DIR; `garant account new` or `garant serve` makes a new one",
            "nommez son dossier avec --dir ou GARANT_DIR ; `garant account new` ou `garant serve` en crée une",
        ],
    )
}

fn no_folder(dir: &Path, error: &std::io::Error) -> Failure {
    let dir = dir.display();
    Failure::words(
        Exit::Failed,
        [
            format!("the folder `{dir}` cannot be made: {error}"),
            format!("le dossier « {dir} » ne peut être créé : {error}"),
        ],
        [
            "choose another place with --dir, or ask for the right to write there",
            "choisissez un autre endroit avec --dir, ou demandez le droit d'y écrire",
        ],
    )
}

/// A mistake in what is compiled in; a test of the product finds it first.
fn own(error: String) -> Failure {
    Failure::words(
        Exit::Failed,
        [error.clone(), error],
        ["this is a mistake of Garant: report it", "c'est une erreur de Garant : signalez-la"],
    )
}
