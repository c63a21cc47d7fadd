//! What is looked at, each in its own function.

use super::{Check, State};
use crate::commands::serve;
use crate::error::Failure;
use crate::house::House;
use kernel::Lang;
use office::{accounts, duties, inbox, notices, systems};
use std::path::Path;
use std::time::Duration;
use store::StoreError;
use web::{Role, session};

/// Free space below which somebody should look, and below which writing will soon fail, in bytes.
const SPACE: [u64; 2] = [2 << 30, 256 << 20];
/// How long one system may take to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How far ahead of the clock an entry may be before it says that the clock was set back, in milliseconds.
const AHEAD_MS: i64 = 5 * 60_000;

/// Every check, in the order people read them.
pub(super) async fn all(house: &House, args: &serve::Args, thorough: bool) -> Result<Vec<Check>, Failure> {
    let mut checks = vec![folder(&args.house.dir), space(&args.house.dir), database(house).await?, clock(house).await?];
    checks.push(running(house).await?);
    checks.push(address(args));
    checks.push(mail(house).await);
    checks.push(letters(house).await?);
    checks.extend(mailbox(house).await);
    checks.extend(provider(house).await);
    checks.extend(people(house).await?);
    checks.push(breached(house));
    checks.extend(estate(house).await?);
    checks.push(late(house).await?);
    if thorough {
        checks.push(replayed(house).await?);
    }
    Ok(checks)
}

/// Keys and packages are nobody else's to read.
fn folder(dir: &Path) -> Check {
    let open: Vec<String> = [dir.join("keys"), dir.join("packages")]
        .iter()
        .filter(|path| others_read(path))
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        return Check::good(
            "folder",
            [
                "keys and packages are readable by their owner alone",
                "les clés et les dossiers ne sont lisibles que par leur propriétaire",
            ],
        );
    }
    let list = open.join(", ");
    Check::new(
        "folder",
        State::Mend,
        [
            &format!("others on this machine may read {list}"),
            &format!("d'autres sur cette machine peuvent lire {list}"),
        ],
        [&format!("chmod -R go= {list}"), &format!("chmod -R go= {list}")],
    )
}

