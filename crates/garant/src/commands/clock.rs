//! `garant clock`: when a period is over, by Reg. (EEC, Euratom) 1182/71, with both readings.

use crate::cli::Context;
use crate::error::{Exit, Failure};
use crate::output::{self, BOLD, styled};
use jiff::Zoned;
use jiff::civil::DateTime;
use kernel::clock::{self, Days, Explanation, Hours, Law};
use kernel::{Date, Instant, Lang, Period, Place, Unit};
use std::io::Write;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    garant clock 2026-11-24T10:20 PT72H --place FR\n  \
    garant clock 2026-10-31 P1M --extend P2M                    an answer under Art. 12(3), extended\n  \
    garant clock 2027-03-01 P30D --kind backward                at least 30 days before 1 March\n  \
    garant clock 2026-12-10 P10D --working --place FR-67        ten working days in Alsace\n\n\
    The four answers: strict (not rolled), legal (by the Regulation), own_duty (the earliest, for what\n\
    we owe) and other_party_right (the latest, for what others may still do).")]
pub(crate) struct Args {
    /// The event: 2026-11-24T10:20+01:00 for periods in hours, 2026-11-24 for longer ones
    start: String,
    /// The period: PT72H, P30D, P4W, P1M, P5Y
    period: String,
    /// Whose holidays and time zone: FR, a department such as FR-57, LU, or any
    #[arg(long, default_value = "FR")]
    place: String,
    /// The other party's place, whose holidays push the later reading too
    #[arg(long, value_name = "PLACE")]
    other_place: Option<String>,
    /// A period from the event, one counted backwards from it, or the longest time to keep data
    #[arg(long, value_enum, default_value_t = Kind::Period)]
    kind: Kind,
    /// A second period by which the first is extended (Art. 12(3) GDPR)
    #[arg(long, value_name = "PERIOD")]
    extend: Option<String>,
    /// The law that counts the agreement's periods: EU1182, BASEL1972, FR_CPC or STRICT [default: every reading counts]
    #[arg(long, value_parser = law)]
    law: Option<Law>,
    /// The days are working days
    #[arg(long)]
    working: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Period,
    Backward,
    Retention,
}

#[derive(serde::Serialize)]
struct Answer {
    strict: String,
    legal: String,
    own_duty: String,
    other_party_right: String,
    explanation: Explanation,
    #[serde(skip)]
    spoken: [[String; 2]; 4],
}

/// What was asked, with every part understood.
struct Question {
    period: Period,
    place: Place,
    other: Option<Place>,
    extend: Option<Period>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let question = question(args)?;
    let answer = if question.period.unit() == Unit::Hours && args.kind == Kind::Period {
        in_hours(args, &question)?
    } else {
        in_days(args, &question)?
    };
    if args.json {
        output::json(&answer)?;
    } else {
        print(&answer, context.lang)?;
    }
    Ok(Exit::Ok)
}

fn question(args: &Args) -> Result<Question, Failure> {
    let question = Question {
        period: period(&args.period)?,
        place: place(&args.place)?,
        other: args.other_place.as_deref().map(place).transpose()?,
        extend: args.extend.as_deref().map(period).transpose()?,
    };
    let in_hours = question.period.unit() == Unit::Hours;
    let plain = args.kind == Kind::Period && !args.working && !in_hours;
    if question.extend.is_some() && !plain {
        return Err(usage(
            ["--extend lengthens a period in days or more", "--extend allonge une période en jours ou plus"],
            [
                "drop --extend, or give a longer period without --kind and --working",
                "retirez --extend, ou donnez une période plus longue sans --kind ni --working",
            ],
        ));
    }
    if args.working && (question.period.unit() != Unit::Days || args.kind != Kind::Period) {
        return Err(usage(
            ["--working counts days from an event", "--working compte des jours à partir d'un événement"],
            [
                "give a period in days, such as P10D, without --kind",
                "donnez une période en jours, comme P10D, sans --kind",
            ],
        ));
    }
    Ok(question)
}

fn in_hours(args: &Args, question: &Question) -> Result<Answer, Failure> {
    let start = instant(&args.start, &question.place)?;
    let Hours { strict, legal, own_duty, other_party_right, explanation } =
        clock::hours_under(args.law, start, question.period.count(), &question.place).map_err(|_| outside())?;
    let all = [strict, legal, own_duty, other_party_right];
    let [strict, legal, own_duty, other_party_right] = all.each_ref().map(rfc3339);
    let spoken = all.each_ref().map(|at| Lang::ALL.map(|lang| spoken_instant(at, lang)));
    Ok(Answer { strict, legal, own_duty, other_party_right, explanation, spoken })
}

fn in_days(args: &Args, question: &Question) -> Result<Answer, Failure> {
    let start = day(&args.start, &question.place)?;
    let Question { period, place, other, extend } = question;
    let Days { strict, legal, own_duty, other_party_right, explanation } = match args.kind {
        Kind::Backward => clock::backward(start, period, place),
        Kind::Retention => clock::retention(start, period),
        Kind::Period if args.working => clock::working_days(start, period.count(), place),
        Kind::Period => clock::period_under(args.law, start, period, extend.as_ref(), place, other.as_ref()),
    };
    let all = [strict, legal, own_duty, other_party_right];
    if all.iter().any(|day| *day == Date::MAX || *day == Date::MIN) {
        return Err(outside());
    }
    let [strict, legal, own_duty, other_party_right] = all.map(|day| day.to_string());
    let spoken = all.map(|day| Lang::ALL.map(|lang| clock::date_text(day, lang)));
    Ok(Answer { strict, legal, own_duty, other_party_right, explanation, spoken })
}

