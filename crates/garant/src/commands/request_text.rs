//! Requests and their plans in words and as JSON.

use crate::error::Failure;
use crate::output::{self, BOLD, DIM, styled};
use estate::{Step, StepAction};
use kernel::{Lang, clock};
use office::requests::{Outcome, PlanSet, RequestRow, Right, State};
use serde_json::{Value, json};
use std::io::Write;

/// A request for programs; the person's own words only where their reading was recorded.
pub(super) fn json(row: &RequestRow, personal: bool) -> Value {
    let mut shown = json!({
        "request": row.id, "controller": row.controller, "controller_name": row.controller_name, "right": row.right,
        "state": row.state.word(), "channel": row.channel, "received_at": row.received_at.to_string(),
        "instruction": row.instruction, "plan_hash": row.plan_hash, "plan_rows": row.plan_rows,
        "planned_by": row.planned_by, "approved_by": row.approved_by, "stale": row.stale, "outcome": row.outcome,
        "package_sha256": row.package_sha256, "applied_at": row.applied_at.map(|at| at.to_string()),
        "closed_at": row.closed_at.map(|at| at.to_string()),
    });
    if personal {
        shown["email"] = json!(row.email);
        shown["note"] = json!(row.note);
    }
    shown
}

fn day(at: kernel::Instant, lang: Lang) -> String {
    clock::date_text(clock::day_of(at, &office::view::house_place()), lang)
}

pub(super) fn table(rows: &[RequestRow], lang: Lang) -> Result<(), Failure> {
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.to_string(),
                right_text(row.right, lang).to_owned(),
                state_text(row.state, lang).to_owned(),
                row.controller_name.clone(),
                day(row.received_at, lang),
            ]
        })
        .collect();
    let heads = lang.pick(
        ["request", "right", "state", "controller", "received"],
        ["demande", "droit", "état", "responsable", "reçue le"],
    );
    output::table(&heads, &lines)
}

pub(super) fn print(row: &RequestRow, lang: Lang) -> Result<(), Failure> {
    let erased = lang.pick("(erased)", "(effacé)");
    let outcome = row.outcome.map_or("–", |outcome| outcome_text(outcome, lang));
    let facts = [
        (lang.pick("request", "demande"), row.id.to_string()),
        (lang.pick("controller", "responsable"), row.controller_name.clone()),
        (lang.pick("right", "droit"), right_text(row.right, lang).to_owned()),
        (lang.pick("person", "personne"), row.email.clone().unwrap_or_else(|| erased.to_owned())),
        (lang.pick("received", "reçue le"), format!("{} ({})", day(row.received_at, lang), row.channel)),
        (lang.pick("state", "état"), state_text(row.state, lang).to_owned()),
        (lang.pick("plan", "plan"), row.plan_hash.clone().unwrap_or_else(|| "–".into())),
        (lang.pick("outcome", "résultat"), outcome.to_owned()),
        (lang.pick("they wrote", "elle a écrit"), row.note.clone().unwrap_or_else(|| "–".into())),
    ];
    let mut out = output::stdout();
    for (name, value) in facts {
        writeln!(out, "{} {value}", styled(BOLD, &format!("{name:13}")))?;
    }
    Ok(())
}

/// One line on where the request stands, and what comes next.
pub(super) fn standing(row: &RequestRow, lang: Lang) -> String {
    let next = match row.state {
        State::Forwarded => lang.pick(
            "next: the controller's instruction (garant request instruct)",
            "ensuite : l'instruction du responsable (garant request instruct)",
        ),
        State::Instructed => lang.pick("next: garant request plan", "ensuite : garant request plan"),
        State::Planned => lang.pick(
            "next: another person approves (garant request approve)",
            "ensuite : une autre personne approuve (garant request approve)",
        ),
        State::Approved | State::Applying => lang.pick("next: garant request apply", "ensuite : garant request apply"),
        State::Applied | State::Refused => lang.pick("next: garant request close", "ensuite : garant request close"),
        State::Closed => lang.pick("nothing more to do", "plus rien à faire"),
    };
    format!("{}{}{next}", state_text(row.state, lang), lang.pick("; ", " ; "))
}

