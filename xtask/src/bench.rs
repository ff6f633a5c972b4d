//! `cargo xtask bench`: what a decision costs, what a durable call costs beside other systems that could do the job, and
//! what slow clients cost the others. Start reading at `bench/peers.rs`.

mod measured;
mod peers;
mod running;
pub mod scale;
mod slow_clients;
mod table;

use crate::run;

pub use slow_clients::slow_clients;

const USAGE: &str = "cargo xtask bench [core|check|peers|slow-clients] [--rounds N] [--seconds N]";

/// Runs the part that is named, or all of them.
pub fn bench(arguments: &[String]) -> Result<(), String> {
    let Asked { part, rounds, seconds } = asked(arguments)?;
    match part.as_deref() {
        None => {
            core()?;
            peers::peers(rounds, seconds)?;
            slow_clients()
        }
        Some("core") => core(),
        Some("check") => peers::check(),
        Some("peers") => peers::peers(rounds, seconds),
        Some("slow-clients") => slow_clients(),
        Some(other) => Err(format!("the bench has no part `{other}`: {USAGE}")),
    }
}

fn core() -> Result<(), String> {
    run("cargo bench --package callslot-core")
}

/// What the command line says.
struct Asked {
    part: Option<String>,
    rounds: usize,
    seconds: u32,
}

fn asked(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked { part: None, rounds: 3, seconds: 5 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let number = |value: Option<&String>| {
            let value =
                value.and_then(|value| value.parse::<u16>().ok()).filter(|value| *value > 0);
            value.ok_or_else(|| format!("{word} wants a number above 0: {USAGE}"))
        };
        match word.as_str() {
            "--rounds" => asked.rounds = number(words.next())?.into(),
            "--seconds" => asked.seconds = number(words.next())?.into(),
            part if asked.part.is_none() && !part.starts_with('-') => {
                asked.part = Some(part.into());
            }
            other => return Err(format!("the bench does not know `{other}`: {USAGE}")),
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_rounds_and_seconds_can_be_named() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let Asked { part, rounds, seconds } =
            asked(&words("peers --rounds 1 --seconds 2")).expect("a bench");
        assert_eq!((part.as_deref(), rounds, seconds), (Some("peers"), 1, 2));
        for wrong in ["--rounds", "--rounds 0", "--seconds x", "--fast", "core peers"] {
            assert!(asked(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
