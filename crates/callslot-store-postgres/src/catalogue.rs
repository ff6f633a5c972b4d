//! Plans, API keys and browsers' sessions: a table each.

use std::collections::BTreeMap;

use callslot_core::{OrgId, PlanId, Timestamp};
use callslot_store::{
    ApiKey, Catalogue, OldSecret, Plan, Role, Seen, Session as Browser, StoreError,
};
use postgres::Row;

use crate::errors::Error;
use crate::integers::{moment, small, unsigned};
use crate::session::Session;
use crate::store::PostgresStore;

/// Why a row with an id cannot be read.
const BAD_ID: &str = "an id has characters that ids do not have";

impl Catalogue for PostgresStore {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        Ok(self.rest.again(plans)?)
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        Ok(self.rest.again(|session| put_plan(session, plan))?)
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        Ok(self.rest.once(|session| delete_plan(session, id))?)
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(self.rest.again(keys)?)
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let put = |session: &mut Session| session.transaction(|session| put_key_in(session, key));
        Ok(self.rest.again(put)?)
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.rest.once(|session| delete_key(session, id))?)
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        let newest: BTreeMap<_, _> =
            used.iter().map(|(id, at)| (id.as_str(), at.0.cast_signed())).collect();
        let (ids, times): (Vec<_>, Vec<_>) = newest.into_iter().unzip();
        self.rest.again(|session| {
            session.execute(
                "INSERT INTO key_use (key, at) SELECT u.key, u.at FROM unnest($1::text[], $2::int8[]) AS u (key, at)
                    JOIN key ON key.id = u.key
                 ON CONFLICT (key) DO UPDATE SET at = excluded.at",
                &[&ids, &times],
            )
        })?;
        Ok(())
    }

    fn sessions(&self) -> Result<Vec<Browser>, StoreError> {
        Ok(self.rest.again(sessions)?)
    }

    fn put_session(&self, session: &Browser) -> Result<bool, StoreError> {
        let (token, key) = (&session.token_sha256[..], session.key.as_str());
        let (created, expires) =
            (session.created_at.0.cast_signed(), session.expires_at.0.cast_signed());
        let kept = self.rest.again(|session| {
            session.execute(
                "INSERT INTO session (token_sha256, key, created_at, expires_at) SELECT $1, id, $3, $4 FROM key WHERE id = $2
                 ON CONFLICT (token_sha256) DO UPDATE SET key = excluded.key, created_at = excluded.created_at,
                    expires_at = excluded.expires_at",
                &[&token, &key, &created, &expires],
            )
        })?;
        Ok(kept > 0)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        let tokens: Vec<&[u8]> = tokens_sha256.iter().map(|token| &token[..]).collect();
        let text = "DELETE FROM session WHERE token_sha256 = ANY ($1)";
        self.rest.again(|session| session.execute(text, &[&tokens]))?;
        Ok(())
    }
}

fn plans(session: &mut Session) -> Result<BTreeMap<PlanId, Plan>, Error> {
    let mut plans = BTreeMap::new();
    for row in session.rows("SELECT id, name, slots FROM plan", &[])? {
        let id = PlanId::kept(row.get(0)).map_err(|_| StoreError::damaged("a plan", BAD_ID))?;
        let plan = Plan { id: id.clone(), name: row.get(1), limit: small(&row, 2) };
        plans.insert(id, plan);
    }
    Ok(plans)
}

pub(crate) fn put_plan(session: &mut Session, plan: &Plan) -> Result<(), Error> {
    let text = "INSERT INTO plan (id, name, slots) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, slots = excluded.slots";
    session.execute(text, &[&plan.id.as_str(), &plan.name, &i64::from(plan.limit)]).map(drop)
}

pub(crate) fn delete_plan(session: &mut Session, id: &PlanId) -> Result<bool, Error> {
    Ok(session.execute("DELETE FROM plan WHERE id = $1", &[&id.as_str()])? > 0)
}

