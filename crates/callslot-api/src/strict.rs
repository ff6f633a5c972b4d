//! Stricter parsing of requests. serde's derived types also accept an array of field values in place of an object, and an
//! object with a name in it in place of the name; the document allows neither.
//!
//! Only shapes are checked here, never values. [`Object`] is for a whole body, the functions are for fields.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads `T` from an object and from nothing else.
#[derive(Debug)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnObject(PhantomData)).map(Self)
    }
}

struct AnObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnObject<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// A field that is an array of objects.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|Object(item)| item).collect())
}

/// A field that is an object, null or absent.
pub(crate) fn object_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Object<T>>::deserialize(deserializer)?.map(|Object(value)| value))
}

/// A field that is one of a few names.
pub(crate) fn name<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(AName(PhantomData))
}

/// A field that is one of a few names, null or absent.
pub(crate) fn name_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Option::<Name<T>>::deserialize(deserializer)?.map(|Name(item)| item))
}

/// A field that is an array of names.
pub(crate) fn names<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Name<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|Name(item)| item).collect())
}

/// Reads `T` from a text and from nothing else.
struct Name<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Name<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        name(deserializer).map(Self)
    }
}

struct AName<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AName<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        T::deserialize(StrDeserializer::new(name))
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<T, E> {
        T::deserialize(BorrowedStrDeserializer::new(name))
    }
}

/// A field that may be absent, but not null.
pub(crate) fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A field that may be absent or null, which are two things.
#[expect(clippy::option_option, reason = "there are three cases")]
pub(crate) fn not_absent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use crate::{
        CallBatch, CallStart, GatePut, KeyCreate, LeaseRenew, OrgCreate, OrgPatch, ReservationsPut,
    };

    use super::*;

    #[track_caller]
    fn refused<'de, T: Deserialize<'de> + fmt::Debug>(json: &'de str, because: &str) {
        let refused = serde_json::from_str::<Object<T>>(json).expect_err(json);
        assert!(refused.to_string().contains(because), "{json}: {refused}");
    }

    #[test]
    fn an_array_is_no_object_however_deep_it_stands() {
        refused::<OrgPatch>("[null, null]", "expected an object");
        refused::<CallStart>(r#"["a", "chat"]"#, "expected an object");
        refused::<CallBatch>(r#"{"calls":[["a","chat"]]}"#, "expected an object");
        refused::<OrgPatch>(r#"{"max_wait_s":[1]}"#, "expected an object");
        refused::<OrgCreate>(r#"{"name":"a","plan":"b","max_wait_s":[1]}"#, "expected an object");
        refused::<ReservationsPut>(r#"{"reservations":[["a",1]]}"#, "expected an object");
        let pace = r#"{"name":"a","kind":"trunk","pace":[1,1]}"#;
        refused::<GatePut>(pace, "expected an object");
    }

    #[test]
    fn an_object_is_no_name() {
        refused::<CallStart>(r#"{"agent":"a","type":{"chat":null}}"#, "expected a name");
        refused::<KeyCreate>(r#"{"name":"a","role":{"viewer":null}}"#, "expected a name");
        let days = r#"{"name":"a","kind":"trunk","hours":{"tz":"UTC","open":[{"days":[{"mon":null}],"from":"","to":""}]}}"#;
        refused::<GatePut>(days, "expected a name");
    }

    #[test]
    fn what_is_said_together_is_not_half_null() {
        refused::<LeaseRenew>(r#"{"count":1,"digest":null}"#, "invalid type: null");
        refused::<LeaseRenew>(r#"{"count":null}"#, "invalid type: null");
    }

    #[test]
    fn null_stays_another_word_for_absent_elsewhere() {
        let patch: Object<OrgPatch> =
            serde_json::from_str(r#"{"max_wait_s":null}"#).expect("it is one");
        assert_eq!(patch.0, OrgPatch::default());
        let call = r#"{"agent":"a","type":"chat","metadata":null,"id":null}"#;
        assert!(serde_json::from_str::<Object<CallStart>>(call).is_ok());
    }
}
