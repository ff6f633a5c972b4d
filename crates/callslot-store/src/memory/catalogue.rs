//! The catalogue in memory.

use std::collections::BTreeMap;

use callslot_core::{PlanId, Timestamp};

use crate::contract::catalogue::{ApiKey, Catalogue, Plan, Session};
use crate::contract::store_error::StoreError;
use crate::memory::MemoryStore;

impl Catalogue for MemoryStore {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        Ok(self.kept().plans.clone())
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        self.kept().plans.insert(plan.id.clone(), plan.clone());
        Ok(())
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        Ok(self.kept().plans.remove(id).is_some())
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(self.kept().keys.values().cloned().collect())
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let before = kept.keys.insert(key.id.clone(), key.clone());
        let still_works = |secret| {
            secret == key.secret_sha256 || key.old_secret.is_some_and(|old| old.sha256 == secret)
        };
        if before.is_some_and(|before| !still_works(before.secret_sha256)) {
            kept.sessions.retain(|_, session| session.key != key.id);
        }
        Ok(())
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        kept.sessions.retain(|_, session| session.key != id);
        Ok(kept.keys.remove(id).is_some())
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for (id, at) in used {
            if let Some(key) = kept.keys.get_mut(id) {
                key.last_used_at = Some(*at);
            }
        }
        Ok(())
    }

    fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        Ok(self.kept().sessions.values().cloned().collect())
    }

    fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let has_key = kept.keys.contains_key(&session.key);
        if has_key {
            kept.sessions.insert(session.token_sha256, session.clone());
        }
        Ok(has_key)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for token in tokens_sha256 {
            kept.sessions.remove(token);
        }
        Ok(())
    }
}
