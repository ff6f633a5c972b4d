//! Every block of the pages on telephony, run as it is printed.

use std::process::{Command, Stdio};

use crate::programs::{BINARY, Server};

const TWILIO: &str = include_str!("../../../../docs/telephony/twilio.md");
const KAMAILIO: &str = include_str!("../../../../docs/telephony/kamailio.md");
const ASTERISK: &str = include_str!("../../../../docs/telephony/asterisk.md");
const FREESWITCH: &str = include_str!("../../../../docs/telephony/freeswitch.md");
const JAMBONZ: &str = include_str!("../../../../docs/telephony/jambonz.md");

#[test]
fn the_blocks_of_the_page_on_twilio_answer_as_they_say() {
    answers_as_it_says(TWILIO, 6);
}

#[test]
fn the_blocks_of_the_page_on_kamailio_answer_as_they_say() {
    answers_as_it_says(KAMAILIO, 5);
}

/// `cargo xtask asterisk` runs the rest.
#[test]
fn the_page_on_asterisk_answers_as_it_says_and_shows_what_check_says() {
    answers_as_it_says(ASTERISK, 2);
    let settings = between(ASTERISK, "`bridge.toml`:\n\n```toml\n");
    let folder = tempfile::tempdir().expect("a directory");
    std::fs::write(folder.path().join("bridge.toml"), settings).expect("it can be written");
    let check = Command::new(BINARY).args(["bridge", "check"]).current_dir(folder.path()).output();
    let said = String::from_utf8(check.expect("it runs").stdout).expect("text");
    assert_eq!(said, between(ASTERISK, "$ callslot bridge check\n"));
}

/// What a page has after a text, up to the end of the block.
fn between<'a>(page: &'a str, begin: &str) -> &'a str {
    let (_, after) = page.split_once(begin).expect("the page has the block");
    after.split("```").next().expect("a block ends")
}

/// `cargo xtask recipes` runs what else these pages print.
#[test]
fn the_blocks_of_the_recipes_answer_as_they_say() {
    answers_as_it_says(FREESWITCH, 1);
    answers_as_it_says(JAMBONZ, 1);
}

fn answers_as_it_says(page: &str, answers: usize) {
    let server = Server::start();
    let folder = tempfile::tempdir().expect("a directory");
    std::os::unix::fs::symlink(BINARY, folder.path().join("callslot")).expect("a link");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").expect("a path"));
    let mut checked = 0;
    for block in page.split("```sh\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        let lines = |is_answer: bool| {
            block.lines().filter(move |line| line.starts_with("# -> ") == is_answer)
        };
        let output = Command::new("sh")
            .args(["-ec", &lines(false).collect::<Vec<_>>().join("\n")])
            .env("PATH", &path)
            .env("CALLSLOT_URL", &server.url)
            .env("CALLSLOT_KEY", &server.key)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert!(output.status.success(), "{block}{said}");
        for line in lines(true) {
            let expected = line.trim_start_matches("# -> ");
            assert!(said.contains(expected), "`{expected}` is not in {said}");
            checked += 1;
        }
    }
    assert!(checked >= answers, "the page shows its answers");
}
