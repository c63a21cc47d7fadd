//! The vocabulary of column names, English and French, and how a name falls into words.

/// A category and the words that suggest it. Every word of one set must stand in the name.
pub(super) struct Entry {
    pub(super) category: &'static str,
    pub(super) confidence: u8,
    pub(super) words: &'static [&'static str],
}

const fn entry(category: &'static str, confidence: u8, words: &'static [&'static str]) -> Entry {
    Entry { category, confidence, words }
}

/// Ordered: the first that matches wins. A word may hold several, joined by `+`.
pub(super) const VOCABULARY: &[Entry] = &[
    entry("pd:IPAddress", 90, &["ip", "ipaddress", "ipaddr", "adresseip", "ip+address", "adresse+ip", "ipv4", "ipv6"]),
    entry("pd:EmailContent", 60, &["email+body", "mail+body", "email+content", "email+subject", "corps+mail"]),
    entry("pd:EmailAddress", 95, &["email", "e+mail", "courriel", "mel", "mail", "emailaddress", "adresse+mail"]),
    entry("pd:Password", 95, &["password", "passwd", "pwd", "motdepasse", "mot+passe", "mdp", "passwordhash"]),
    entry("pd:Authenticating", 80, &["token", "secret", "otp", "totp", "jeton", "apikey", "api+key"]),
    entry("pd:BankAccount", 95, &["iban", "bic", "rib", "bank+account", "compte+bancaire"]),
    entry("pd:PaymentCard", 90, &["card+number", "cardnumber", "carte+bancaire", "pan", "cvv"]),
    entry("pd:Username", 80, &["login", "username", "user+name", "identifiant", "pseudo", "nickname"]),
    entry("pd:TelephoneNumber", 90, &["phone", "tel", "telephone", "mobile", "portable", "fax", "gsm", "phonenumber"]),
    entry("pd:PostalCode", 85, &["postcode", "zip", "zipcode", "cp", "code+postal", "codepostal", "postal+code"]),
    entry(
        "pd:PhysicalAddress",
        80,
        &["address", "adresse", "street", "rue", "city", "ville", "town", "address1", "address2"],
    ),
    entry("pd:UserAgent", 90, &["useragent", "user+agent"]),
    entry("pd:BirthDate", 90, &["birth", "birthday", "birthdate", "naissance", "dob"]),
    entry(
        "pd:Name",
        90,
        &[
            "firstname",
            "lastname",
            "surname",
            "fullname",
            "prenom",
            "first+name",
            "last+name",
            "full+name",
            "family+name",
            "given+name",
            "nom+famille",
            "displayname",
            "display+name",
            "civilite",
        ],
    ),
    entry("pd:Name", 60, &["nom"]),
    entry("pd:Location", 80, &["latitude", "longitude", "lat", "lng", "geo", "geolocation"]),
    entry("pd:Gender", 75, &["gender", "sex", "sexe", "genre"]),
    entry("pd:Job", 60, &["job", "fonction", "profession", "metier", "jobtitle"]),
];

/// Words that say whose rows these are.
const TENANT: &[&str] = &[
    "tenant+id",
    "tenant",
    "shop+id",
    "boutique+id",
    "controller+id",
    "client+id",
    "account+id",
    "organisation+id",
    "organization+id",
    "org+id",
    "customer+account",
    "company+id",
    "societe+id",
    "store+id",
    "site+id",
    "boutique",
    "id+boutique",
    "id+client",
    "workspace+id",
];

/// Table names whose `name` or `nom` is a person's.
const PEOPLE: &[&str] = &[
    "customer",
    "client",
    "user",
    "utilisateur",
    "contact",
    "person",
    "personne",
    "member",
    "membre",
    "employee",
    "salarie",
    "subscriber",
    "abonne",
    "patient",
    "lead",
    "prospect",
    "visitor",
    "visiteur",
    "candidate",
    "candidat",
    "author",
    "auteur",
    "people",
];

/// `customerEmail2`, `customer_email`, `CUSTOMER-EMAIL` → `customer`, `email`.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut previous = ' ';
    for letter in name.chars() {
        let boundary = letter.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit());
        if !letter.is_alphanumeric() || boundary {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase().map(plain));
        }
        previous = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// French letters without their accents.
