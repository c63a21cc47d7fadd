//! What can be found, and who is asked for it.

use super::{Asked, Hit, SHOWN_MAX};
use crate::{App, FEATURES, accounts, agreements, duties, parties, requests, systems};
use ::store::StoreError;
use futures_util::future::BoxFuture;
use kernel::Lang;
use web::components;

/// How the things that words name are found.
type Find = for<'a> fn(&'a App, &'a Asked) -> BoxFuture<'a, Result<Vec<Hit>, StoreError>>;

/// One kind of thing.
pub(super) struct Source {
    /// The key of its name.
    pub(super) kind: &'static str,
    /// What it takes to read it.
    pub(super) permission: &'static str,
    /// Finds the things the words name.
    pub(super) find: Find,
}

/// Every source, in the order of the page.
pub(super) const ALL: &[Source] = &[
    Source { kind: "search-controllers", permission: "parties.read", find: |app, asked| Box::pin(parties(app, asked)) },
    Source {
        kind: "search-agreements",
        permission: "agreements.read",
        find: |app, asked| Box::pin(agreements(app, asked)),
    },
    Source { kind: "search-requests", permission: "requests.read", find: |app, asked| Box::pin(requests(app, asked)) },
    Source { kind: "search-duties", permission: "duties.read", find: |app, asked| Box::pin(duties(app, asked)) },
    Source { kind: "search-systems", permission: "systems.read", find: |app, asked| Box::pin(systems(app, asked)) },
    Source { kind: "search-people", permission: "accounts.read", find: |app, asked| Box::pin(people(app, asked)) },
    Source { kind: "search-entries", permission: "ledger.read", find: |app, asked| Box::pin(entries(app, asked)) },
    Source { kind: "search-pages", permission: "search.ask", find: |app, asked| Box::pin(pages(app, asked)) },
];

/// Pages that are found by their titles, and the keys of these.
const PAGES: &[(&str, &str)] = &[
    ("/", "home-title"),
    ("/duties", "duties-title"),
    ("/calendar", "month-title"),
    ("/programme", "programme-title"),
    ("/absences", "absences-title"),
    ("/agreements", "agreements-title"),
    ("/agreements/new", "agreement-import"),
    ("/requests", "requests-title"),
    ("/requests/new", "request-new"),
    ("/inbox", "inbox-title"),
    ("/systems", "systems-title"),
    ("/notices", "notices-title"),
    ("/ledger", "ledger-title"),
    ("/parties", "parties-title"),
    ("/accounts", "accounts-title"),
    ("/accounts/rules", "rules-title"),
    ("/access", "access-title"),
    ("/calendars", "calendars-title"),
    ("/calendars/law", "law-title"),
    ("/account", "account-own"),
    ("/account/tokens/new", "token-new"),
    ("/account/feed", "feed-title"),
    ("/views", "views-title"),
    ("/design", "design-title"),
];

async fn pages(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let open = |path: &str| {
        let mut routes = FEATURES.iter().flat_map(|feature| feature.routes);
        let route = routes.find(|route| route.method == "GET" && route.path == path);
        route.is_some_and(|route| route.access.permission().is_none_or(|permission| asked.may(permission)))
    };
    let named = PAGES.iter().map(|(path, key)| (*path, app.text(asked.lang, key)));
    let found = named.filter(|(path, title)| asked.is_in(title) && open(path));
    Ok(found.map(|(path, title)| Hit { title, detail: String::new(), href: path.to_owned() }).collect())
}

async fn parties(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let all = parties::list(&mut app.store().read()).await?;
    let found = all.into_iter().filter(|party| asked.is_in(&party.name)).take(SHOWN_MAX);
    Ok(found
        .map(|party| Hit { title: party.name, detail: String::new(), href: format!("/parties/{}", party.id) })
        .collect())
}

