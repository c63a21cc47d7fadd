//! The map of the demo's customer database, as the privacy officer confirms it: what the scan proposes,
//! plus what only a person knows: whose rows, what must stay and why.

use estate::Map;
use estate::map::{Blank, OnErasure, OnReference, ReferenceKind, Tenant, TenantEntry};

const GROUND: &str = "Art. 17(3)(b) GDPR: accounting records are kept for ten years (Code de commerce, art. L123-22)";
/// What of an invoice leads back to the account; its number, name and amounts are for the books.
const LINKS: [&str; 3] = ["customer_id", "order_id", "billing_email"];
const RETENTION: [(&str, &str); 6] = [
    ("customers", "three years after the last order"),
    ("orders", "three years after the order"),
    ("invoices", "ten years"),
    ("support_tickets", "one year after the last message"),
    ("newsletter", "until the person unsubscribes"),
    ("access_log", "six months"),
];

/// The proposed map with a person's decisions in it; `controllers` are the shops' owners, in the order of their ids.
pub(super) fn confirmed(mut map: Map, controllers: &[String]) -> Map {
    map.system.purpose = "customers of the hosted shops".to_owned();
    map.tenants = (1..)
        .zip(controllers)
        .map(|(shop, controller): (u32, _)| TenantEntry { controller: controller.clone(), value: shop.to_string() })
        .collect();
    for dataset in &mut map.datasets {
        // What was guessed from names alone is not confirmed: the database declares every reference.
        dataset.references.retain(|reference| reference.kind == ReferenceKind::Declared);
        if dataset.fields.iter().any(|field| field.name == "shop_id") {
            dataset.tenant = Some(Tenant::Field("shop_id".to_owned()));
        }
        let rule = RETENTION.iter().find(|(name, _)| *name == dataset.name);
        dataset.retention = rule.map(|(_, rule)| (*rule).to_owned());
        for reference in dataset.references.iter_mut().filter(|r| r.fields == ["referred_by"]) {
            reference.on_erasure = OnReference::Detach;
        }
        if dataset.name == "invoices" {
            dataset.on_erasure = OnErasure::Keep;
            dataset.ground = Some(GROUND.to_owned());
            for field in dataset.fields.iter_mut().filter(|field| LINKS.contains(&field.name.as_str())) {
                field.on_erasure = Some(Blank::Null);
            }
        }
    }
    map
}
