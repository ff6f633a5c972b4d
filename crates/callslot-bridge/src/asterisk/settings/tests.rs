//! What is read, what is refused with which words, and what a path reads like.

use super::*;

const GOOD: &str = r#"[asterisk]
url = "http://127.0.0.1:8088"
user = "callslot"
[[number]]
number = "+4930123456"
agent = "support"
gates = ["trunk"]
greeting = "sound:hello-world"
max_wait_s = 240
connect = { dialplan = "support@agents" }
overflow = [{ dialplan = "office@overflow" }, { play = "sound:goodbye,sound:vm-goodbye" }]
[[number]]
number = "100"
agent = "support"
answer = false
connect = { dialplan = "support@agents" }
[[outbound]]
agent = "sales"
from = "+4930123457"
endpoint = "PJSIP/{to}@trunk"
connect = { dialplan = "sales@agents" }
"#;

#[test]
fn a_file_is_read_and_its_paths_are_said_in_words() {
    let settings = Settings::read(GOOD).expect("it is sound");
    assert!(is_for_asterisk(GOOD) && !is_for_asterisk("[carrier]") && !is_for_asterisk("["));
    assert!(settings.number("100").is_some() && settings.number("1").is_none());
    assert_eq!(
        settings.in_words(),
        "+4930123456 comes to Stasis(callslot):
  1. the caller is answered, and hears sound:hello-world
  2. a call of support, inbound, through the gates trunk, asks for a slot
  3. while there is none, the caller waits up to 4 min: the place in line every 30 s, and music (default)
  4. with a slot, the caller goes on in the dialplan at support@agents
  5. who is not connected goes on in the dialplan at office@overflow
  6. who is not connected hears sound:goodbye,sound:vm-goodbye; the call ends
100 comes to Stasis(callslot):
  1. the caller hears it ring, and is not answered yet
  2. a call of support, inbound, asks for a slot
  3. while there is none, the caller waits up to 5 min: it rings
  4. with a slot, the caller goes on in the dialplan at support@agents
  5. who is still not connected is told \"busy\"; the call ends
sales dials from +4930123457:
  1. a call that got its slot, and is to be claimed, is claimed; the number is `number` of its metadata
  2. PJSIP/{to}@trunk rings for up to 30 s; busy, no answer or a failure ends the call, with that as its note
  3. who answers goes on in the dialplan at sales@agents
While this bridge or Asterisk is away, calls keep their slots for 2 min.
"
    );
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_what_is_allowed() {
    for (old, new, said) in [
        ("http://127", "ftp://127", "line 2: `url` is \"ftp://127.0.0.1:8088\"; it begins with"),
        ("\"callslot\"", "\"a b\"", "line 3: `user` is \"a b\"; it is 1 to 64 letters"),
        ("\"+4930123456\"", "\"+49 30\"", "line 5: `number` is \"+49 30\"; it is 1 to 79 digits"),
        ("\"support\"", "\"\"", "line 6: `agent` is empty"),
        ("[\"trunk\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "line 7: `gates` names 5"),
        ("sound:hello-world", "hello world", "line 8: `greeting` is \"hello world\"; it is such"),
        ("240", "0", "line 9: `max_wait_s` is 0; it is 1 to 86400 seconds"),
        ("support@agents", "agents", "line 10: a place in the dialplan is \"agents\"; it is ext"),
        ("support@agents", "a@b,c", "line 10: a place in the dialplan is \"a@b,c\""),
        (
            "{ dialplan = \"office@overflow\" }",
            "{ hang_up = \"busy\" }",
            "line 11: nothing comes after `play` or `hang_up`",
        ),
        ("\"office@overflow\" }", "\"o@p\" }, { play = \"x\" }", "line 11: `play` is \"x\""),
        ("number = \"100\"", "number = \"+4930123456\"", "line 13: the number +4930123456 is"),
        ("PJSIP/{to}", "PJSIP/1", "line 20: `endpoint` is \"PJSIP/1@trunk\"; it is such as"),
        ("PJSIP/{to}", "PJSIP/{to}{from}", "line 20: `endpoint` has a `{` that begins none of"),
        ("answer = false", "answer = \"no\"", "line 15: invalid type: string \"no\""),
        ("answer = false", "say = \"No.\"", "line 15: unknown field `say`, expected one of"),
    ] {
        assert!(GOOD.contains(old), "{old}");
        let faults = Settings::read(&GOOD.replacen(old, new, 1)).expect_err("it is refused");
        assert!(faults.iter().any(|it| it.to_string().starts_with(said)), "{new}: {faults:?}");
    }
    let none = Settings::read("[asterisk]\n").expect_err("it is refused");
    assert!(none[0].what.contains("no [[number]] and no [[outbound]]"));
}
