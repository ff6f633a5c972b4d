//! The project's own chores. This file is their table of contents: one variant a chore, one file behind it.
//!
//! `checks` must pass, `bench` measures, and `process` has what both are made of: steps, which are command lines that a
//! person could type, packages, tools, and servers. Start reading at [`Chore`].

#![expect(clippy::disallowed_methods, reason = "a chore says how long its steps took")]

mod bench;
mod book;
mod checks;
mod dev;
mod package;
mod picture;
mod process;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// Chores of the Callslot repository.
///
/// `cargo xtask CHORE --help` describes each of them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", verbatim_doc_comment)]
enum Chore {
    /// Run everything that must pass: what CI runs
    Test(test::Test),
    /// Check format, clippy, rustdoc and dependencies (licences, duplicates)
    Lint,
    /// Look for unused dependencies and published advisories (by hand and every night)
    Audit,
    /// Check the repository's own rules: dependencies between crates, file sizes, names, links
    Tidy,
    /// Check spelling, and look for words to avoid
    Words,
    /// Run the simulation: seeds, or every interleaving of a tiny organisation
    #[command(disable_help_flag = true)]
    Sim(checks::sim::Sim),
    /// Plant known bugs in a copy of the sources and look for each with the simulation
    Planted,
    /// Change the sources piece by piece, and list the changes that no test notices (by hand)
    #[command(disable_help_flag = true)]
    Mutants(checks::mutants::Mutants),
    /// Count the instructions of the core's operations against the recorded ones
    Instructions(checks::instructions::Instructions),
    /// Run the fuzz targets, each on its corpus and beyond
    Fuzz(checks::fuzz::Fuzz),
    /// Test every operation of docs/openapi.json against the release binary
    Schemathesis(checks::schemathesis::Schemathesis),
    /// Lint docs/openapi.json, generate clients from it and run a call through each
    Openapi,
    /// Have a real Asterisk and its bridge serve callers, and kill each of them
    Asterisk(checks::asterisk::Asterisk),
    /// Have Twilio's own libraries and API description judge the bridge to carriers
    Telephony,
    /// Have a real Kamailio, and simulated callers, try the bridge to SIP proxies
    Kamailio(checks::kamailio::Kamailio),
    /// Run the recipes for FreeSWITCH and jambonz against a real server and players of both
    Recipes,
    /// Run the receivers of docs/webhooks.md, with the verifiers of Standard Webhooks, against real deliveries
    Receivers,
    /// Check, test and build the SDKs, and judge them by the conformance suite (by hand)
    Sdk(checks::sdk::Sdk),
    /// Build the web app into the bundle that the binary embeds, check and test it, in Chromium too
    Dashboard(checks::dashboard::Dashboard),
    /// Build and serve in a fresh Debian 12 with Rust and a C compiler alone (by hand, as root)
    CleanRoot,
    /// Build what people install, and try it: binaries, Debian, containers, manifests, monitoring (by hand)
    Package(package::Package),
    /// Take the moving picture of the README of the real thing (by hand)
    Picture,
    /// Run the demo and the web app with hot reload behind one address
    Dev,
    /// Make a site of the documentation
    Book,
    /// Run the benchmarks, all or one part
    Bench(bench::Bench),
    /// Measure how right the estimated waits are, in six kinds of traffic in virtual time
    Estimate,
    /// Measure calls next to 5,000 slow sockets, and memory under hostile clients (a part of the benchmarks)
    SlowClients,
    /// Measure how much one server holds: a million calls, thousands of organisations and streams
    Scale(bench::scale::Scale),
}

fn main() -> ExitCode {
    let outcome = match Chore::parse() {
        Chore::Test(test) => test.run(),
        Chore::Lint => checks::lint::lint(),
        Chore::Audit => checks::lint::audit(),
        Chore::Tidy => checks::tidy::tidy(),
        Chore::Words => checks::words::words(),
        Chore::Sim(sim) => sim.run(),
        Chore::Planted => checks::planted::planted(),
        Chore::Mutants(mutants) => mutants.run(),
        Chore::Instructions(instructions) => instructions.run(),
        Chore::Fuzz(fuzz) => fuzz.run(),
        Chore::Schemathesis(schemathesis) => schemathesis.run(),
        Chore::Openapi => checks::openapi::openapi(),
        Chore::Asterisk(asterisk) => asterisk.run(),
        Chore::Telephony => checks::telephony::telephony(),
        Chore::Kamailio(kamailio) => kamailio.run(),
        Chore::Recipes => checks::recipes::recipes(),
        Chore::Receivers => checks::receivers::receivers(),
        Chore::Sdk(sdk) => sdk.run(),
        Chore::Dashboard(dashboard) => dashboard.run(),
        Chore::CleanRoot => checks::clean_root::clean_root(),
        Chore::Package(package) => package.run(),
        Chore::Picture => picture::picture(),
        Chore::Dev => dev::dev(),
        Chore::Book => book::book(),
        Chore::Bench(bench) => bench.run(),
        Chore::Estimate => bench::estimate(),
        Chore::SlowClients => bench::slow_clients(),
        Chore::Scale(scale) => scale.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound_and_every_chore_says_what_it_does() {
        let command = Chore::command();
        command.clone().debug_assert();
        for chore in command.get_subcommands() {
            assert!(chore.get_about().is_some(), "{} has no help", chore.get_name());
        }
    }

    #[test]
    fn flags_are_read_and_nonsense_is_refused() {
        for line in [
            "test",
            "sim --seeds 7 --help",
            "sim small-world",
            "fuzz --minutes 3 record",
            "bench peers --rounds 1 --seconds 2",
            "scale live told --calls 5",
            "schemathesis --minutes 1",
            "instructions --update",
            "sdk python",
            "kamailio --long",
            "sdk typescript",
            "asterisk --long",
            "sdk",
            "package deb",
            "package",
        ] {
            let words = std::iter::once("xtask").chain(line.split(' '));
            assert!(Chore::try_parse_from(words).is_ok(), "{line}");
        }
        for line in [
            "fly",
            "fuzz --hours 1",
            "fuzz --seconds 0",
            "fuzz --seconds",
            "bench --rounds 0",
            "bench --seconds x",
            "bench core peers",
            "scale moon",
            "schemathesis --minutes 0",
            "instructions --record",
            "kamailio --calls 5",
            "asterisk --calls 5",
            "sdk cobol",
            "package rpm",
        ] {
            let words = std::iter::once("xtask").chain(line.split(' '));
            assert!(Chore::try_parse_from(words).is_err(), "{line}");
        }
    }
}
