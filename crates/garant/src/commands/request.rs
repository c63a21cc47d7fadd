//! `garant request`: a data subject's right, from the first letter to the proof (Arts. 12, 15, 17 GDPR).

use super::request_text;
use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::house::{House, HouseArgs, PersonArgs, block_on};
use crate::{output, system};
use kernel::{Actor, ControllerId, Instant, RequestId};
use office::requests::{self, Applied, NewRequest, RequestRow, Right};
use office::{App, parties};
use serde_json::json;

/// The most requests a list shows.
const LIST_MAX: i64 = 500;

/// The verbs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Request {
    /// Log a request; the notice to its controller is queued and its clocks start
    New(New),
    /// List the requests, open ones first
    List(List),
    /// Show a request; the reading of personal data is recorded
    Show(One),
    /// Record the controller's instruction
    Instruct(Instruct),
    /// Count in every system what would be read or erased, and print the plan with its hash
    Plan(One),
    /// Approve exactly the plan with this hash; another person than the one who planned
    Approve(Approve),
    /// Carry the approved plan out, or go on with it, and verify; prints an access package's passphrase once
    Apply(Apply),
    /// Close a request; after an erasure the person is erased from Garant itself
    Close(Close),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    garant request new --controller 'Maison Perrin' --right erasure --email lea@example.org --as sam@example.org")]
