//! Describes unions in the form that generators of clients understand: a `oneOf` of named objects, with a discriminator
//! where a field tells them apart.
//!
//! The derived form has objects without a name, and `allOf` of a type and the object that holds its tag or its other fields;
//! some generators drop such types. This file changes descriptions only, never what is sent. Start at [`name_variants`].

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::schema::{AllOf, Discriminator, Object, OneOf, Schema};
use utoipa::openapi::{Ref, RefOr};

const SCHEMAS: &str = "#/components/schemas/";

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// Gives each variant of each union a schema of its own.
pub(crate) fn name_variants(schemas: &mut Schemas) {
    for union in names(schemas) {
        if let Some(RefOr::T(Schema::OneOf(variants))) = schemas.get(&union)
            && !variants.items.iter().any(is_null)
        {
            let variants = named(variants.clone(), &union, schemas);
            schemas.insert(union, RefOr::T(Schema::OneOf(variants)));
        }
    }
    for name in names(schemas) {
        if let Some(RefOr::T(Schema::AllOf(parts))) = schemas.get(&name)
            && let Some(variants) = distributed(parts.clone(), &name, schemas)
        {
            schemas.insert(name, RefOr::T(Schema::OneOf(variants)));
        }
    }
}

/// Removes schemas that nothing refers to, but for those in `kept`.
pub(crate) fn remove_unused(openapi: &mut utoipa::openapi::OpenApi, kept: &[&str]) {
    loop {
        let document =
            serde_json::to_string(&*openapi).expect("an OpenAPI document can be written");
        let used: BTreeSet<&str> = document
            .split(&format!("\"{SCHEMAS}"))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let schemas = &mut openapi.components.get_or_insert_default().schemas;
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(&**name) || kept.contains(&&**name));
        if schemas.len() == before {
            return;
        }
    }
}

/// The union with a reference for each variant, which it adds to the schemas.
fn named(mut union: OneOf, name: &str, schemas: &mut Schemas) -> OneOf {
    let mut tags = Vec::new();
    for item in &mut union.items {
        match item {
            RefOr::T(Schema::Object(variant)) => {
                let tag = tag_of(variant);
                let word = tag.as_ref().map(|(_, value)| value).or(variant.required.first());
                let own_name = format!("{}{name}", pascal_case(word.map_or("", |word| word)));
                tags.push(tag.map(|(field, value)| (field, value, own_name.clone())));
                let variant = RefOr::T(Schema::Object(variant.clone()));
                schemas.insert(own_name.clone(), variant);
                *item = RefOr::Ref(Ref::from_schema_name(own_name));
            }
            RefOr::T(Schema::AllOf(parts)) => {
                let (variant, tag) = tagged(parts, schemas);
                tags.push(Some(tag));
                *item = RefOr::Ref(variant);
            }
            RefOr::Ref(_) | RefOr::T(_) => tags.push(None),
        }
    }
    union.discriminator = tags.into_iter().collect::<Option<Vec<_>>>().and_then(discriminator);
    union
}

/// A variant that is a type and, beside it, the object with the tag: the tag becomes a field of the type.
fn tagged(parts: &AllOf, schemas: &mut Schemas) -> (Ref, (String, String, String)) {
    let [RefOr::Ref(of), RefOr::T(Schema::Object(holder))] = &*parts.items else {
        panic!("a tagged variant is a type and its tag");
    };
    let (field, value) = tag_of(holder).expect("the object holds a tag");
    let name = of.ref_location.trim_start_matches(SCHEMAS).to_owned();
    let Some(RefOr::T(Schema::Object(variant))) = schemas.get_mut(&name) else {
        panic!("{name} is an object among the schemas");
    };
    variant.properties.insert(field.clone(), holder.properties[&field].clone());
    if !variant.required.contains(&field) {
        variant.required.push(field.clone());
    }
    (of.clone(), (field, value, name))
}

/// A union with further fields, as a union whose variants have these fields; none if the parts are no such thing.
fn distributed(parts: AllOf, name: &str, schemas: &mut Schemas) -> Option<OneOf> {
    let [RefOr::Ref(of), RefOr::T(Schema::Object(more))] = &*parts.items else { return None };
    let part = of.ref_location.trim_start_matches(SCHEMAS);
    let RefOr::T(Schema::OneOf(union)) = schemas.get(part)?.clone() else { return None };
    let mut tags = Vec::new();
    let mut whole = OneOf::new();
    whole.description = parts.description;
    for item in &union.items {
        let RefOr::Ref(variant) = item else { return None };
        let variant = variant.ref_location.trim_start_matches(SCHEMAS);
        let own_name = variant.replace(part, name);
        let RefOr::T(Schema::Object(mut object)) = schemas.get(variant)?.clone() else {
            return None;
        };
        object.properties.extend(more.properties.clone());
        object.required.extend(more.required.clone());
        tags.push(tag_of(&object).map(|(field, value)| (field, value, own_name.clone())));
        schemas.insert(own_name.clone(), RefOr::T(Schema::Object(object)));
        whole.items.push(RefOr::Ref(Ref::from_schema_name(own_name)));
    }
    whole.discriminator = tags.into_iter().collect::<Option<Vec<_>>>().and_then(discriminator);
    Some(whole)
}

