//! Lists, one page at a time: how many items, and the cursor of the next page.
//!
//! A cursor says which list it belongs to and where that continues. It is hexadecimal so that nobody relies on its content.
//! It is never trusted: at worst it yields an empty page. Where a list has an order that only grows, a cursor beyond its end is
//! refused.

use std::fmt::Display;
use std::str::FromStr;

use callslot_api::limits::{DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS};
use callslot_api::{Page, ProblemCode as Code};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::field::in_range;
use crate::hex::hex;
use crate::refusal::Refusal;

/// The list that a cursor belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    QueuedCalls,
    ActiveCalls,
    EndedCalls,
    Agents,
    Gates,
    Alerts,
    PastAlerts,
    Plans,
    Orgs,
    Keys,
    Leases,
    Audit,
    Webhooks,
    Deliveries,
}

impl List {
    const fn letter(self) -> char {
        match self {
            Self::QueuedCalls => 'q',
            Self::ActiveCalls => 'a',
            Self::EndedCalls => 'e',
            Self::Agents => 'g',
            Self::Gates => 't',
            Self::Alerts => 'r',
            Self::PastAlerts => 'h',
            Self::Plans => 'p',
            Self::Orgs => 'o',
            Self::Keys => 'k',
            Self::Leases => 'l',
            Self::Audit => 'u',
            Self::Webhooks => 'w',
            Self::Deliveries => 'd',
        }
    }

    /// The cursor at which this list continues.
    pub(crate) fn cursor(self, place: impl Display) -> String {
        hex(format!("{}{place}", self.letter()).as_bytes())
    }

    /// Where this list continues, if the cursor is one it could have given out.
    pub(crate) fn place<T: FromStr + Display>(self, cursor: &str) -> Option<T> {
        let pairs = cursor.as_bytes().chunks(2);
        let digits = pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        let text = String::from_utf8(digits.collect::<Option<_>>()?).ok()?;
        let place: T = text.strip_prefix(self.letter())?.parse().ok()?;
        (self.cursor(&place) == cursor).then_some(place)
    }
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// The maximum number of items: 1 to 1,000, 100 by default.
    #[param(minimum = 1, maximum = 1000)]
    pub(crate) limit: Option<u64>,
    /// Where to continue: `next` of the previous page.
    #[param(pattern = "^([0-9a-f][0-9a-f])+$")]
    pub(crate) cursor: Option<String>,
}

impl PageParams {
    /// The page of a list that is sorted by id.
    pub(crate) fn of(&self, list: List) -> Result<PageById, Refusal> {
        let limit = page_limit(self.limit)?;
        let after = self.cursor.as_deref().map(|cursor| list.place(cursor).ok_or_else(bad_cursor));
        Ok(PageById { list, after: after.transpose()?, limit })
    }
}

/// A page of a list that is sorted by id. Its cursor is the last id of the previous page.
pub(crate) struct PageById {
    list: List,
    after: Option<String>,
    limit: usize,
}

impl PageById {
    /// The last id of the previous page.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// How many items it may have.
    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// Takes the page's items; only those are converted.
    pub(crate) fn take<I, T>(
        self,
        items: impl IntoIterator<Item = I>,
        id: impl Fn(&I) -> &str,
        show: impl Fn(I) -> T,
    ) -> Page<T> {
        let is_after = |item: &I| self.after.as_deref().is_none_or(|last| id(item) > last);
        let mut rest = items.into_iter().filter(is_after);
        let items: Vec<I> = rest.by_ref().take(self.limit).collect();
        let has_more = rest.next().is_some();
        let next = items.last().filter(|_| has_more).map(|last| self.list.cursor(id(last)));
        Page { items: items.into_iter().map(show).collect(), next }
    }
}

/// How many items a page may have.
pub(crate) fn page_limit(limit: Option<u64>) -> Result<usize, Refusal> {
    let limit = limit.unwrap_or(DEFAULT_PAGE_ITEMS as u64);
    let checked = in_range("limit", limit, (1, MAX_PAGE_ITEMS as u64))?;
    Ok(usize::try_from(checked).expect("a page's limit is small"))
}

/// Refuses a cursor that is invalid or from another list.
pub(crate) fn bad_cursor() -> Refusal {
    Refusal::invalid_field("cursor", "`cursor` is not from this list; start again without it")
}

/// Refuses a cursor of this list that leads to something that the organisation does not have yet. Taken, it would pass over calls
/// without a word.
pub(crate) fn cursor_ahead() -> Refusal {
    let detail = "it is ahead of this list; it was given before a restore, or by another server; start again without it";
    Refusal::new(Code::CursorAhead, detail).about("cursor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_on_in_its_own_list_only() {
        let cursor = List::Agents.cursor("support:1");
        assert_eq!(List::Agents.place::<String>(&cursor).as_deref(), Some("support:1"));
        assert_eq!(List::Keys.place::<String>(&cursor), None);
        assert_eq!(List::EndedCalls.place::<u64>(&List::EndedCalls.cursor(7)), Some(7));
        let others = ["6537+7", "65+7", "652b37", "653037", "65 7"];
        let nonsense = ["", "e", "7", "zz", "657", "é7", "65ff", "65e9", "+5+5"];
        for nonsense in nonsense.into_iter().chain(others) {
            assert_eq!(List::EndedCalls.place::<u64>(nonsense), None, "{nonsense}");
        }
        let capitals = List::Agents.cursor("jo").to_uppercase();
        assert_eq!(List::Agents.place::<String>(&capitals), None, "{capitals}");
    }
}