fn keys(session: &mut Session) -> Result<Vec<ApiKey>, Error> {
    let rows = session.rows(
        "SELECT id, org, name, role, secret_sha256, created_at, key_use.at, expires_at, old_secret_sha256, old_until
         FROM key LEFT JOIN key_use ON key_use.key = key.id ORDER BY id",
        &[],
    )?;
    rows.iter().map(key_in).collect()
}

/// Creates or replaces a key, within a transaction.
pub(crate) fn put_key_in(session: &mut Session, key: &ApiKey) -> Result<(), Error> {
    let old = key.old_secret.map(|old| old.sha256);
    let (secret, old) = (&key.secret_sha256[..], old.as_ref().map(|old| &old[..]));
    session.execute(
        "DELETE FROM session WHERE key IN
         (SELECT id FROM key WHERE id = $1 AND secret_sha256 <> $2 AND secret_sha256 IS DISTINCT FROM $3)",
        &[&key.id, &secret, &old],
    )?;
    session.execute(
        "INSERT INTO key (id, org, name, role, secret_sha256, created_at, expires_at, old_secret_sha256, old_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET org = excluded.org, name = excluded.name, role = excluded.role,
            secret_sha256 = excluded.secret_sha256, created_at = excluded.created_at, expires_at = excluded.expires_at,
            old_secret_sha256 = excluded.old_secret_sha256, old_until = excluded.old_until",
        &[
            &key.id,
            &key.org.as_ref().map(OrgId::as_str),
            &key.name,
            &key.role.as_str(),
            &secret,
            &key.created_at.0.cast_signed(),
            &key.expires_at.map(|at| at.0.cast_signed()),
            &old,
            &key.old_secret.map(|old| old.until.0.cast_signed()),
        ],
    )?;
    match key.last_used_at {
        Some(at) => session.execute(
            "INSERT INTO key_use (key, at) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET at = excluded.at",
            &[&key.id, &at.0.cast_signed()],
        )?,
        None => session.execute("DELETE FROM key_use WHERE key = $1", &[&key.id])?,
    };
    Ok(())
}

/// Removes a key; its sessions go with it.
pub(crate) fn delete_key(session: &mut Session, id: &str) -> Result<bool, Error> {
    Ok(session.execute("DELETE FROM key WHERE id = $1", &[&id])? > 0)
}

fn sessions(session: &mut Session) -> Result<Vec<Browser>, Error> {
    let rows = session.rows(
        "SELECT token_sha256, key, created_at, expires_at FROM session ORDER BY token_sha256",
        &[],
    )?;
    let browser = |row: &Row| {
        Ok(Browser {
            token_sha256: sha256(row.get(0), "a session")?,
            key: row.get(1),
            created_at: Timestamp(unsigned(row, 2)),
            expires_at: Seen(unsigned(row, 3)),
        })
    };
    rows.iter().map(browser).collect()
}

fn sha256(bytes: &[u8], of: &str) -> Result<[u8; 32], Error> {
    let damaged = |_| StoreError::damaged(of, "its hash has not 32 bytes").into();
    bytes.try_into().map_err(damaged)
}

fn key_in(row: &Row) -> Result<ApiKey, Error> {
    let org: Option<&str> = row.get(1);
    let org = org.map(OrgId::kept).transpose();
    let old: Option<&[u8]> = row.get(8);
    let old = old.map(|old| sha256(old, "a key")).transpose()?;
    let old_secret = match (old, moment(row, 9)) {
        (Some(sha256), Some(until)) => Some(OldSecret { sha256, until }),
        (None, _) | (_, None) => None,
    };
    Ok(ApiKey {
        id: row.get(0),
        org: org.map_err(|_| StoreError::damaged("a key", BAD_ID))?,
        name: row.get(2),
        role: Role::parse(row.get(3))
            .ok_or_else(|| StoreError::damaged("a key", "its role is unknown"))?,
        secret_sha256: sha256(row.get(4), "a key")?,
        created_at: Timestamp(unsigned(row, 5)),
        last_used_at: moment(row, 6),
        expires_at: moment(row, 7),
        old_secret,
    })
}
