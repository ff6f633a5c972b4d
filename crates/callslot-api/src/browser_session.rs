//! The JSON of signing browsers in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{KeyId, Name, OrgId};
use crate::key::Role;
use crate::strict;
use crate::time::Time;

/// A key or a code to sign in with: one of the two.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, max_properties = 1)]
pub struct SignIn {
    /// The secret of an API key.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false, example = "cs_viewer_0f1c")]
    pub key: Option<String>,
    /// A one-time code: what follows the `#` of a sign-in link.
    #[serde(
        default,
        deserialize_with = "strict::not_null",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false)]
    pub code: Option<String>,
}

/// Who is signed in, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// What the key may do.
    pub role: Role,
    /// The key.
    pub key: SessionKey,
    /// The organisation the key belongs to; null for an operator's.
    #[schema(required, value_type = Option<OrgId>)]
    pub org: Option<String>,
    /// When the session ends; null for a key, which has no session.
    #[schema(required)]
    pub expires_at: Option<Time>,
}

/// The key of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionKey {
    /// Its id.
    #[schema(value_type = KeyId)]
    pub id: String,
    /// Its name.
    #[schema(value_type = Name)]
    pub name: String,
}

/// A code that signs a browser in once, as the page `/sign-in#<code>`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInCode {
    /// The code.
    pub code: String,
    /// Until when it works.
    pub expires_at: Time,
}
