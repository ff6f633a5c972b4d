//! The command line as a whole: it is consistent, its first help fits a screen, and commands have examples.

use clap::CommandFactory;

use super::*;

#[test]
fn what_can_be_typed_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn the_first_help_fits_a_screen() {
    let help = Cli::command().term_width(80).render_help().to_string();
    assert!(help.lines().count() <= 24, "{} lines:\n{help}", help.lines().count());
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
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
    check(&Cli::command());
}
