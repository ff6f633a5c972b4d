//! The first start: creates plans, an organisation and keys in an empty data directory, and what the operator is shown.

use callslot_api::limits::{DEFAULT_MAX_CALL_DURATION_S, DEFAULT_MAX_QUEUED};
use callslot_core::{OrgId, OrgSettings, PerType, PlanId, Rejection};
use callslot_node::{CatalogueError, NewOrg, NodeHandle, SubmitError, system_actor, wall_now};
use callslot_store::{ApiKey, Plan, Role, Store, StoreError};

use crate::auth::known_key::hash;
use crate::auth::secrets::{new_id, new_secret};
use crate::serve_error::ServeError;
use crate::state::App;

/// The plans of a first start, with their names and limits.
const FIRST_PLANS: [(&str, &str, u32); 2] =
    [("standard", "Standard", 20), ("enterprise", "Enterprise", 100)];
/// The organisation of a first start, and its plan.
const FIRST_ORG: (&str, &str) = ("default", "standard");
/// The id of the operator key given in the settings.
pub(crate) const GIVEN_OPERATOR_KEY: &str = "key_operator";

/// What a first start created. The keys are shown once.
#[derive(Debug, Clone)]
pub struct FirstStart {
    /// The organisation.
    pub org: String,
    /// Its admin's key.
    pub admin_key: String,
    /// The operator's key; `None` if the settings gave one.
    pub operator_key: Option<String>,
    /// Signs a browser in as the operator, once and within an hour, at `/sign-in#<code>`.
    pub sign_in_code: String,
}

/// The keys of a first start.
pub(crate) struct FirstKeys {
    admin: String,
    /// `None` if the settings gave one.
    operator: Option<String>,
}

/// Creates what a first start needs, and installs the operator key given in the settings.
///
/// Keys come last, so that an interrupted first start is completed by the next one. The last operator key cannot be
/// revoked, so there is never again a start without keys.
pub(crate) async fn set_up(
    node: &NodeHandle,
    store: &dyn Store,
    operator_key: Option<&str>,
) -> Result<Option<FirstKeys>, ServeError> {
    let made = if store.keys()?.is_empty() {
        make_first_plans_and_org(node, store).await?;
        let made_operator_key = operator_key.is_none().then(|| new_secret(Role::Operator));
        if let Some(secret) = &made_operator_key {
            keep_key(store, new_id("key"), None, Role::Operator, secret)?;
        }
        let admin = new_secret(Role::Admin);
        keep_key(store, new_id("key"), Some(first_org()), Role::Admin, &admin)?;
        Some(FirstKeys { admin, operator: made_operator_key })
    } else {
        None
    };
    if let Some(secret) = operator_key {
        keep_key(store, GIVEN_OPERATOR_KEY.into(), None, Role::Operator, secret)?;
    }
    Ok(made)
}

async fn make_first_plans_and_org(node: &NodeHandle, store: &dyn Store) -> Result<(), ServeError> {
    let failed = |error: CatalogueError| ServeError::SetUp(error.to_string());
    let known = store.plans()?;
    for plan in first_plans() {
        if !known.contains_key(&plan.id) {
            node.put_plan(system_actor("first_start"), plan).await.map_err(failed)?;
        }
    }
    let settings = first_org_settings();
    let new = NewOrg {
        name: settings.name,
        plan: settings.plan,
        limit_override: settings.limit_override,
        max_call_duration_ms: settings.max_call_duration_ms,
        max_wait_ms: settings.max_wait_ms,
        max_queued: settings.max_queued,
    };
    match node.create_org(system_actor("first_start"), first_org(), new).await {
        Ok(_) | Err(CatalogueError::Submit(SubmitError::Refused(Rejection::OrgExists { .. }))) => {
            Ok(())
        }
        Err(error) => Err(failed(error)),
    }
}

/// The plans of a first start.
pub fn first_plans() -> impl Iterator<Item = Plan> {
    FIRST_PLANS.into_iter().map(|(id, name, limit)| Plan {
        id: PlanId::parse(id).expect("a plan id"),
        name: name.into(),
        limit,
    })
}

/// The organisation of a first start.
#[must_use]
pub fn first_org() -> OrgId {
    OrgId::parse(FIRST_ORG.0).expect("an organisation id")
}

/// Its settings.
#[must_use]
pub fn first_org_settings() -> OrgSettings {
    let plan = PlanId::parse(FIRST_ORG.1).expect("a plan id");
    let of_plan = first_plans().find(|first| first.id == plan).expect("it is a first plan");
    OrgSettings {
        name: "Default".into(),
        plan,
        plan_limit: of_plan.limit,
        limit_override: None,
        max_call_duration_ms: DEFAULT_MAX_CALL_DURATION_S * 1000,
        max_wait_ms: PerType::default(),
        max_queued: DEFAULT_MAX_QUEUED,
    }
}

fn keep_key(
    store: &dyn Store,
    id: String,
    org: Option<OrgId>,
    role: Role,
    secret: &str,
) -> Result<(), StoreError> {
    store.put_key(&ApiKey {
        id,
        org,
        name: format!("first {}", role.as_str()),
        role,
        secret_sha256: hash(secret),
        created_at: wall_now(),
        last_used_at: None,
        expires_at: None,
        old_secret: None,
    })
}

/// What is shown after a first start, with a sign-in code for the operator.
pub(crate) fn first_start(made: FirstKeys, given_operator: Option<&str>, app: &App) -> FirstStart {
    let secret = made.operator.as_deref().or(given_operator);
    let operator = secret.and_then(|secret| app.keys.find(secret)).expect("it was just stored");
    FirstStart {
        org: first_org().to_string(),
        admin_key: made.admin,
        operator_key: made.operator,
        sign_in_code: app.codes.make(&operator, None, app.node.lived()).0,
    }
}