async fn agreements(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let all = agreements::list(&mut app.store().read()).await?;
    let found = all.into_iter().filter(|row| asked.is_in(&row.title) || asked.is_in(&row.controller_name));
    let hit = |row: agreements::AgreementRow| Hit {
        title: row.title,
        detail: row.controller_name,
        href: format!("/agreements/{}", row.id),
    };
    Ok(found.take(SHOWN_MAX).map(hit).collect())
}

async fn requests(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let mut read = app.store().read();
    // The number people read on a page is the end of the id.
    let found = requests::store::numbered(&mut read, &asked.words.to_lowercase()).await?;
    Ok(found.into_iter().map(|line| hit_of(app, asked.lang, &line)).collect())
}

/// A request as a hit; it names nobody.
pub(super) fn hit_of(app: &App, lang: Lang, line: &requests::RequestLine) -> Hit {
    let right = requests::right_text(line.right, lang);
    let state = app.text(lang, &format!("request-state-{}", line.state.word()));
    Hit {
        title: format!("{right} · {}", &line.id.as_str()[16..]),
        detail: format!("{} · {} · {state}", line.controller_name, components::instant(line.received_at, lang)),
        href: format!("/requests/{}", line.id),
    }
}

async fn duties(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let house = app.text(asked.lang, "duty-house");
    let open = duties::store::titled(&mut app.store().read(), asked.lang, &asked.words).await?;
    let found = open.into_iter().filter(|duty| asked.is_in(&duty.title)).take(SHOWN_MAX);
    Ok(found
        .map(|duty| Hit {
            title: duty.title,
            detail: duty.controller.unwrap_or_else(|| house.clone()),
            href: format!("/duties/{}", duty.id),
        })
        .collect())
}

async fn systems(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let all = systems::list(&mut app.store().read()).await?;
    let found = all.into_iter().filter(|row| asked.is_in(&row.name)).take(SHOWN_MAX);
    Ok(found.map(|row| Hit { title: row.name, detail: row.kind, href: format!("/systems/{}", row.id) }).collect())
}

async fn people(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let all = accounts::list(&mut app.store().read()).await?;
    let found = all.into_iter().filter(|one| asked.is_in(&one.name) || asked.is_in(&one.email)).take(SHOWN_MAX);
    Ok(found
        .map(|one| Hit {
            title: one.name,
            detail: app.text(asked.lang, &format!("role-{}", one.role.word())),
            href: format!("/accounts/{}", one.id),
        })
        .collect())
}

/// An entry by its id, or the entries about a record by the record's.
async fn entries(app: &App, asked: &Asked) -> Result<Vec<Hit>, StoreError> {
    let Ok(id) = asked.words.to_lowercase().parse::<kernel::Id>() else { return Ok(Vec::new()) };
    let read = app.store().read();
    let sql = "SELECT id, record, kind, at FROM entries WHERE id = $1";
    let mut hits = Vec::new();
    for row in read.rows(sql, vec![id.as_str().into()]).await? {
        hits.push(Hit {
            title: crate::view::kind_text(app, &row.text("kind")?, asked.lang),
            detail: components::instant(row.instant("at")?, asked.lang),
            href: format!("/ledger/entries/{}", row.text("id")?),
        });
    }
    let about = "SELECT 1 AS one FROM entries WHERE record = $1 LIMIT 1";
    if !read.rows(about, vec![id.as_str().into()]).await?.is_empty() {
        hits.push(Hit {
            title: app.text(asked.lang, "search-history"),
            detail: id.as_str().to_owned(),
            href: format!("/ledger?record={}", id.as_str()),
        });
    }
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_is_found_is_there_and_has_its_words() {
        let texts = crate::Registry::texts().unwrap();
        let routes: Vec<&str> = FEATURES.iter().flat_map(|feature| feature.routes).map(|route| route.path).collect();
        for (path, key) in PAGES {
            assert!(routes.contains(path), "{path}");
            assert!(Lang::ALL.iter().all(|lang| !texts.get(*lang, key).contains('⟨')), "{key}");
        }
        for source in ALL {
            assert!(Lang::ALL.iter().all(|lang| !texts.get(*lang, source.kind).contains('⟨')), "{}", source.kind);
        }
    }
}
