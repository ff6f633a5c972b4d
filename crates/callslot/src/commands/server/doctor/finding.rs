//! What a check has found: its outcome, and what to do about it.

use serde::Serialize;

/// The result of a check.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub check: &'static str,
    pub outcome: Outcome,
    pub found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Good,
    Slow,
    Soon,
    Bad,
}

/// A row of the table.
pub fn row(finding: &Finding) -> Vec<String> {
    let outcome = match finding.outcome {
        Outcome::Good => "good",
        Outcome::Slow => "slow",
        Outcome::Soon => "soon",
        Outcome::Bad => "BAD",
    };
    let fix = finding.fix.as_ref().map(|fix| format!("; {fix}")).unwrap_or_default();
    vec![outcome.to_owned(), finding.check.to_owned(), format!("{}{fix}", finding.found)]
}

/// A check that is good or bad, and then with its fix.
pub fn finding(check: &'static str, result: Result<String, (String, &str)>) -> Finding {
    match result {
        Ok(found) => Finding { check, outcome: Outcome::Good, found, fix: None },
        Err((found, fix)) => {
            Finding { check, outcome: Outcome::Bad, found, fix: Some(fix.to_owned()) }
        }
    }
}