pub(crate) struct New {
    /// The controller's name or id
    #[arg(long)]
    controller: String,
    /// access or erasure
    #[arg(long, value_parser = right)]
    right: Right,
    /// The address the person is known by
    #[arg(long)]
    email: String,
    /// What they wrote
    #[arg(long, default_value = "")]
    note: String,
    /// How it reached us: mail, telephone, letter…
    #[arg(long, default_value = "command-line")]
    channel: String,
    /// When it reached us, such as 2026-11-24T10:20:00+01:00 [default: now]
    #[arg(long, value_name = "INSTANT")]
    received_at: Option<Instant>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Closed ones, newest first [open ones, oldest first]
    #[arg(long)]
    closed: bool,
    #[command(flatten)]
    house: HouseArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// The request
    id: RequestId,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Instruct {
    /// The request
    id: RequestId,
    /// The controller says carry it out
    #[arg(long, required_unless_present = "refuse", conflicts_with = "refuse")]
    carry_out: bool,
    /// The controller says refuse it
    #[arg(long)]
    refuse: bool,
    /// What it said
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Approve {
    /// The request
    id: RequestId,
    /// The hash that `garant request plan` printed
    #[arg(long)]
    hash: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The request
    id: RequestId,
    /// Make the access package again with a new passphrase, as long as nobody has taken it
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Close {
    /// The request
    id: RequestId,
    /// Close although a re-read still found data of the person
    #[arg(long)]
    accept_left: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct Common {
    #[command(flatten)]
    person: PersonArgs,
    #[command(flatten)]
    house: HouseArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A house, somebody who acts there, and how to answer them.
struct Desk<'c> {
    house: House,
    actor: Actor,
    json: bool,
    context: &'c Context,
}

fn right(word: &str) -> Result<Right, String> {
    Right::parse(word).ok_or_else(|| "use access or erasure".to_owned())
}

pub(crate) fn run(verb: Request, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Request::New(args) => block_on(new(&args, context)),
        Request::List(args) => block_on(list(&args, context)),
        Request::Show(args) => block_on(show(&args, context)),
        Request::Instruct(args) => block_on(instruct(&args, context)),
        Request::Plan(args) => block_on(plan(&args, context)),
        Request::Approve(args) => block_on(approve(&args, context)),
        Request::Apply(args) => block_on(apply(&args, context)),
        Request::Close(args) => block_on(close(&args, context)),
    }
}

impl<'c> Desk<'c> {
    async fn open(common: &Common, context: &'c Context, permission: &str) -> Result<Self, Failure> {
        let house = House::visit(&common.house).await?;
        let actor = house.actor(&common.person, context, permission).await?;
        Ok(Self { house, actor, json: common.json, context })
    }

    fn app(&self) -> &App {
        &self.house.app
    }

    async fn row(&self, id: &RequestId) -> Result<RequestRow, Failure> {
        Ok(requests::store::must_find(&mut self.house.store().read(), id).await?)
    }

    /// Where the request stands now.
    async fn report(&self, id: &RequestId) -> Result<Exit, Failure> {
        let row = self.row(id).await?;
        if self.json {
            output::json(&request_text::json(&row, false))?;
        } else {
            output::text(&format!("{id}\n"))?;
            output::say(&request_text::standing(&row, self.context.lang));
        }
        Ok(Exit::Ok)
    }
}

/// The controller of this name or id.
pub(super) async fn controller(house: &House, wanted: &str) -> Result<ControllerId, Failure> {
    let (wanted, known) = (wanted.trim(), parties::list(&mut house.store().read()).await?);
    let found = known.into_iter().find(|one| one.id.as_str() == wanted || one.name.eq_ignore_ascii_case(wanted));
    Ok(found.ok_or_else(|| office::Refusal::not_found("controller", "responsable"))?.id)
}

async fn new(args: &New, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.log").await?;
    let new = NewRequest {
        controller: controller(&desk.house, &args.controller).await?,
        right: args.right,
        email: args.email.clone(),
        note: args.note.clone(),
        channel: args.channel.clone(),
        received_at: args.received_at.unwrap_or_else(|| desk.app().now()),
    };
    let id = requests::receive(desk.app(), desk.actor.clone(), new).await?;
    desk.report(&id).await
}

async fn list(args: &List, context: &Context) -> Result<Exit, Failure> {
    let house = House::visit(&args.house).await?;
    let wanted = requests::store::Wanted { closed: args.closed, ..Default::default() };
    let rows = requests::list(&mut house.store().read(), &wanted, LIST_MAX).await?;
    if args.json {
        output::json(&rows.iter().map(|row| request_text::json(row, false)).collect::<Vec<_>>())?;
    } else {
        request_text::table(&rows, context.lang)?;
    }
    Ok(Exit::Ok)
}

async fn show(args: &One, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.read").await?;
    let row = desk.row(&args.id).await?;
    requests::record_reading(desk.app(), &row, &desk.actor).await?;
    let systems = requests::store::systems(&mut desk.house.store().read(), &args.id).await?;
    if desk.json {
        let mut shown = request_text::json(&row, true);
        let system = |s: &requests::store::SystemOutcome| json!({ "system": s.system, "outcome": s.outcome, "erased": s.erased, "traces": s.traces });
        shown["systems"] = systems.iter().map(system).collect();
        output::json(&shown)?;
    } else {
        request_text::print(&row, context.lang)?;
    }
    Ok(Exit::Ok)
}

async fn instruct(args: &Instruct, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.instruct").await?;
    let actor = desk.actor.clone();
    requests::instruct(desk.house.store(), system::now(), actor, &args.id, args.carry_out, &args.note).await?;
    desk.report(&args.id).await
}

async fn plan(args: &One, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.plan").await?;
    let plan = requests::plan(desk.house.store(), system::now(), desk.actor.clone(), &args.id).await?;
    let row = desk.row(&args.id).await?;
    let hash = row.plan_hash.unwrap_or_default();
    if desk.json {
        output::json(&json!({ "request": args.id, "hash": hash, "rows": plan.rows(), "plan": plan }))?;
    } else {
        request_text::print_plan(&plan, &hash, context.lang)?;
    }
    Ok(Exit::Ok)
}

async fn approve(args: &Approve, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.approve").await?;
    requests::approve(desk.house.store(), system::now(), desk.actor.clone(), &args.id, &args.hash).await?;
    desk.report(&args.id).await
}

async fn apply(args: &Apply, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.carry-out").await?;
    let applied = if args.again {
        let passphrase = Some(requests::package_again(desk.app(), desk.actor.clone(), &args.id).await?);
        Applied::Done { outcome: requests::Outcome::Packaged, passphrase }
    } else {
        requests::carry_out(desk.app(), desk.actor.clone(), &args.id).await?
    };
    let (outcome, passphrase) = match applied {
        Applied::Already(outcome) => {
            output::say(context.lang.pick(
                "this plan was carried out before; nothing was done now",
                "ce plan avait déjà été exécuté ; rien n'a été fait cette fois",
            ));
            (outcome, None)
        }
        Applied::Done { outcome, passphrase } => (outcome, passphrase),
    };
    let package = desk.app().files.join(format!("{}.zip.age", args.id));
    let package = Some(package).filter(|path| path.exists()).map(|path| path.display().to_string());
    let passphrase = passphrase.as_ref().map(|passphrase| passphrase.expose().as_str());
    if desk.json {
        output::json(&json!({ "request": args.id, "outcome": outcome, "passphrase": passphrase, "package": package }))?;
    } else {
        request_text::print_outcome(outcome, passphrase, package.as_deref(), context.lang)?;
    }
    Ok(if outcome == requests::Outcome::Left { Exit::Findings } else { Exit::Ok })
}

async fn close(args: &Close, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(&args.common, context, "requests.close").await?;
    requests::close(desk.app(), desk.actor.clone(), &args.id, args.accept_left).await?;
    desk.report(&args.id).await
}