/// The discriminator of variants, each with its tag's field and value and its name; none unless the field is the same.
fn discriminator(tags: Vec<(String, String, String)>) -> Option<Discriminator> {
    let field = tags.first()?.0.clone();
    let is_one_field = tags.iter().all(|(other, _, _)| *other == field);
    let mapping = tags.into_iter().map(|(_, value, name)| (value, format!("{SCHEMAS}{name}")));
    is_one_field.then(|| Discriminator::with_mapping(field, mapping))
}

/// The field whose one value tells a variant from the others, and the value.
fn tag_of(variant: &Object) -> Option<(String, String)> {
    variant.properties.iter().find_map(|(field, schema)| {
        let RefOr::T(Schema::Object(schema)) = schema else { return None };
        let [only] = schema.enum_values.as_deref()? else { return None };
        Some((field.clone(), only.as_str()?.to_owned()))
    })
}

/// Whether a choice stands for `null`, as in a field that may be absent.
fn is_null(item: &RefOr<Schema>) -> bool {
    let schema = serde_json::to_value(item).expect("a schema can be written");
    schema["type"] == "null"
}

fn names(schemas: &Schemas) -> Vec<String> {
    schemas.keys().cloned().collect()
}

/// `limit.changed` as `LimitChanged`.
fn pascal_case(word: &str) -> String {
    let parts = word.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts
        .map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first.to_ascii_uppercase() + rest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn after(schemas: Value) -> Value {
        let mut schemas: Schemas = serde_json::from_value(schemas).expect("schemas");
        name_variants(&mut schemas);
        serde_json::to_value(schemas).expect("they can be written")
    }

    #[test]
    fn a_variant_without_a_name_gets_one_and_its_tag_discriminates() {
        let schemas = after(json!({ "Shape": { "oneOf": [
            { "type": "object", "required": ["kind"],
              "properties": { "kind": { "type": "string", "enum": ["round.red"] } } },
            { "allOf": [
                { "$ref": "#/components/schemas/Square" },
                { "type": "object", "required": ["kind"],
                  "properties": { "kind": { "type": "string", "enum": ["square"] } } }
            ] }
        ] }, "Square": { "type": "object", "properties": { "side": { "type": "integer" } } } }));
        assert_eq!(
            schemas["Shape"]["oneOf"],
            json!([
                { "$ref": "#/components/schemas/RoundRedShape" },
                { "$ref": "#/components/schemas/Square" }
            ])
        );
        assert_eq!(
            schemas["Shape"]["discriminator"],
            json!({ "propertyName": "kind", "mapping": {
                "round.red": "#/components/schemas/RoundRedShape",
                "square": "#/components/schemas/Square"
            } })
        );
        assert_eq!(schemas["Square"]["required"], json!(["kind"]));
        assert_eq!(schemas["Square"]["properties"]["kind"]["enum"], json!(["square"]));
    }

    #[test]
    fn fields_beside_a_union_become_fields_of_its_variants() {
        let schemas = after(json!({ "Outcome": { "oneOf": [
            { "type": "object", "required": ["call"], "properties": { "call": { "type": "string" } } },
            { "type": "object", "required": ["error"], "properties": { "error": { "type": "string" } } }
        ] }, "Answer": { "allOf": [
            { "$ref": "#/components/schemas/Outcome" },
            { "type": "object", "required": ["ref"], "properties": { "ref": { "type": "integer" } } }
        ] } }));
        assert_eq!(
            schemas["Answer"]["oneOf"],
            json!([
                { "$ref": "#/components/schemas/CallAnswer" },
                { "$ref": "#/components/schemas/ErrorAnswer" }
            ])
        );
        assert_eq!(schemas["Answer"]["discriminator"], Value::Null);
        assert_eq!(schemas["CallAnswer"]["required"], json!(["call", "ref"]));
        assert_eq!(schemas["CallOutcome"]["required"], json!(["call"]));
    }

    #[test]
    fn a_field_that_may_be_null_is_left_as_it_is() {
        let schemas = json!({ "Maybe": { "oneOf": [
            { "type": "null" }, { "$ref": "#/components/schemas/Thing" }
        ] }, "Thing": { "type": "object" } });
        assert_eq!(after(schemas.clone())["Maybe"], schemas["Maybe"]);
    }
}