fn print(answer: &Answer, lang: Lang) -> Result<(), Failure> {
    let names = [
        ("strict", "strict"),
        ("legal", "légal"),
        ("our own duty", "notre obligation"),
        ("the other party's right", "droit de l'autre partie"),
    ];
    let mut out = output::stdout();
    for ((en, fr), spoken) in names.into_iter().zip(&answer.spoken) {
        writeln!(out, "{:25}{}", lang.pick(en, fr), styled(BOLD, &spoken[lang as usize]))?;
    }
    writeln!(out, "\n{}", answer.explanation.get(lang))?;
    Ok(())
}

fn rfc3339(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn spoken_instant(at: &Zoned, lang: Lang) -> String {
    let date = clock::date_text(at.date(), lang);
    format!("{date}{}{}", lang.pick(", ", ", "), at.strftime("%H:%M:%S (%:z)"))
}

fn law(word: &str) -> Result<Law, String> {
    Law::parse(word).ok_or_else(|| "use EU1182, BASEL1972, FR_CPC or STRICT".to_owned())
}

fn period(text: &str) -> Result<Period, Failure> {
    text.parse().map_err(|_| {
        Failure::words(
            Exit::Usage,
            [format!("`{text}` is not a period"), format!("« {text} » n'est pas une période")],
            [
                "write one number and one unit: PT72H, P30D, P4W, P1M or P5Y",
                "écrivez un nombre et une unité : PT72H, P30D, P4W, P1M ou P5Y",
            ],
        )
    })
}

fn place(code: &str) -> Result<Place, Failure> {
    Place::parse(code).map_err(|_| {
        Failure::words(
            Exit::Usage,
            [
                format!("no holidays are known for `{code}`"),
                format!("aucun calendrier des jours fériés pour « {code} »"),
            ],
            ["use FR, a department such as FR-57, LU, or any", "utilisez FR, un département comme FR-57, LU, ou any"],
        )
    })
}

fn has_time(text: &str) -> bool {
    text.contains(['T', 't', ' ', ':'])
}

/// The day of an event: a date, or the civil date of an instant at the place.
fn day(text: &str, place: &Place) -> Result<Date, Failure> {
    if !has_time(text) {
        return text.parse().map_err(|_| not_a_start(text));
    }
    match text.parse::<Instant>() {
        Ok(instant) => Ok(clock::day_of(instant, place)),
        Err(_) => text.parse::<DateTime>().map(DateTime::date).map_err(|_| not_a_start(text)),
    }
}

/// An instant: with an offset, or on the clocks of the place when they say it exactly once.
fn instant(text: &str, place: &Place) -> Result<Instant, Failure> {
    if !has_time(text) {
        text.parse::<Date>().map_err(|_| not_a_start(text))?;
        return Err(usage(
            [
                "a period in hours starts at an instant, not on a day",
                "une période en heures part d'un instant, pas d'un jour",
            ],
            [
                "add the time: 2026-11-24T10:20, or with its offset 2026-11-24T10:20+01:00",
                "ajoutez l'heure : 2026-11-24T10:20, ou avec son décalage 2026-11-24T10:20+01:00",
            ],
        ));
    }
    if let Ok(instant) = text.parse::<Instant>() {
        return Ok(instant);
    }
    let local: DateTime = text.parse().map_err(|_| not_a_start(text))?;
    let read = place.zone().to_ambiguous_timestamp(local);
    let ambiguous = read.is_ambiguous();
    match read.unambiguous() {
        Ok(instant) => Ok(instant),
        Err(_) if ambiguous => Err(clock_change(text, place)),
        Err(_) => Err(outside()),
    }
}

fn clock_change(text: &str, place: &Place) -> Failure {
    let code = place.code();
    usage(
        [
            &format!("clocks at {code} show {text} twice or never: they change that night"),
            &format!("les horloges ({code}) affichent {text} deux fois ou jamais : l'heure change cette nuit-là"),
        ],
        [
            "give the offset as well, such as +01:00 (winter) or +02:00 (summer)",
            "donnez aussi le décalage, comme +01:00 (hiver) ou +02:00 (été)",
        ],
    )
}

fn not_a_start(text: &str) -> Failure {
    usage(
        [&format!("`{text}` is neither a day nor an instant"), &format!("« {text} » n'est ni un jour ni un instant")],
        ["write 2026-11-24, or 2026-11-24T10:20+01:00", "écrivez 2026-11-24, ou 2026-11-24T10:20+01:00"],
    )
}

fn outside() -> Failure {
    usage(
        ["the end lies outside the calendar", "la fin sort du calendrier"],
        ["use a start between the years 1900 and 2900", "partez d'une date entre 1900 et 2900"],
    )
}

fn usage(message: [&str; 2], remedy: [&str; 2]) -> Failure {
    Failure::words(Exit::Usage, message, remedy)
}
