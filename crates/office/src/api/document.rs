//! The reference of the API, OpenAPI 3.1, made from the operations themselves.

use super::operation::{Endpoint, Shape};
use crate::FEATURES;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where every path begins.
pub const BASE: &str = "/api/v1";

/// The whole document.
#[must_use]
pub fn openapi() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = SchemaGenerator::new(settings);
    let mut paths: Map<String, Value> = Map::new();
    for (feature, endpoint) in
        FEATURES.iter().flat_map(|feature| feature.api.iter().map(move |one| (feature.name, one)))
    {
        let operation = operation(feature, endpoint, (endpoint.shape)(&mut schemas));
        let path = paths.entry(format!("{BASE}{}", endpoint.path)).or_insert_with(|| json!({}));
        path[endpoint.method.to_lowercase()] = operation;
    }
    let mut components: Map<String, Value> = schemas.take_definitions(true);
    components.insert("Problem".to_owned(), problem());
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Garant",
            "version": "1",
            "summary": "What the console does, for programs.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    });
    document.sort_all_objects();
    document
}

fn operation(feature: &str, endpoint: &Endpoint, shape: Shape) -> Value {
    let mut operation = json!({
        "operationId": name(endpoint),
        "tags": [feature],
        "summary": endpoint.summary,
        "description": format!("Needs the right `{}`.", endpoint.permission),
        "parameters": parameters(endpoint, &shape.query),
        "responses": responses(&shape),
    });
    if let Some((media, schema)) = shape.body {
        operation["requestBody"] = json!({ "required": true, "content": { media: { "schema": schema } } });
    }
    operation
}

/// `GET /duties/{id}` is `get_duties_id`.
fn name(endpoint: &Endpoint) -> String {
    let path = endpoint.path.replace(['{', '}'], "").replace(['/', '-'], "_");
    format!("{}{path}", endpoint.method.to_lowercase())
}

fn parameters(endpoint: &Endpoint, query: &Schema) -> Vec<Value> {
    let mut all: Vec<Value> = endpoint
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let properties = query.get("properties").and_then(Value::as_object);
    // In the order of their names: whether JSON keeps the order it was made in is up to the other crates of a build.
    let properties: BTreeMap<&String, &Value> = properties.into_iter().flatten().collect();
    for (name, schema) in properties {
        let mut schema = schema.clone();
        let said = schema.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
        all.push(json!({ "name": name, "in": "query", "required": false, "description": said, "schema": schema }));
    }
    if endpoint.method == "POST" {
        all.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A call sent twice with the same key is done once; the answer is kept for a day.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" } }));
    }
    if endpoint.method != "GET" && endpoint.path.contains('{') {
        all.push(json!({ "name": "If-Match", "in": "header", "required": false,
            "description": "The ETag the record was read with; when it has changed since, nothing is done.",
            "schema": { "type": "string" } }));
    }
    all
}

fn responses(shape: &Shape) -> Value {
    let mut all = json!({});
    let content = shape.answer.as_ref().map(|(media, schema)| json!({ *media: { "schema": schema } }));
    let mut done = json!({ "description": "Done." });
    if let Some(content) = content {
        done["content"] = content;
    }
    all[shape.status.to_string()] = done;
    for (status, words) in [
        ("304", "It is as you know it."),
        ("401", "No token, or one that does not hold."),
        ("403", "The token does not carry the right."),
        ("404", "Not there, or not yours."),
        ("409", "Not in this state."),
        ("412", "It has changed since it was read."),
        ("413", "The body is too large."),
        ("415", "The body has another media type."),
        ("422", "What was sent is not right."),
        ("429", "Too many calls in a minute."),
        ("503", "The machinery failed; nothing was changed."),
    ] {
        all[status] = json!({ "description": words });
        if status != "304" {
            all[status]["content"] =
                json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        }
    }
    all
}

/// RFC 9457.
fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "description": "A stable name for the kind of problem." },
            "title": { "type": "string", "description": "What is wrong." },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What to do." },
        },
    })
}
