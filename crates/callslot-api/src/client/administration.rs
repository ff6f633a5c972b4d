//! Organisations, plans, keys, and who changed what.

use crate::{
    AuditEntry, Key, KeyCreate, KeyRotate, Org, OrgCreate, OrgPatch, Page, Plan, PlanPut, Pool,
    SignInCode,
};

use super::{Client, ClientError, encoded, page, query};

impl Client {
    /// A page of changes, newest first. `filters` are query parameters.
    pub fn audit(&self, filters: &[(&str, &str)]) -> Result<Page<AuditEntry>, ClientError> {
        self.get(&format!("/v1/audit{}", query(filters)))
    }

    /// Puts a change of reservations back.
    pub fn revert(&self, seq: u64) -> Result<Pool, ClientError> {
        self.request("POST", &format!("/v1/audit/{seq}/revert"), None::<&()>, &[])
    }

    /// A page of organisations.
    pub fn orgs(&self, cursor: Option<&str>) -> Result<Page<Org>, ClientError> {
        self.get(&format!("/v1/orgs{}", page(cursor)))
    }

    /// One organisation.
    pub fn org(&self, id: &str) -> Result<Org, ClientError> {
        self.get(&format!("/v1/orgs/{}", encoded(id)))
    }

    /// Creates an organisation.
    pub fn create_org(&self, create: &OrgCreate) -> Result<Org, ClientError> {
        self.send("POST", "/v1/orgs", create)
    }

    /// Changes an organisation.
    pub fn change_org(&self, id: &str, patch: &OrgPatch) -> Result<Org, ClientError> {
        self.send("PATCH", &format!("/v1/orgs/{}", encoded(id)), patch)
    }

    /// Deletes an organisation.
    pub fn delete_org(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/orgs/{}", encoded(id)))
    }

    /// A page of plans.
    pub fn plans(&self, cursor: Option<&str>) -> Result<Page<Plan>, ClientError> {
        self.get(&format!("/v1/plans{}", page(cursor)))
    }

    /// Creates or replaces a plan.
    pub fn put_plan(&self, id: &str, put: &PlanPut) -> Result<Plan, ClientError> {
        self.send("PUT", &format!("/v1/plans/{}", encoded(id)), put)
    }

    /// Deletes a plan.
    pub fn delete_plan(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/plans/{}", encoded(id)))
    }

    /// A page of keys.
    pub fn keys(&self, cursor: Option<&str>) -> Result<Page<Key>, ClientError> {
        self.get(&format!("/v1/keys{}", page(cursor)))
    }

    /// Makes a key; its secret is in this answer only.
    pub fn create_key(&self, create: &KeyCreate) -> Result<Key, ClientError> {
        self.send("POST", "/v1/keys", create)
    }

    /// Gives a key a new secret, which is in this answer only.
    pub fn rotate_key(&self, id: &str, rotate: &KeyRotate) -> Result<Key, ClientError> {
        self.send("POST", &format!("/v1/keys/{}/rotate", encoded(id)), rotate)
    }

    /// Revokes a key.
    pub fn revoke_key(&self, id: &str) -> Result<(), ClientError> {
        self.delete(&format!("/v1/keys/{}", encoded(id)))
    }

    /// Makes a code that signs a browser in once, with this key.
    pub fn create_code(&self) -> Result<SignInCode, ClientError> {
        self.request("POST", "/v1/session/codes", None::<&()>, &[])
    }
}
