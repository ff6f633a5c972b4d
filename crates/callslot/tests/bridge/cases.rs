//! Single calls: the overflow, the call back, what is dialled, what is not signed, and a change of settings.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use callslot_api::{
    Call, CallEnd, CallStart, CallState, CallType, EndReason, Metadata, WebhookCreate,
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use tokio::time::sleep;

use crate::carrier::{Carrier, PUBLIC, Told, locked};
use crate::programs::{Bridge, Server};

const NUMBER: &str = "+4930000001";
const FIELDS: [(&str, &str); 2] = [("From", "+49170"), ("To", NUMBER)];
const TALKS: [&str; 1] = ["Dial sip:CA1@engine.example"];

fn settings(api: &str, overflow: &str) -> String {
    format!(
        "public_url = \"{PUBLIC}\"\nask_after_s = 1\n[carrier]\naccount = \"AC1\"\napi = \"{api}\"\n\
         [[number]]\nnumber = \"{NUMBER}\"\nagent = \"support\"\nmax_wait_s = 1\n\
         connect = {{ sip = \"sip:{{call}}@engine.example\" }}\noverflow = [{overflow}]\n\
         [[outbound]]\nagent = \"sales\"\nfrom = \"+4930000009\"\nto_field = \"phone\"\ndetect_machines = true\n\
         connect = {{ dial = \"+4930000008\" }}\n"
    )
}

/// A server with one slot for `support`, a bridge and a carrier.
struct World {
    server: Server,
    bridge: Bridge,
    carrier: Arc<Carrier>,
    api: String,
}

impl World {
    async fn new(overflow: &str) -> Self {
        let (carrier, api) = Carrier::start().await;
        let server = Server::start();
        server.cap(1);
        let bridge = Bridge::start(&server, &settings(&api, overflow), None);
        carrier.forward_to(&bridge.address);
        Self { server, bridge, carrier, api }
    }

    /// Asks below the public address for a caller; what it is told, in short.
    async fn ask(&self, path: &str, sid: &str, more: &[(&str, &str)]) -> Vec<String> {
        let fields = [&[("CallSid", sid)], &FIELDS[..], more].concat();
        let verbs = self.carrier.ask(&format!("{PUBLIC}/{path}"), &fields).await;
        verbs.iter().map(|verb| format!("{} {}", verb.name, verb.text).trim().to_owned()).collect()
    }

    async fn rings(&self, sid: &str) -> Vec<String> {
        drop(self.carrier.ring(sid));
        self.ask("voice", sid, &[]).await
    }

