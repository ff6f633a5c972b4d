//! The command line as a whole: it is consistent, its first help fits a screen, and commands have examples.

use super::*;

#[test]
fn what_can_be_typed_is_consistent() {
    Cli::documented().debug_assert();
}

#[test]
fn help_is_a_command_too_of_every_command() {
    for line in ["help", "help call", "help call start", "call help start"] {
        let words = std::iter::once("callslot").chain(line.split(' '));
        let shown = Cli::documented().try_get_matches_from(words).expect_err(line);
        assert_eq!(shown.kind(), clap::error::ErrorKind::DisplayHelp, "{line}");
        let command = line.split(' ').filter(|word| *word != "help").collect::<Vec<_>>().join(" ");
        assert!(shown.to_string().contains(&format!("Usage: callslot {command}")), "{line}");
    }
}

#[test]
fn words_of_other_programs_mean_the_same() {
    for (line, command) in [
        ("agent create support", "put"),
        ("gate rm trunk", "delete"),
        ("org ls", "list"),
        ("call get c", "show"),
        ("org create o --name O --plan p", "create"),
        ("org set o --limit 3", "edit"),
        ("webhook add https://example.com", "create"),
        ("webhook remove wh_1", "delete"),
    ] {
        let words = std::iter::once("callslot").chain(line.split(' '));
        let matches = Cli::documented().try_get_matches_from(words).expect(line);
        let (_, within) = matches.subcommand().expect("a command");
        assert_eq!(within.subcommand_name(), Some(command), "{line}");
    }
    let wrong = Cli::documented().try_get_matches_from(["callslot", "agnet", "list"]);
    assert!(wrong.expect_err("a slip").to_string().contains("'agent'"));
}

#[test]
fn every_command_that_takes_something_has_examples() {
    fn check(command: &clap::Command) {
        for sub in command.get_subcommands() {
            let takes = sub.get_positionals().count() > 0;
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            let is_plain = matches!(sub.get_name(), "show" | "delete");
            assert!(
                !takes || is_plain || help.contains("xample"),
                "{} has no example",
                sub.get_name()
            );
            check(sub);
        }
    }
    check(&Cli::documented());
}

#[test]
fn every_command_says_its_exit_codes() {
    fn check(command: &clap::Command) {
        for sub in command.get_subcommands() {
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            let says = help.matches("Exit codes: 0 ").count();
            assert_eq!(says, usize::from(!sub.has_subcommands()), "{}", sub.get_name());
            check(sub);
        }
    }
    check(&Cli::documented());
}

#[test]
fn the_help_of_every_command_is_as_it_was_reviewed() {
    fn collect(command: &mut clap::Command, helps: &mut Vec<String>) {
        // The variables of the person who runs the test do not matter.
        let mut shown = command.clone().mut_args(|argument| argument.hide_env_values(true));
        helps.push(shown.render_help().to_string());
        for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
            collect(sub, helps);
        }
    }
    let mut helps = Vec::new();
    let mut command = Cli::documented().term_width(100);
    command.build();
    collect(&mut command, &mut helps);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../help");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
        .bind(|| insta::assert_snapshot!("help", helps.join(&format!("\n{}\n", "-".repeat(100)))));
}

#[test]
fn an_empty_id_is_refused_under_its_name_before_anyone_is_asked() {
    for (line, name) in [
        ("agent put _", "<ID>"),
        ("agent delete _", "<ID>"),
        ("call start _ chat", "<AGENT>"),
        ("call start a chat --id _", "--id <ID>"),
        ("call start a chat --lease _", "--lease <LEASE>"),
        ("call show _", "<ID>"),
        ("call end _", "[ID]"),
        ("call start a chat --gate _", "--gate <GATE>"),
        ("gate put _", "<ID>"),
        ("gate delete _", "<ID>"),
        ("alert put _ --when queued --above 1", "<ID>"),
        ("alert show _", "<ID>"),
        ("alert delete _", "<ID>"),
        ("campaign run - --agent a --gate _", "--gate <GATE>"),
        ("campaign cancel _", "<GATE>"),
        ("key revoke _", "<ID>"),
        ("org show _", "<ID>"),
        ("org create _ --name A --plan standard", "<ID>"),
        ("org edit _", "<ID>"),
        ("org delete _", "<ID>"),
        ("plan put _ --name A --limit 1", "<ID>"),
        ("plan delete _", "<ID>"),
        ("reserve _", "<AGENT>"),
    ] {
        let words = line.split(' ').map(|word| if word == "_" { "" } else { word });
        let refused = Cli::try_parse_from(std::iter::once("callslot").chain(words));
        let said = refused.expect_err(line).to_string();
        let expected = format!("invalid value '' for '{name}': an id cannot be empty");
        assert!(said.contains(&expected), "{line}: {said}");
    }
}

#[test]
fn a_threshold_that_is_no_number_is_refused_before_anyone_is_asked() {
    for above in ["NaN", "inf", "1e400", "much"] {
        let line = ["callslot", "alert", "put", "busy", "--when", "queued", "--above", above];
        let said = Cli::try_parse_from(line).expect_err(above).to_string();
        assert!(said.contains("it must be a number"), "{above}: {said}");
    }
    let line = ["callslot", "alert", "put", "busy", "--when", "queued", "--above", "0.5"];
    Cli::try_parse_from(line).expect("a number");
}
