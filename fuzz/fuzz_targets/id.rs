//! Ids: each kind accepts exactly the texts that the contract allows, and keeps them unchanged.
#![no_main]

use callslot_core::{AgentId, CallId, LeaseId, OrgId, PlanId};
use libfuzzer_sys::fuzz_target;

/// The characters of all ids but those of calls, as `docs/openapi.json` has them.
const SLUG: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-";

macro_rules! judge {
    ($text:ident: $($id:ident)+) => {
        $(
            let is_one = (1..=64).contains(&$text.len()) && $text.chars().all(|c| SLUG.contains(c))
                && ![".", ".."].contains(&$text);
            match $id::parse($text) {
                Ok(id) => {
                    assert!(is_one, "{id} was taken");
                    assert_eq!((id.as_str(), &*id.to_string()), ($text, $text));
                }
                Err(error) => {
                    assert!(!is_one, "{} was refused: {error}", $text);
                    assert!(error.to_string().contains("64"), "{error}");
                }
            }
        )+
    };
}

fuzz_target!(|text: &str| {
    judge!(text: AgentId LeaseId OrgId PlanId);
    let is_call = (1..=128).contains(&text.len())
        && text.chars().all(|c| ('!'..='~').contains(&c) && c != '/')
        && ![".", "..", "batch", "end"].contains(&text);
    assert_eq!(CallId::parse(text).is_ok(), is_call, "{text}");
    if let Ok(id) = CallId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
});