    /// Asks as long as the caller waits; what it is told then.
    async fn waits(&self, sid: &str) -> Vec<String> {
        for _ in 0..100 {
            let told = self.ask(&format!("hold?call={sid}"), sid, &[]).await;
            if !told.iter().any(|verb| verb.starts_with("Pause")) {
                return told;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("{sid} waits on");
    }

    /// How the server has a call, once it is as it should be.
    async fn until(&self, id: &str, is_so: impl Fn(&Call) -> bool) -> Call {
        for _ in 0..400 {
            match self.server.client().call(id, 0) {
                Ok(call) if is_so(&call) => return call,
                Ok(_) | Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
        panic!("{:?}", self.server.client().call(id, 0));
    }

    async fn over(&self, sid: &str) {
        self.carrier.over(sid);
        self.carrier.tell(&format!("{PUBLIC}/status"), sid, "completed").await;
    }

    /// The call that the bridge makes as the nth: its id, and what the carrier was asked for.
    async fn made(&self, nth: usize) -> (String, std::collections::HashMap<String, String>) {
        for _ in 0..400 {
            if let Some(made) = locked(&self.carrier.made).get(nth) {
                return made.clone();
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing is dialled");
    }

    /// Has Callslot tell the bridge of calls that it is to make; the bridge starts anew with the secret.
    fn dials(&mut self) {
        let url = format!("http://{}/dispatch", self.bridge.address);
        let create =
            serde_json::json!({ "url": url, "events": ["call.started"], "agents": ["sales"] });
        let create: WebhookCreate = serde_json::from_value(create).expect("a webhook");
        let made = self.server.client().create_webhook(&create).expect("a webhook");
        let secret = made.secret.expect("a secret");
        self.bridge =
            Bridge::start_at(&mut self.bridge, &self.server, &settings(&self.api, ""), &secret);
    }

    fn campaign_call(&self, id: &str) {
        let start = serde_json::json!({
            "id": id, "agent": "sales", "type": "outbound", "claim_within_s": 30, "metadata": { "phone": "+49171" }
        });
        let start: CallStart = serde_json::from_value(start).expect("a call");
        assert_eq!(start.call_type, CallType::Outbound);
        assert!(start.metadata.as_ref().is_some_and(|it| *it != Metadata::default()));
        self.server.client().start_call(&start, 0).expect("a start");
    }
}

fn has_ended(call: &Call) -> bool {
    call.state == CallState::Ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_too_long_goes_through_the_overflow_and_keeps_no_place() {
    let world = World::new("{ dial = \"+4930000005\" }, { say = \"Later.\" }").await;
    assert_eq!(world.rings("CA1").await, TALKS);
    let waits = world.rings("CA2").await;
    assert_eq!(waits[0], "Say You are number 1 in line.");
    assert_eq!(world.waits("CA2").await, ["Dial +4930000005"]);
    assert_eq!(world.until("CA2", has_ended).await.reason, Some(EndReason::MaxWait));
    let next = world.ask("passed?at=0&call=CA2", "CA2", &[("DialCallStatus", "busy")]).await;
    assert_eq!(next, ["Say Later.", "Hangup"]);
    world.over("CA1").await;
    let ended = world.until("CA1", has_ended).await;
    assert_eq!((ended.reason, ended.note), (Some(EndReason::Completed), None));
    assert!((world.bridge.figure("callslot_bridge_overflowed_total") - 1.0).abs() < 0.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hung_up_before_the_bridge_heard_of_the_call_takes_no_slot() {
    let world = World::new("").await;
    world.over("CA1").await;
    assert_eq!(world.rings("CA1").await, ["Hangup"]);
    let late = world.ask("voice", "CA2", &[("CallStatus", "completed")]).await;
    assert_eq!(late, ["Hangup"]);
    assert_eq!(world.rings("CA3").await, ["Dial sip:CA3@engine.example"]);
    for id in ["CA1", "CA2"] {
        world.server.client().call(id, 0).expect_err("it was never asked for");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wants_to_be_called_back_keeps_the_place_and_is_called_in_turn() {
    let world = World::new("{ callback = \"Press 1.\" }").await;
    assert_eq!(world.rings("CA1").await, TALKS);
    world.rings("CA2").await;
    let offer = world.waits("CA2").await;
    assert_eq!(offer[0], "Gather Press 1.");
    let goodbye = world.ask("digit?at=0&call=CA2", "CA2", &[("Digits", "1")]).await;
    assert!(
        goodbye[0].starts_with("Say We will call you back") && goodbye[1] == "Hangup",
        "{goodbye:?}"
    );
    world.over("CA2").await;
    let kept = world.server.client().call("CA2", 0).expect("it is there");
    assert_eq!((kept.state, kept.position), (CallState::Queued, Some(1)));
    world.over("CA1").await;
    let (sid, asked) = world.made(0).await;
    assert_eq!((&*asked["To"], &*asked["From"]), ("+49170", NUMBER));
    let fields = [("CallSid", &*sid)];
    let verbs = world.carrier.ask(&asked["Url"], &fields).await;
    assert_eq!(verbs[0].text, "sip:CA2@engine.example");
    // That the first leg is over says nothing about the second.
    world.over("CA2").await;
    assert_eq!(world.until("CA2", |_| true).await.state, CallState::Active);
    world.carrier.tell(&asked["StatusCallback"], &sid, "completed").await;
    assert_eq!(world.until("CA2", has_ended).await.reason, Some(EndReason::Completed));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agents_dial_what_callslot_gives_a_slot_and_the_outcome_is_the_note() {
    let mut world = World::new("").await;
    world.dials();
    world.campaign_call("row-1");
    let (sid, asked) = world.made(0).await;
    assert_eq!((&*asked["To"], &*asked["From"]), ("+49171", "+4930000009"));
    assert_eq!(asked["MachineDetection"], "Enable");
    let verbs =
        world.carrier.ask(&asked["Url"], &[("CallSid", &sid), ("AnsweredBy", "human")]).await;
    assert_eq!(verbs[0].text, "+4930000008");
    world.carrier.tell(&asked["StatusCallback"], &sid, "completed").await;
    assert_eq!(world.until("row-1", has_ended).await.reason, Some(EndReason::Completed));
    for (nth, status, note) in
        [(1, "busy", "busy"), (2, "no-answer", "no answer"), (3, "failed", "failed")]
    {
        let id = format!("row-{status}");
        world.campaign_call(&id);
        let (sid, asked) = world.made(nth).await;
        world.carrier.tell(&asked["StatusCallback"], &sid, status).await;
        assert_eq!(world.until(&id, has_ended).await.note.as_deref(), Some(note));
    }
    world.campaign_call("row-machine");
    let (sid, asked) = world.made(4).await;
    let verbs = world
        .carrier
        .ask(&asked["Url"], &[("CallSid", &sid), ("AnsweredBy", "machine_start")])
        .await;
    assert_eq!(verbs[0].name, "Hangup");
    assert_eq!(world.until("row-machine", has_ended).await.note.as_deref(), Some("machine"));
    // A campaign's list has the number in a column of its own.
    world.server.campaign("row,phone\n7,+49172\n");
    let (sid, asked) = world.made(5).await;
    assert_eq!(asked["To"], "+49172");
    world.carrier.tell(&asked["StatusCallback"], &sid, "completed").await;
    assert_eq!(world.until("spring-7", has_ended).await.reason, Some(EndReason::Completed));
    // The carrier refuses the number: that is an outcome, too.
    *locked(&world.carrier.dialling) = StatusCode::BAD_REQUEST;
    world.campaign_call("row-refused");
    assert_eq!(world.until("row-refused", has_ended).await.note.as_deref(), Some("failed"));
    // The carrier is away: the call gives its slot back, and is offered again.
    *locked(&world.carrier.dialling) = StatusCode::SERVICE_UNAVAILABLE;
    world.campaign_call("row-away");
    world.until("row-away", |call| call.state == CallState::Queued || has_ended(call)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_signed_is_refused_and_counted_and_changes_nothing() {
    let world = World::new("").await;
    let url = format!("{PUBLIC}/voice");
    let fields = [("CallSid", "CA1"), ("To", NUMBER)];
    let (status, _) = world.carrier.post(&url, &fields, "another token").await;
    assert_eq!(status, 403);
    assert!((world.bridge.figure("callslot_bridge_wrong_signatures_total") - 1.0).abs() < 0.1);
    let dispatched = ureq::post(format!("http://{}/dispatch", world.bridge.address)).send("{}");
    assert!(matches!(dispatched, Err(ureq::Error::StatusCode(403))), "{dispatched:?}");
    assert!(world.server.client().calls(&[]).expect("calls").items.is_empty());
    assert_eq!(
        world.ask("voice", "CA2", &[("To", "+4930999")]).await,
        TALKS.map(|_| "Dial sip:CA2@engine.example")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promised_call_back_is_made_by_the_next_bridge() {
    let mut world = World::new("{ callback = \"Press 1.\" }").await;
    assert_eq!(world.rings("CA1").await, TALKS);
    world.rings("CA2").await;
    assert_eq!(world.waits("CA2").await[0], "Gather Press 1.");
    world.ask("digit?at=0&call=CA2", "CA2", &[("Digits", "1")]).await;
    world.over("CA2").await;
    world.bridge.kill_and_start_again();
    world.over("CA1").await;
    assert_eq!(world.made(0).await.1["To"], "+49170");
    assert_eq!(world.until("CA2", |_| true).await.state, CallState::Active);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telnyx_signs_the_body_and_its_api_is_asked_at_its_addresses() {
    let (carrier, api) = Carrier::start().await;
    let server = Server::start();
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed");
    let public_key = STANDARD.encode(pair.public_key());
    let bridge = Bridge::start(&server, &settings(&api, ""), Some(&public_key));
    let http: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let post = |body: &str, at_s: u64| {
        let signature = pair.sign(format!("{at_s}|{body}").as_bytes());
        let sent = http
            .post(format!("http://{}/voice", bridge.address))
            .header("telnyx-timestamp", at_s.to_string())
            .header("telnyx-signature-ed25519", STANDARD.encode(signature))
            .send(body);
        let mut answer = sent.expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
    };
    let now_s = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let body = "CallSid=v3%3Aa-1&From=%2B49170&To=%2B4930000001";
    assert_eq!(post(body, now_s - 600).0, 403);
    let mut hears = carrier.ring("v3:a-1");
    let (status, told) = post(body, now_s);
    assert!(status == 200 && told.contains("sip:v3%3Aa-1@engine.example"), "{told}");
    // An operator ends it: the carrier is to hang up, at Telnyx's address.
    server.client().end_call("v3:a-1", &CallEnd::default()).expect("an end");
    let hung_up = tokio::time::timeout(Duration::from_secs(20), hears.changed()).await;
    hung_up.expect("in time").expect("the carrier is there");
    assert!(matches!(*hears.borrow(), Some(Told::HangUp)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_change_and_bridges_are_replaced_without_losing_a_call() {
    let mut world = World::new("").await;
    assert_eq!(world.rings("CA1").await, TALKS);
    let other = settings(&world.api, "").replace("engine.example", "new.example");
    world.bridge.reload("this is no settings file");
    world.bridge.reload(&other.replace("max_wait_s = 1\n", "max_wait_s = 60\n"));
    // The conversation goes on as it began, and its repetition too.
    assert_eq!(world.ask("hold?call=CA1", "CA1", &[]).await, TALKS);
    for _ in 0..100 {
        // Each of them is new, waits, and hangs up.
        if world.rings("CA2").await[0].starts_with("Say You are number 1") {
            break;
        }
    }
    world.bridge.replace();
    assert_eq!(world.server.client().call("CA1", 0).expect("it is there").state, CallState::Active);
    world.over("CA1").await;
    assert_eq!(world.until("CA1", has_ended).await.reason, Some(EndReason::Completed));
    assert_eq!(world.waits("CA2").await, ["Dial sip:CA2@new.example"]);
    // An operator ends it: the carrier hangs up.
    let mut told = world.carrier.ring("CA2");
    world.server.client().end_call("CA2", &CallEnd::default()).expect("an end");
    let hung_up = tokio::time::timeout(Duration::from_secs(20), told.changed()).await;
    hung_up.expect("in time").expect("the carrier is there");
    assert!(matches!(*told.borrow(), Some(Told::HangUp)));
}
