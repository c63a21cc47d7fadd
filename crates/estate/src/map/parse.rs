//! Reading a map: what TOML accepts must also make sense.

use super::{Dataset, Map, MapError, OnErasure};
use std::collections::BTreeSet;

/// Longest file read, in bytes.
const LENGTH_MAX: usize = 4 << 20;
/// Longest name, in bytes.
const NAME_MAX: usize = 300;

impl Map {
    /// Reads a map and checks all that can be checked without the database.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        if text.len() > LENGTH_MAX {
            return Err(MapError::TooLong);
        }
        let map: Self = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        map.validate()?;
        Ok(map)
    }

    /// The same checks for a map built in memory.
    pub fn validate(&self) -> Result<(), MapError> {
        if self.version != 1 {
            return Err(MapError::Version(self.version));
        }
        name(&self.system.name)?;
        once(self.datasets.iter().map(|dataset| dataset.name.as_str()))?;
        for dataset in &self.datasets {
            check_names(dataset)?;
            check_erasure(dataset)?;
            check_references(self, dataset)?;
        }
        let lost = |(at, dataset): (usize, &Dataset)| {
            let identified = dataset.identifying().next().is_some();
            let lost = identified && !owned(self, at, &mut BTreeSet::new());
            lost.then(|| MapError::WhoseRows(dataset.name.clone()))
        };
        match self.has_tenants().then(|| self.datasets.iter().enumerate().find_map(lost)).flatten() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> MapError {
    let line = error.span().map_or(0, |span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
    MapError::Syntax { line, what: error.message().to_owned() }
}

fn name(name: &str) -> Result<(), MapError> {
    let usable = !name.trim().is_empty() && name.len() <= NAME_MAX && !name.chars().any(char::is_control);
    if usable { Ok(()) } else { Err(MapError::Name(name.chars().filter(|c| !c.is_control()).take(60).collect())) }
}

fn once<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), MapError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(MapError::Twice(name.to_owned()));
        }
    }
    Ok(())
}

fn check_names(dataset: &Dataset) -> Result<(), MapError> {
    name(&dataset.name)?;
    dataset.columns().try_for_each(name)?;
    once(dataset.fields.iter().map(|field| field.name.as_str()))?;
    once(dataset.key.iter().map(String::as_str))?;
    if dataset.key.is_empty() {
        return Err(MapError::NoKey(dataset.name.clone()));
    }
    for field in &dataset.fields {
        if !is_category(&field.category) {
            return Err(MapError::Category { dataset: dataset.name.clone(), category: field.category.clone() });
        }
    }
    Ok(())
}

/// `none`, or `vocabulary:Term`.
fn is_category(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    text == "none" || text.split_once(':').is_some_and(|(vocabulary, term)| word(vocabulary) && word(term))
}

fn check_erasure(dataset: &Dataset) -> Result<(), MapError> {
    let keeps = dataset.on_erasure == OnErasure::Keep;
    if keeps && dataset.ground.as_deref().unwrap_or_default().trim().is_empty() {
        return Err(MapError::NoGround(dataset.name.clone()));
    }
    for field in dataset.blanked() {
        if !keeps || dataset.key.contains(&field) || dataset.tenant_field() == Some(&field) {
            return Err(MapError::Blank { dataset: dataset.name.clone(), field });
        }
    }
    Ok(())
}

fn check_references(map: &Map, dataset: &Dataset) -> Result<(), MapError> {
    for reference in &dataset.references {
        let Some(target) = map.dataset(&reference.to) else {
            return Err(MapError::UnknownTarget { dataset: dataset.name.clone(), to: reference.to.clone() });
        };
        if reference.fields.is_empty() || reference.fields.len() != reference.to_fields.len() {
            return Err(MapError::Uneven(dataset.name.clone()));
        }
        reference.to_fields.iter().try_for_each(|field| name(field))?;
        name(&target.name)?;
    }
    Ok(())
}

/// Whether a dataset's rows can be told apart by controller, by themselves or through a reference.
fn owned(map: &Map, at: usize, seen: &mut BTreeSet<usize>) -> bool {
    let dataset = &map.datasets[at];
    if dataset.tenant.is_some() {
        return true;
    }
    seen.insert(at)
        && dataset.references.iter().any(|reference| map.index(&reference.to).is_some_and(|to| owned(map, to, seen)))
}
