//! Plans, API keys and browsers' sessions: a table each, in the file of the log.

use std::collections::BTreeMap;

use callslot_core::{OrgId, PlanId, Timestamp};
use callslot_store::{ApiKey, Catalogue, OldSecret, Plan, Role, Seen, Session, StoreError};
use rusqlite::{Connection, Row, TransactionBehavior, params};

use crate::errors::Error;
use crate::store::{SqliteStore, use_connection};

/// Why a row with an id cannot be read.
const BAD_ID: &str = "an id has characters that ids do not have";

impl Catalogue for SqliteStore {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        Ok(plans(&use_connection(&self.reader))?)
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        Ok(put_plan(&*self.writer()?, plan).map_err(Error::from)?)
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        let writer = self.writer()?;
        let removed = writer.execute("DELETE FROM plan WHERE id = ?", [id.as_str()]);
        Ok(removed.map_err(Error::from)? > 0)
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(keys(&use_connection(&self.reader))?)
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        Ok(put_key(&mut *self.writer()?, key).map_err(Error::from)?)
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        Ok(delete_key(&mut *self.writer()?, id).map_err(Error::from)?)
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        Ok(touch_keys(&mut *self.writer()?, used).map_err(Error::from)?)
    }

    fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        Ok(sessions(&use_connection(&self.reader)).map_err(Error::from)?)
    }

    fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
        Ok(put_session(&*self.writer()?, session).map_err(Error::from)?)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        Ok(delete_sessions(&mut *self.writer()?, tokens_sha256).map_err(Error::from)?)
    }
}

fn plans(reader: &Connection) -> Result<BTreeMap<PlanId, Plan>, Error> {
    let mut statement = reader.prepare_cached("SELECT id, name, slots FROM plan")?;
    let mut rows = statement.query([])?;
    let mut plans = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id = PlanId::kept(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            .map_err(|_| StoreError::damaged("a plan", BAD_ID))?;
        let plan = Plan { id: id.clone(), name: row.get(1)?, limit: row.get(2)? };
        plans.insert(id, plan);
    }
    Ok(plans)
}

pub(crate) fn put_plan(writer: &Connection, plan: &Plan) -> rusqlite::Result<()> {
    writer.execute(
        "INSERT OR REPLACE INTO plan (id, name, slots) VALUES (?, ?, ?)",
        params![plan.id.as_str(), plan.name, plan.limit],
    )?;
    Ok(())
}

/// The keys, also of a file whose layout is older and stays so.
pub(crate) fn keys(reader: &Connection) -> Result<Vec<ApiKey>, Error> {
    let ends = "SELECT count(*) > 0 FROM pragma_table_info('key') WHERE name = 'expires_at'";
    let has_ends: bool = reader.prepare_cached(ends)?.query_row([], |row| row.get(0))?;
    let ends =
        if has_ends { "expires_at, old_secret_sha256, old_until" } else { "NULL, NULL, NULL" };
    let mut statement = reader.prepare_cached(&format!(
        "SELECT id, org, name, role, secret_sha256, created_at, last_used_at, {ends} FROM key ORDER BY id",
    ))?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        keys.push(key_in(row)?);
    }
    Ok(keys)
}

pub(crate) fn put_key(writer: &mut Connection, key: &ApiKey) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    put_key_in(&transaction, key)?;
    transaction.commit()
}

/// The same within a transaction.
pub(crate) fn put_key_in(transaction: &Connection, key: &ApiKey) -> rusqlite::Result<()> {
    transaction.execute(
        "DELETE FROM session WHERE key IN
         (SELECT id FROM key WHERE id = ?1 AND secret_sha256 <> ?2 AND secret_sha256 IS NOT ?3)",
        params![key.id, key.secret_sha256, key.old_secret.map(|old| old.sha256)],
    )?;
    transaction.execute(
        "INSERT OR REPLACE INTO key (id, org, name, role, secret_sha256, created_at, last_used_at,
         expires_at, old_secret_sha256, old_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            key.id,
            key.org.as_ref().map(OrgId::as_str),
            key.name,
            key.role.as_str(),
            key.secret_sha256,
            key.created_at.0.cast_signed(),
            key.last_used_at.map(|at| at.0.cast_signed()),
            key.expires_at.map(|at| at.0.cast_signed()),
            key.old_secret.map(|old| old.sha256),
            key.old_secret.map(|old| old.until.0.cast_signed()),
        ],
    )?;
    Ok(())
}