fn state_text(state: State, lang: Lang) -> &'static str {
    match state {
        State::Forwarded => lang.pick("forwarded to the controller", "transmise au responsable"),
        State::Instructed => lang.pick("to be carried out", "à exécuter"),
        State::Refused => lang.pick("refused by the controller", "refusée par le responsable"),
        State::Planned => lang.pick("planned, not yet approved", "planifiée, pas encore approuvée"),
        State::Approved => lang.pick("approved", "approuvée"),
        State::Applying => lang.pick("being carried out", "en cours d'exécution"),
        State::Applied => lang.pick("carried out", "exécutée"),
        State::Closed => lang.pick("closed", "close"),
    }
}

fn right_text(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::Access => lang.pick("access", "accès"),
        Right::Erasure => lang.pick("erasure", "effacement"),
    }
}

fn outcome_text(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::NotFound => lang.pick("the person was found in no system", "personne trouvée dans aucun système"),
        Outcome::Packaged => lang.pick("the package is made", "le paquet est fait"),
        Outcome::NothingLeft => {
            lang.pick("erased, and a second reading found nothing", "effacé, et une relecture n'a rien trouvé")
        }
        Outcome::PartlyKept => lang
            .pick("erased, except what is kept on a legal ground", "effacé, sauf ce qui est gardé pour un motif légal"),
        Outcome::Left => {
            lang.pick("something is left: look at the request", "il reste quelque chose : voyez la demande")
        }
    }
}

/// Every step with its rows and its statement, then the hash that an approval binds.
pub(super) fn print_plan(plan: &PlanSet, hash: &str, lang: Lang) -> Result<(), Failure> {
    let mut out = output::stdout();
    for system in &plan.systems {
        writeln!(out, "{}", styled(BOLD, &system.name))?;
        for step in &system.plan.steps {
            print_step(&mut out, step, lang)?;
        }
        for note in &system.plan.triggers {
            let run = lang.pick("its triggers will run", "ses déclencheurs s'exécuteront");
            writeln!(out, "  {}{}{run}: {}", note.dataset, output::colon(lang), note.triggers.join(", "))?;
        }
    }
    let rows = output::count(
        usize::try_from(plan.rows()).unwrap_or(usize::MAX),
        lang.pick("row", "ligne"),
        lang.pick("rows", "lignes"),
    );
    writeln!(out, "{rows}")?;
    writeln!(out, "{} {hash}", styled(BOLD, lang.pick("plan hash", "empreinte du plan")))?;
    Ok(())
}

fn print_step(out: &mut impl Write, step: &Step, lang: Lang) -> Result<(), Failure> {
    let action = match step.action {
        StepAction::Read => lang.pick("read", "lire"),
        StepAction::Delete => lang.pick("delete", "supprimer"),
        StepAction::Detach => lang.pick("detach others' references", "détacher les renvois d'autrui"),
        StepAction::Unlink => lang.pick("unlink own references", "délier ses propres renvois"),
        StepAction::Blank => lang.pick("keep, and blank", "garder, et vider"),
        StepAction::Keep => lang.pick("keep", "garder"),
    };
    let fields = if step.fields.is_empty() { String::new() } else { format!(" ({})", step.fields.join(", ")) };
    writeln!(out, "  {}{}{action}{fields}, {}", styled(BOLD, &step.dataset), output::colon(lang), step.rows)?;
    if let Some(ground) = &step.ground {
        writeln!(out, "      {}{}{ground}", lang.pick("ground", "motif"), output::colon(lang))?;
    }
    for line in step.locate.lines().chain(step.statement.as_deref().into_iter().flat_map(str::lines)) {
        writeln!(out, "      {}", styled(DIM, line))?;
    }
    Ok(())
}

/// How it ended; the passphrase alone on standard output.
pub(super) fn print_outcome(
    outcome: Outcome,
    passphrase: Option<&str>,
    package: Option<&str>,
    lang: Lang,
) -> Result<(), Failure> {
    output::say(outcome_text(outcome, lang));
    if let Some(package) = package {
        output::say(&format!("{}{}{package}", lang.pick("the package", "le paquet"), output::colon(lang)));
    }
    if let Some(passphrase) = passphrase {
        output::say(lang.pick(
            "this is the only time its passphrase is shown; send it by another way than the package",
            "sa phrase de passe n'est montrée que cette fois ; envoyez-la par une autre voie que le paquet",
        ));
        output::text(&format!("{passphrase}\n"))?;
    }
    Ok(())
}