#[cfg(unix)]
fn others_read(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).is_ok_and(|found| found.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_read(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn free(dir: &Path) -> Option<u64> {
    rustix::fs::statvfs(dir).ok().map(|space| space.f_bavail.saturating_mul(space.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

fn space(dir: &Path) -> Check {
    let Some(free) = free(dir) else {
        return Check::good(
            "space",
            ["free space is not told on this system", "l'espace libre n'est pas connu sur ce système"],
        );
    };
    let gib = format!("{:.1}", free as f64 / f64::from(1 << 30));
    let found = [format!("{gib} GiB free"), format!("{gib} Gio libres")];
    let state = match free {
        free if free < SPACE[1] => State::Mend,
        free if free < SPACE[0] => State::Look,
        _ => State::Good,
    };
    let remedy = if state == State::Good {
        ["", ""]
    } else {
        [
            "free some space, or move the house: a full disk stops every change",
            "libérez de l'espace, ou déplacez la maison : un disque plein arrête toute modification",
        ]
    };
    Check::new("space", state, [&found[0], &found[1]], remedy)
}

/// Tables that are there, but not as this version makes them: the store adds tables, it changes none.
async fn database(house: &House) -> Result<Check, StoreError> {
    let live = house.store().live_schema().await?;
    let lacking: Vec<String> = house
        .store()
        .schema()
        .tables
        .iter()
        .flat_map(|(table, spec)| spec.columns.keys().map(move |column| (table, column)))
        .filter(|(table, column)| !live.get(*table).is_some_and(|columns| columns.contains_key(*column)))
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    if lacking.is_empty() {
        let count = live.len();
        return Ok(Check::good(
            "database",
            [
                &format!("answers; {count} tables as this version makes them"),
                &format!("répond ; {count} tables telles que cette version les fait"),
            ],
        ));
    }
    let list = lacking.join(", ");
    Ok(Check::new(
        "database",
        State::Mend,
        [
            &format!("made by another version; lacking: {list}"),
            &format!("faite par une autre version ; il manque : {list}"),
        ],
        [
            "export the ledger, and put it into a new house of this version",
            "exportez le registre, et placez-le dans une nouvelle maison de cette version",
        ],
    ))
}

async fn clock(house: &House) -> Result<Check, StoreError> {
    let row = house.store().read().row("SELECT MAX(at) AS at FROM entries", vec![]).await?;
    let newest = row.map_or(Ok(None), |row| row.opt_int("at"))?;
    let ahead = newest.map_or(0, |at| at - house.app.now().as_millisecond());
    if ahead <= AHEAD_MS {
        return Ok(Check::good("clock", ["not behind the newest entry", "pas en retard sur la dernière inscription"]));
    }
    let minutes = ahead / 60_000;
    Ok(Check::new(
        "clock",
        State::Mend,
        [
            &format!("{minutes} minutes behind the newest entry: it was set back"),
            &format!("{minutes} minutes de retard sur la dernière inscription : elle a été reculée"),
        ],
        [
            "set the clock by a time server; no duty is missed, but no letter may leave at its hour",
            "réglez l'horloge sur un serveur de temps ; aucune échéance n'est manquée, mais un courrier peut partir à une autre heure",
        ],
    ))
}

/// Whether some server renews the lease of the jobs.
async fn running(house: &House) -> Result<Check, StoreError> {
    let row = house.store().read().row("SELECT MAX(until) AS until FROM leases WHERE name = 'jobs'", vec![]).await?;
    let until = row.map_or(Ok(None), |row| row.opt_int("until"))?;
    if until.is_some_and(|until| until > house.app.now().as_millisecond()) {
        return Ok(Check::good(
            "server",
            [
                "a server does the work of clocks and letters",
                "un serveur fait le travail des échéances et des courriers",
            ],
        ));
    }
    Ok(Check::new(
        "server",
        State::Look,
        [
            "no server is running: no clock is watched and no letter leaves",
            "aucun serveur ne tourne : aucune échéance n'est surveillée et aucun courrier ne part",
        ],
        [
            "start `garant serve`; when it starts, it tells at once whatever was due",
            "lancez `garant serve` ; à son démarrage, il annonce aussitôt ce qui était dû",
        ],
    ))
}

fn address(args: &serve::Args) -> Check {
    let listen = format!("http://{}", args.listen);
    let url = args.public_url.as_deref().unwrap_or(&listen);
    let cautions = serve::cautions(url, args.listen, args.trusted_proxies.is_empty());
    let Some(caution) = cautions.first() else {
        return Check::good("address", [url, url]);
    };
    let [en, fr] = Lang::ALL.map(caution);
    Check::new("address", State::Look, [url, url], [en, fr])
}

async fn mail(house: &House) -> Check {
    let Some(mail) = &house.app.mail else {
        return Check::new(
            "mail",
            State::Look,
            [
                "no mail server is named: letters wait",
                "aucun serveur de courrier n'est nommé : les courriers attendent",
            ],
            ["name one with --smtp and --mail-from", "nommez-en un par --smtp et --mail-from"],
        );
    };
    match mail.answers().await {
        Ok(()) => Check::good(
            "mail",
            ["the mail server answers and lets us in", "le serveur de courrier répond et nous accepte"],
        ),
        Err(why) => Check::new(
            "mail",
            State::Mend,
            [
                &format!("the mail server does not take us: {why}"),
                &format!("le serveur de courrier ne nous accepte pas : {why}"),
            ],
            ["check host, port, user and password in --smtp", "vérifiez hôte, port, nom et mot de passe dans --smtp"],
        ),
    }
}

async fn letters(house: &House) -> Result<Check, StoreError> {
    let waiting = notices::store::unsent(&mut house.store().read()).await?;
    if waiting == 0 {
        return Ok(Check::good("letters", ["none waits", "aucun n'attend"]));
    }
    Ok(Check::new(
        "letters",
        State::Look,
        [&format!("{waiting} not out yet"), &format!("{waiting} pas encore partis")],
        ["see why under Letters", "voyez pourquoi sous Courriers"],
    ))
}

async fn mailbox(house: &House) -> Option<Check> {
    let imap: &inbox::Imap = house.app.inbox.as_deref()?;
    Some(match imap.answers().await {
        Ok(()) => Check::good("inbox", ["the mailbox can be read", "la boîte aux lettres peut être lue"]),
        Err(fault) => {
            let said = Lang::ALL.map(|lang| house.app.text(lang, &format!("inbox-fault-{}", fault.word())));
            Check::new(
                "inbox",
                State::Mend,
                [&said[0], &said[1]],
                ["check --imap, --imap-user and the password", "vérifiez --imap, --imap-user et le mot de passe"],
            )
        }
    })
}

async fn provider(house: &House) -> Option<Check> {
    let oidc = house.app.oidc.as_deref()?;
    Some(match oidc.answers(house.app.now()).await {
        Ok(()) => Check::good(
            "provider",
            ["the identity provider answers under its name", "le fournisseur d'identité répond sous son nom"],
        ),
        Err(why) => Check::new(
            "provider",
            State::Mend,
            [&why, &why],
            [
                "check --oidc-issuer, and that this machine reaches it",
                "vérifiez --oidc-issuer, et que cette machine l'atteint",
            ],
        ),
    })
}

/// Whether somebody owns the house, two people can look at each other's work, and factors are asked for.
async fn people(house: &House) -> Result<Vec<Check>, StoreError> {
    let mut read = house.store().read();
    let known = accounts::list(&mut read).await?;
    let owners = known.iter().filter(|one| one.role == Role::Owner).count();
    let approvers = known.iter().filter(|one| house.app.shell.policy.may(one.role, "requests.approve")).count();
    let mut checks = Vec::new();
    checks.push(match (owners, approvers) {
        (0, _) => Check::new(
            "people",
            State::Mend,
            ["nobody owns this house", "personne n'est propriétaire de cette maison"],
            [
                "garant account new --email you@example.org --name 'Your Name' --role owner",
                "garant account new --email vous@exemple.fr --name 'Votre nom' --role owner",
            ],
        ),
        (_, 0 | 1) => Check::new(
            "people",
            State::Look,
            [
                "one person alone may approve: nobody can look at their plans",
                "une seule personne peut approuver : nul ne peut relire ses plans",
            ],
            ["invite a second owner or privacy officer", "invitez un second propriétaire ou délégué"],
        ),
        _ => Check::good(
            "people",
            [
                &format!("{} accounts, {approvers} may approve", known.len()),
                &format!("{} comptes, dont {approvers} peuvent approuver", known.len()),
            ],
        ),
    });
    let asked = session::rules(&mut read, Role::Owner).await?.second_factor;
    checks.push(if asked {
        Check::good("factors", ["owners show a second factor", "les propriétaires présentent un second facteur"])
    } else {
        Check::new(
            "factors",
            State::Look,
            ["owners sign in with a password alone", "les propriétaires se connectent par un mot de passe seul"],
            [
                "ask for a second factor under Accounts, How people sign in",
                "exigez un second facteur sous Comptes, Connexion",
            ],
        )
    });
    Ok(checks)
}

fn breached(house: &House) -> Check {
    if house.app.breached.is_some() {
        return Check::good(
            "passwords",
            ["a list of breached passwords is used", "une liste de mots de passe divulgués est utilisée"],
        );
    }
    Check::new(
        "passwords",
        State::Look,
        ["no list of breached passwords is named", "aucune liste de mots de passe divulgués n'est nommée"],
        ["name one with --breached-passwords", "nommez-en une par --breached-passwords"],
    )
}

/// Every system of the estate, one check each.
async fn estate(house: &House) -> Result<Vec<Check>, StoreError> {
    let mut checks = Vec::new();
    for row in systems::list(&mut house.store().read()).await? {
        let reached = tokio::time::timeout(ANSWER, systems::open(house.store(), &row)).await;
        let name = &row.name;
        checks.push(match (reached, row.map.is_some()) {
            (Ok(Ok(_)), true) => Check::good("system", [&format!("{name} answers"), &format!("{name} répond")]),
            (Ok(Ok(_)), false) => Check::new(
                "system",
                State::Look,
                [
                    &format!("{name} answers, but nobody has confirmed its map"),
                    &format!("{name} répond, mais personne n'a confirmé sa carte"),
                ],
                ["confirm it under Estate", "confirmez-la sous Systèmes"],
            ),
            (Ok(Err(refusal)), _) => {
                let said = Lang::ALL.map(|lang| format!("{name}: {}", refusal.message(lang)));
                let remedy = Lang::ALL.map(|lang| refusal.remedy(lang).to_owned());
                Check::new("system", State::Mend, [&said[0], &said[1]], [&remedy[0], &remedy[1]])
            }
            (Err(_), _) => Check::new(
                "system",
                State::Mend,
                [&format!("{name} does not answer in ten seconds"), &format!("{name} ne répond pas en dix secondes")],
                ["see whether it runs and is reached from here", "voyez s'il tourne et s'il est joignable d'ici"],
            ),
        });
    }
    Ok(checks)
}

async fn late(house: &House) -> Result<Check, StoreError> {
    let [open, late] = duties::store::open_count(&mut house.store().read(), house.app.now()).await?;
    if late == 0 {
        return Ok(Check::good(
            "duties",
            [&format!("{open} open, none late"), &format!("{open} ouvertes, aucune en retard")],
        ));
    }
    Ok(Check::new(
        "duties",
        State::Look,
        [&format!("{late} late"), &format!("{late} en retard")],
        ["see them under Duties", "voyez-les sous Échéances"],
    ))
}

/// Every table rebuilt from the ledger, and compared.
async fn replayed(house: &House) -> Result<Check, StoreError> {
    let replay = house.store().replay(house.app.now(), false).await?;
    let entries = replay.entries;
    if replay.different.is_empty() {
        return Ok(Check::good(
            "ledger",
            [
                &format!("{entries} entries rebuild the same tables"),
                &format!("{entries} inscriptions redonnent les mêmes tables"),
            ],
        ));
    }
    let tables: Vec<&str> = replay.different.iter().map(|one| one.table.as_str()).collect();
    let list = tables.join(", ");
    Ok(Check::new(
        "ledger",
        State::Mend,
        [
            &format!("tables that are not what the ledger says: {list}"),
            &format!("tables qui ne sont pas ce que dit le registre : {list}"),
        ],
        [
            "see `garant ledger replay`; keep a copy of the database before anything else",
            "voyez `garant ledger replay` ; gardez d'abord une copie de la base",
        ],
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_others_may_read_is_to_be_mended() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a folder");
        let keys = dir.path().join("keys");
        std::fs::create_dir(&keys).expect("a folder");
        for (mode, state) in [(0o700, State::Good), (0o750, State::Mend), (0o704, State::Mend)] {
            std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(mode)).expect("changed");
            assert_eq!(folder(dir.path()).state, state, "{mode:o}");
        }
        assert!(free(dir.path()).is_some_and(|bytes| bytes > 0));
    }
}
