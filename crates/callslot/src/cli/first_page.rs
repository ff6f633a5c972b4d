//! What `callslot` alone prints: how to begin, and the commands by what they are for. It fits a screen.

use std::fmt::Write as _;

/// The commands by what they are for; `cli.rs` says what each does.
const GROUPS: [(&str, &[&str]); 8] = [
    ("run a server", &["serve", "demo", "doctor", "backup", "restore"]),
    ("watch", &["status", "top", "history", "alert", "events", "dashboard", "open"]),
    ("calls", &["call", "explain", "campaign", "lease"]),
    ("share out slots", &["reserve", "agent", "type", "gate", "apply", "export"]),
    ("be called", &["webhook", "listen", "bridge"]),
    ("log in", &["login", "logout", "profile"]),
    ("administer", &["org", "plan", "key", "audit"]),
    ("measure", &["bench"]),
];

/// The page.
pub fn first_page() -> String {
    let mut page = format!(
        "Callslot {}: call concurrency for AI voice and chat agents.\n\n\
         \x20 callslot demo    try it: a server with simulated traffic\n\
         \x20 callslot serve   run a server; it prints its keys and a link to the dashboard\n\n\
         Commands:\n",
        env!("CARGO_PKG_VERSION")
    );
    for (what, commands) in GROUPS {
        // Writing to a string does not fail.
        let _ = writeln!(page, "  {what:<16} {}", commands.join("  "));
    }
    page.push_str(
        "\n`callslot help` says what each does, `callslot help COMMAND` how it is used.\n\
         They find a server by `callslot login`, or by CALLSLOT_URL and CALLSLOT_KEY.\n",
    );
    page
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn the_first_page_names_every_command_once_and_fits_a_screen() {
        let page = first_page();
        assert!(page.lines().count() <= 24, "{page}");
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        let mut named: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        named.sort_unstable();
        let cli = Cli::command();
        let shown = cli.get_subcommands().filter(|command| !command.is_hide_set());
        let mut all: Vec<&str> = shown.map(clap::Command::get_name).collect();
        all.sort_unstable();
        assert_eq!(named, all);
    }
}