fn plain(letter: char) -> char {
    match letter {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'à' | 'â' => 'a',
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'û' | 'ù' => 'u',
        'ç' => 'c',
        letter => letter,
    }
}

/// Whether the name holds all of `a+b`, trailing digits left out.
fn holds(words: &[String], pattern: &str) -> bool {
    let same = |word: &String, part: &str| word == part || word.trim_end_matches(|c: char| c.is_ascii_digit()) == part;
    pattern.split('+').all(|part| words.iter().any(|word| same(word, part)))
}

/// What a column name suggests: category, confidence and the words that matched.
pub(super) fn category(table: &str, column: &str) -> Option<(&'static str, u8, &'static str)> {
    let words = split(column);
    let matching = |entry: &Entry| {
        let word = entry.words.iter().copied().find(|word| holds(&words, word))?;
        Some((entry.category, entry.confidence, word))
    };
    VOCABULARY.iter().find_map(matching).or_else(|| {
        let alone = words == ["name"] || words == ["label"];
        (alone && is_people(table)).then_some(("pd:Name", 85, "name"))
    })
}

/// Whether a table's name is that of a kind of people.
pub(super) fn is_people(table: &str) -> bool {
    split(table).iter().any(|word| PEOPLE.contains(&singular(word).as_str()))
}

/// Whether a column name suggests whose rows these are.
pub(super) fn is_tenant(column: &str) -> bool {
    let words = split(column);
    TENANT.iter().any(|pattern| pattern.split('+').count() == words.len() && holds(&words, pattern))
}

/// `orders` → `order`, `companies` → `company`.
pub(super) fn singular(word: &str) -> String {
    match word {
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", &word[..word.len() - 3]),
        _ if word.ends_with("ss") => word.to_owned(),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(split("customerEmail2"), ["customer", "email2"]);
        assert_eq!(split("Code Postal"), ["code", "postal"]);
        assert_eq!(split("PRÉNOM_client"), ["prenom", "client"]);
    }

    #[test]
    fn english_and_french_names_are_known() {
        for (column, expected) in [
            ("e_mail", "pd:EmailAddress"),
            ("adresse_mail", "pd:EmailAddress"),
            ("courriel", "pd:EmailAddress"),
            ("contactEmail", "pd:EmailAddress"),
            ("prenom", "pd:Name"),
            ("first_name", "pd:Name"),
            ("tel2", "pd:TelephoneNumber"),
            ("adresse", "pd:PhysicalAddress"),
            ("adresse_ip", "pd:IPAddress"),
            ("code_postal", "pd:PostalCode"),
            ("date_naissance", "pd:BirthDate"),
            ("IBAN", "pd:BankAccount"),
            ("mot_de_passe", "pd:Password"),
            ("login", "pd:Username"),
        ] {
            assert_eq!(category("t", column).map(|found| found.0), Some(expected), "{column}");
        }
    }

    #[test]
    fn words_inside_words_say_nothing() {
        for column in ["shipped", "mailbox_size", "denomination", "recipe", "total", "description", "telemetry"] {
            assert_eq!(category("t", column), None, "{column}");
        }
    }

    #[test]
    fn a_name_is_a_persons_only_in_a_table_of_people() {
        assert_eq!(category("customers", "name").map(|found| found.0), Some("pd:Name"));
        assert_eq!(category("products", "name"), None);
    }

    #[test]
    fn tenant_columns_are_known_by_name() {
        assert!(is_tenant("shop_id") && is_tenant("tenant") && is_tenant("boutique_id") && is_tenant("clientId"));
        assert!(!is_tenant("customer_id") && !is_tenant("id") && !is_tenant("shop_id_old"));
    }
}
