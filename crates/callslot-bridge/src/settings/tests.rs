//! What is read, what is refused with which words, and what a path reads like.

use super::*;

const GOOD: &str = r#"public_url = "https://phone.example/bridge"
[carrier]
account = "AC1"
[[number]]
number = "+4930123456"
agent = "support"
gates = ["trunk"]
language = "de-DE"
greeting = "Guten Tag."
max_wait_s = 240
connect = { stream = "wss://engine.example/media?call={call}" }
overflow = [{ callback = "Rückruf: 1." }, { dial = "+4930999" }, { voicemail = "Nach dem Ton." }]
[[outbound]]
agent = "sales"
from = "+4930123457"
connect = { sip = "sip:{call}@engine.example" }
detect_machines = true
"#;

/// The faults of the good file with one thing replaced.
fn refused(old: &str, new: &str) -> Vec<String> {
    assert!(GOOD.contains(old), "{old}");
    let text = GOOD.replacen(old, new, 1);
    Settings::read(&text).expect_err("it is refused").iter().map(ToString::to_string).collect()
}

#[test]
fn a_file_is_read_and_its_paths_are_said_in_words() {
    let settings = Settings::read(GOOD).expect("it is sound");
    assert!(settings.number("+4930123456").is_some_and(|number| number.offers_callback()));
    assert!(settings.number("+1").is_none() && settings.outbound_of("sales").is_some());
    assert_eq!(
        settings.in_words(),
        r#"+4930123456 is called:
  1. the caller hears "Guten Tag."
  2. a call of support, inbound, through the gates trunk, asks for a slot
  3. while there is none, the caller waits up to 4 min: the place in line in words (de-DE), and silence
  4. with a slot, the caller is connected to the media stream wss://engine.example/media?call={call}
  5. who waited too long hears "Rückruf: 1."; who presses 1 keeps the place for 60 min more, and is called back
  6. who is not connected: +4930999 is called
  7. who is not connected hears "Nach dem Ton.", and leaves a message with the carrier
sales dials from +4930123457:
  1. a call that got its slot comes by webhook; the number is `number` of its metadata
  2. busy, no answer, a machine or a failure ends it, with that as its note
  3. who answers is connected to sip:{call}@engine.example
While this bridge is away, calls keep their slots for 120 s.
"#
        .replace("120 s", "2 min")
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_is_allowed() {
    for (old, new, said) in [
        (
            "https://phone",
            "ftp://phone",
            "line 1: `public_url` is \"ftp://phone.example/bridge\"; it begins with https:// (or http://)",
        ),
        (
            "+4930123456",
            "030 123",
            "line 5: `number` is \"030 123\"; a telephone number is `+` and 4 to 15 digits",
        ),
        ("\"support\"", "\"\"", "line 6: `agent` is empty"),
        (
            "[\"trunk\"]",
            "[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "line 7: `gates` names 5; a call passes up to 4",
        ),
        ("de-DE", "tlh", "line 8: `language` is \"tlh\"; it is one of de, en, es, fr"),
        ("240", "0", "line 10: `max_wait_s` is 0; it is 1 to 86400 seconds"),
        (
            "wss://engine",
            "https://engine",
            "line 11: `stream` is \"https://engine.example/media?call={call}\"; it begins with wss:// or ws://",
        ),
        (
            "{call}\"",
            "{caller}\"",
            "line 11: `stream` has a `{` that begins none of {call}, {from}, {to}",
        ),
        ("{ dial = \"+4930999\" }", "{ callback = \"\" }", "line 12: the words have 0 characters"),
        ("{ dial = \"+4930999\" }", "{ say = \"No.\" }", "line 12: nothing comes after"),
        ("+4930123457", "+1", "line 15: `from` is \"+1\""),
        (
            "agent = \"sales\"",
            "agent = \"sales\"\nfrom_number = \"+49301\"",
            "line 15: unknown field `from_number`, expected one of",
        ),
        (
            "max_wait_s = 240",
            "max_wait_s = \"4 min\"",
            "line 10: invalid type: string \"4 min\", expected u64",
        ),
        (
            "{ dial = ",
            "{ ring = ",
            "line 12: unknown variant `ring`, expected one of `callback`, `dial`, `voicemail`, `say`",
        ),
    ] {
        let faults = refused(old, new);
        assert!(faults.len() == 1 && faults[0].starts_with(said), "{new}: {faults:?}");
    }
    assert_eq!(refused("240", "0\nhold_words = \"{place}\"").len(), 2);
    let twice = format!(
        "{GOOD}[[number]]\nnumber = \"+4930123456\"\nagent = \"a\"\nconnect = {{ dial = \"+49301\" }}\n"
    );
    let faults = Settings::read(&twice).expect_err("it is refused");
    assert_eq!(faults[0].to_string(), "line 19: the number +4930123456 is there twice");
}

const SIP: &str = r#"[sip_proxy]
retry_after_s = 20
[[number]]
number = "support.line"
agent = "support"
gates = ["trunk"]
max_wait_s = 240
connect = { sip = "sip:{to}@10.0.0.5" }
overflow = [{ sip = "sip:{to}@10.0.0.6" }]
[[number]]
number = "+4930"
agent = "support"
connect = { sip = "sip:{to}@10.0.0.5" }
overflow = [{ redirect = "sip:later@10.0.0.7" }]
"#;

#[test]
fn the_paths_of_a_sip_proxy_are_said_in_words() {
    let settings = Settings::read(SIP).expect("it is sound");
    assert_eq!(
        settings.in_words(),
        "an INVITE to support.line comes:
  1. a call of support, inbound, through the gates trunk, asks for a slot
  2. while there is none, the caller waits up to 4 min, and is told the place in line with `182 Queued`
  3. with a slot, the INVITE is relayed to sip:{to}@10.0.0.5
  4. who is not connected: the INVITE is relayed to sip:{to}@10.0.0.6
  5. who waited too long gets `486 Busy Here`, with `Retry-After: 20`; who got no answer, the last one's failure
an INVITE to +4930 comes:
  1. a call of support, inbound, asks for a slot
  2. while there is none, the caller waits up to 5 min, and is told the place in line with `182 Queued`
  3. with a slot, the INVITE is relayed to sip:{to}@10.0.0.5
  4. who is not connected is told to call sip:later@10.0.0.7, with `302 Moved Temporarily`
While this bridge is away, calls keep their slots for 2 min.
"
    );
}

#[test]
fn a_sip_proxy_is_not_asked_for_what_it_cannot_do() {
    for (old, new, said) in [
        (
            "[sip_proxy]\nretry_after_s = 20",
            "name = \"a\"",
            "line 1: there is no [carrier] and no [sip_proxy]",
        ),
        (
            "retry_after_s = 20",
            "retry_after_s = 0",
            "line 2: `retry_after_s` is 0; it is 1 to 86400 seconds",
        ),
        (
            "support.line",
            "support@line",
            "line 4: `number` is \"support@line\"; it is the user part",
        ),
        (
            "{ sip = \"sip:{to}@10.0.0.5\" }",
            "{ dial = \"+4930\" }",
            "line 8: a SIP proxy connects to an address",
        ),
        (
            "sip:{to}@10.0.0.5",
            "http://10.0.0.5",
            "line 8: `sip` is \"http://10.0.0.5\"; it begins with sip: or sips:",
        ),
        (
            "{ sip = \"sip:{to}@10.0.0.6\" }",
            "{ say = \"No.\" }",
            "line 9: a SIP proxy neither speaks nor dials",
        ),
        (
            "max_wait_s = 240",
            "greeting = \"Hello.\"",
            "line 4: a SIP proxy plays nothing, so there is no `greeting`",
        ),
        (
            "{ redirect = \"sip:later@10.0.0.7\" }",
            "{ redirect = \"sip:a\" }, { sip = \"sip:b\" }",
            "line 14: nothing comes after",
        ),
        (
            "[[number]]",
            "[carrier]\naccount = \"AC1\"\n[[number]]",
            "line 4: there are both [carrier] and [sip_proxy]",
        ),
    ] {
        assert!(SIP.contains(old), "{old}");
        let text = SIP.replacen(old, new, 1);
        let faults: Vec<String> = Settings::read(&text)
            .expect_err("it is refused")
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(faults.len() == 1 && faults[0].starts_with(said), "{new}: {faults:?}");
    }
    let faults = refused("{ dial = \"+4930999\" }", "{ redirect = \"sip:a\" }");
    assert!(faults[0].starts_with("line 12: a carrier redirects nobody"), "{faults:?}");
}
