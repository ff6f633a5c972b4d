//! For how long an old secret signs, whatever the clock says.

use callslot_core::OrgId;

use super::*;

const DAY_MS: u64 = 24 * 3_600_000;

fn rotated(until: Timestamp) -> Webhook {
    Webhook {
        id: "wh_1".to_owned(),
        org: OrgId::parse("acme").expect("an id"),
        url: "https://example.com/".to_owned(),
        events: vec!["*".to_owned()],
        agents: None,
        types: None,
        gates: None,
        description: None,
        claims: true,
        secret: vec![1; 32],
        old_secret: Some((vec![2; 32], until)),
        created_at: Timestamp(0),
        disabled: None,
    }
}

#[test]
fn a_rotation_by_a_wrong_clock_ends_a_day_after_a_start() {
    let now = Timestamp(1_000 * DAY_MS);
    let webhook = rotated(Timestamp(now.0 + 401 * DAY_MS));
    let grace = Grace::of(&webhook, now);
    assert!(grace.lasts());
    let until = grace.until(&webhook, now).expect("it signs");
    assert!(until.0 > now.0 && until.0 <= now.0 + DAY_MS + 1_000, "{until:?}");
    // One that is in time is shown as it was promised, also when the clock is set forward meanwhile.
    let webhook = rotated(Timestamp(now.0 + DAY_MS / 2));
    let grace = Grace::of(&webhook, now);
    assert_eq!(grace.until(&webhook, now), Some(Timestamp(now.0 + DAY_MS / 2)));
    assert!(grace.lasts());
    let over = rotated(now);
    assert!(!Grace::of(&over, now).lasts());
    assert_eq!(Grace::of(&over, now).until(&over, now), None);
}
