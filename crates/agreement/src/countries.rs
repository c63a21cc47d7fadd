//! Names of countries for people; files and terms name them by their ISO 3166 codes.

use kernel::Lang;

/// The name of a country code; the code itself when we have none.
#[must_use]
pub fn country(code: &str, lang: Lang) -> &str {
    let known = NAMES.binary_search_by_key(&code, |(known, _, _)| known);
    known.map_or(code, |at| lang.pick(NAMES[at].1, NAMES[at].2))
}

/// Code, English name, French name; in the order of the codes.
const NAMES: &[(&str, &str, &str)] = &[
    ("AD", "Andorra", "Andorre"),
    ("AR", "Argentina", "Argentine"),
    ("AT", "Austria", "Autriche"),
    ("AU", "Australia", "Australie"),
    ("BE", "Belgium", "Belgique"),
    ("BG", "Bulgaria", "Bulgarie"),
    ("BR", "Brazil", "Brésil"),
    ("CA", "Canada", "Canada"),
    ("CH", "Switzerland", "Suisse"),
    ("CN", "China", "Chine"),
    ("CY", "Cyprus", "Chypre"),
    ("CZ", "Czechia", "Tchéquie"),
    ("DE", "Germany", "Allemagne"),
    ("DK", "Denmark", "Danemark"),
    ("EE", "Estonia", "Estonie"),
    ("ES", "Spain", "Espagne"),
    ("FI", "Finland", "Finlande"),
    ("FO", "Faroe Islands", "Îles Féroé"),
    ("FR", "France", "France"),
    ("GB", "United Kingdom", "Royaume-Uni"),
    ("GG", "Guernsey", "Guernesey"),
    ("GR", "Greece", "Grèce"),
    ("HR", "Croatia", "Croatie"),
    ("HU", "Hungary", "Hongrie"),
    ("IE", "Ireland", "Irlande"),
    ("IL", "Israel", "Israël"),
    ("IM", "Isle of Man", "Île de Man"),
    ("IN", "India", "Inde"),
    ("IS", "Iceland", "Islande"),
    ("IT", "Italy", "Italie"),
    ("JE", "Jersey", "Jersey"),
    ("JP", "Japan", "Japon"),
    ("KR", "South Korea", "Corée du Sud"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Lithuania", "Lituanie"),
    ("LU", "Luxembourg", "Luxembourg"),
    ("LV", "Latvia", "Lettonie"),
    ("MA", "Morocco", "Maroc"),
    ("MC", "Monaco", "Monaco"),
    ("MG", "Madagascar", "Madagascar"),
    ("MT", "Malta", "Malte"),
    ("MU", "Mauritius", "Maurice"),
    ("MX", "Mexico", "Mexique"),
    ("NL", "Netherlands", "Pays-Bas"),
    ("NO", "Norway", "Norvège"),
    ("NZ", "New Zealand", "Nouvelle-Zélande"),
    ("PH", "Philippines", "Philippines"),
    ("PL", "Poland", "Pologne"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Romania", "Roumanie"),
    ("SE", "Sweden", "Suède"),
    ("SG", "Singapore", "Singapour"),
    ("SI", "Slovenia", "Slovénie"),
    ("SK", "Slovakia", "Slovaquie"),
    ("SN", "Senegal", "Sénégal"),
    ("TN", "Tunisia", "Tunisie"),
    ("TR", "Türkiye", "Turquie"),
    ("UA", "Ukraine", "Ukraine"),
    ("US", "United States", "États-Unis"),
    ("UY", "Uruguay", "Uruguay"),
    ("ZA", "South Africa", "Afrique du Sud"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_name_in_both_languages_and_an_unknown_one_stays() {
        assert!(NAMES.is_sorted_by(|one, next| one.0 < next.0));
        assert_eq!((country("DE", Lang::En), country("DE", Lang::Fr)), ("Germany", "Allemagne"));
        assert_eq!(country("XX", Lang::En), "XX");
    }
}