fn delete_key(writer: &mut Connection, id: &str) -> rusqlite::Result<bool> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let was_there = delete_key_in(&transaction, id)?;
    transaction.commit()?;
    Ok(was_there)
}

/// The same within a transaction.
pub(crate) fn delete_key_in(transaction: &Connection, id: &str) -> rusqlite::Result<bool> {
    transaction.execute("DELETE FROM session WHERE key = ?", [id])?;
    Ok(transaction.execute("DELETE FROM key WHERE id = ?", [id])? > 0)
}

fn touch_keys(writer: &mut Connection, used: &[(String, Timestamp)]) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (id, at) in used {
        transaction
            .prepare_cached("UPDATE key SET last_used_at = ? WHERE id = ?")?
            .execute(params![at.0.cast_signed(), id])?;
    }
    transaction.commit()
}

fn sessions(reader: &Connection) -> rusqlite::Result<Vec<Session>> {
    let mut statement = reader.prepare_cached(
        "SELECT token_sha256, key, created_at, expires_at FROM session ORDER BY token_sha256",
    )?;
    let sessions = statement.query_map([], |row| {
        Ok(Session {
            token_sha256: row.get(0)?,
            key: row.get(1)?,
            created_at: Timestamp(row.get::<_, i64>(2)?.cast_unsigned()),
            expires_at: Seen(row.get::<_, i64>(3)?.cast_unsigned()),
        })
    })?;
    sessions.collect()
}

fn put_session(writer: &Connection, session: &Session) -> rusqlite::Result<bool> {
    let kept = writer.execute(
        "INSERT OR REPLACE INTO session (token_sha256, key, created_at, expires_at)
         SELECT ?1, id, ?3, ?4 FROM key WHERE id = ?2",
        params![
            session.token_sha256,
            session.key,
            session.created_at.0.cast_signed(),
            session.expires_at.0.cast_signed(),
        ],
    )?;
    Ok(kept > 0)
}

fn delete_sessions(writer: &mut Connection, tokens_sha256: &[[u8; 32]]) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for token in tokens_sha256 {
        transaction
            .prepare_cached("DELETE FROM session WHERE token_sha256 = ?")?
            .execute([token])?;
    }
    transaction.commit()
}

fn key_in(row: &Row<'_>) -> Result<ApiKey, Error> {
    let org: Option<String> = row.get(1)?;
    let org = org
        .map(|org| OrgId::kept(&org))
        .transpose()
        .map_err(|_| StoreError::damaged("a key", BAD_ID))?;
    let role: String = row.get(3)?;
    let time = |column| -> rusqlite::Result<_> {
        Ok(row.get::<_, Option<i64>>(column)?.map(|at| Timestamp(at.cast_unsigned())))
    };
    let old_secret = match (row.get(8)?, time(9)?) {
        (Some(sha256), Some(until)) => Some(OldSecret { sha256, until }),
        (None, _) | (_, None) => None,
    };
    Ok(ApiKey {
        id: row.get(0)?,
        org,
        name: row.get(2)?,
        role: Role::parse(&role)
            .ok_or_else(|| StoreError::damaged("a key", "its role is unknown"))?,
        secret_sha256: row.get(4)?,
        created_at: Timestamp(row.get::<_, i64>(5)?.cast_unsigned()),
        last_used_at: time(6)?,
        expires_at: time(7)?,
        old_secret,
    })
}
