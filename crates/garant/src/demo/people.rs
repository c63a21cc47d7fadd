//! Invented people: names, addresses and what they write, from a seeded stream.

use kernel::SeededEntropy;

/// The person the demo suggests to look for: a customer of both shops, in mixed case in one of them.
pub(super) const SAMPLE: &str = "camille.moreau@example.org";
/// The person of the request that is logged already.
pub(super) const ASKING: &str = "lucas.bernard@example.net";

const FIRST: [&str; 40] = [
    "Camille", "Lucas", "Léa", "Hugo", "Chloé", "Louis", "Manon", "Jules", "Inès", "Arthur", "Zoé", "Raphaël",
    "Jeanne", "Adam", "Louise", "Gabriel", "Alice", "Nathan", "Élise", "Théo", "Oliver", "Amelia", "George", "Isla",
    "Harry", "Ava", "Noah", "Emily", "Jack", "Sophie", "Leo", "Grace", "Oscar", "Freya", "Henry", "Ella", "Callum",
    "Niamh", "Owen", "Megan",
];
const LAST: [&str; 40] = [
    "Moreau",
    "Bernard",
    "Lefèvre",
    "Dubois",
    "Roux",
    "Fournier",
    "Girard",
    "Mercier",
    "Blanchard",
    "Gauthier",
    "Chevalier",
    "Perrin",
    "Marchand",
    "Dumont",
    "Noël",
    "Lacroix",
    "Besson",
    "Schmitt",
    "Weber",
    "Muller",
    "Walker",
    "Hughes",
    "Bennett",
    "Foster",
    "Parker",
    "Reid",
    "Murray",
    "Chapman",
    "Ellis",
    "Doyle",
    "Byrne",
    "Hayes",
    "Sutton",
    "Palmer",
    "Wells",
    "Barker",
    "Holland",
    "Carr",
    "Newton",
    "Lowe",
];
const DOMAINS: [&str; 5] = ["example.org", "example.com", "example.net", "courriel.example", "post.example"];
const STREETS: [&str; 10] = [
    "rue des Lilas",
    "avenue de la Gare",
    "quai du Port",
    "place du Marché",
    "chemin des Vignes",
    "High Street",
    "Mill Lane",
    "Station Road",
    "Church Walk",
    "Orchard Close",
];
const CITIES: [(&str, &str); 8] = [
    ("Lyon", "69003"),
    ("Nantes", "44000"),
    ("Metz", "57000"),
    ("Lille", "59800"),
    ("Luxembourg", "L-1840"),
    ("Esch-sur-Alzette", "L-4042"),
    ("Toulouse", "31000"),
    ("Rennes", "35000"),
];
const SUBJECTS: [&str; 6] = [
    "Colis non reçu",
    "Where is my parcel?",
    "Facture à corriger",
    "Wrong size delivered",
    "Question sur la garantie",
    "How do I return an item?",
];
const PRODUCTS: [&str; 8] = [
    "Lampe Aube",
    "Suspension Brume",
    "Guéridon Pin",
    "Applique Sillage",
    "Touring bicycle",
    "Chain 11-speed",
    "Front light",
    "Panniers, pair",
];
const PATHS: [&str; 6] = ["/", "/panier", "/cart", "/compte", "/account/orders", "/search?q=lampe"];

/// One invented person.
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) street: String,
    pub(super) city: &'static str,
    pub(super) postal_code: &'static str,
}

fn any<T: Copy>(random: &SeededEntropy, from: &[T]) -> T {
    from[usize::try_from(random.below(from.len() as u64)).unwrap_or(0)]
}

/// The person with this number; every seventh writes their address in mixed case.
pub(super) fn person(random: &SeededEntropy, number: i64) -> Person {
    let (first, last) = (any(random, &FIRST), any(random, &LAST));
    let (city, postal_code) = any(random, &CITIES);
    let domain = any(random, &DOMAINS);
    let written = |name: &str| if number % 7 == 0 { name.to_owned() } else { name.to_lowercase() };
    Person {
        email: format!("{}.{}.{number}@{domain}", written(&ascii(first)), written(&ascii(last))),
        phone: format!(
            "+33 6 {:02} {:02} {:02} {:02}",
            random.below(100),
            random.below(100),
            random.below(100),
            random.below(100)
        ),
        street: format!("{} {}", 1 + random.below(180), any(random, &STREETS)),
        first,
        last,
        city,
        postal_code,
    }
}

/// A name without accents, as mail addresses write it.
fn ascii(name: &str) -> String {
    let plain = |letter: char| match letter {
        'é' | 'è' | 'ë' => 'e',
        'É' => 'E',
        'ï' => 'i',
        letter => letter,
    };
    name.chars().map(plain).collect()
}

pub(super) fn subject(random: &SeededEntropy) -> &'static str {
    any(random, &SUBJECTS)
}

pub(super) fn product(random: &SeededEntropy) -> &'static str {
    any(random, &PRODUCTS)
}

pub(super) fn path(random: &SeededEntropy) -> &'static str {
    any(random, &PATHS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_the_same_every_time_and_their_addresses_are_plain() {
        let [one, again] = [1, 1].map(|seed| person(&SeededEntropy::new(seed), 14));
        assert_eq!(one.email, again.email);
        assert!(one.email.is_ascii() && one.email.chars().any(char::is_uppercase), "{}", one.email);
        assert!(!person(&SeededEntropy::new(1), 15).email.chars().any(char::is_uppercase));
    }
}
