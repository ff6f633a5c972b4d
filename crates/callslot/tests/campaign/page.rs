//! Every block of the page on campaigns, run as it is printed.

use std::process::Stdio;

use crate::server::{BINARY, Server};

const PAGE: &str = include_str!("../../../../docs/campaigns.md");

#[test]
fn the_blocks_of_the_page_on_campaigns_answer_as_they_say() {
    let server = Server::start();
    let programs = server.directory.path().join("programs");
    std::fs::create_dir(&programs).expect("a directory");
    std::os::unix::fs::symlink(BINARY, programs.join("callslot")).expect("a link");
    let path = std::env::var("PATH").expect("a path");
    let mut checked = 0;
    for block in PAGE.split("```sh\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        let (mut script, mut answer) = (String::new(), None);
        for line in block.lines() {
            if let Some(expected) = line.strip_prefix("# -> ") {
                let answer = answer.get_or_insert_with(|| {
                    let output = std::process::Command::new("sh")
                        .args(["-ec", &std::mem::take(&mut script)])
                        .env("PATH", format!("{}:{path}", programs.display()))
                        .env("CALLSLOT_URL", &server.url)
                        .env("CALLSLOT_KEY", &server.admin)
                        .current_dir(server.directory.path())
                        .stdin(Stdio::null())
                        .output()
                        .expect("a shell");
                    let text = [output.stdout, output.stderr].concat();
                    let text = String::from_utf8(text).expect("text");
                    assert!(output.status.success(), "{block}{text}");
                    text
                });
                assert!(answer.contains(expected), "`{expected}` is not in {answer}");
                checked += 1;
            } else {
                answer = None;
                script.push_str(line);
                script.push('\n');
            }
        }
        assert_eq!(script, "", "each block ends with what it answers");
    }
    assert!(checked >= 10, "the page shows its answers");
}
