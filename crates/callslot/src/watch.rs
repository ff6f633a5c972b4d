//! `--watch`: a screen that is drawn again every second, also after the server has been away.

use std::io::IsTerminal;
use std::time::Duration;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use callslot_api::ClientError;

use crate::failure::Failure;
use crate::output::{Printed, print};
use crate::remote::may_pass;

const EVERY: Duration = Duration::from_secs(1);
/// Clears the screen and goes to its top left (ECMA-48).
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Looks once or, with `--watch`, every second until interrupted.
pub fn look(
    watch: bool,
    mut look: impl FnMut() -> Result<Printed, ClientError>,
) -> Result<(), Failure> {
    let mut has_looked = false;
    let mut is_away = false;
    loop {
        match look() {
            Ok(Printed::ReaderGone) => return Ok(()),
            Ok(Printed::Whole) => (has_looked, is_away) = (true, false),
            // A server that has answered before may be starting again.
            Err(error) if watch && has_looked && may_pass(&error) => {
                if !is_away {
                    eprintln!("{error}; trying again every second");
                }
                is_away = true;
            }
            Err(error) => return Err(error.into()),
        }
        if !watch {
            return Ok(());
        }
        std::thread::sleep(EVERY);
    }
}

/// Prints a screen, in its colours where standard output shows them; with `--watch` on a terminal it takes the place of the
/// one before.
pub fn show(watch: bool, screen: &str) -> Printed {
    let out = std::io::stdout();
    let clear = if watch && out.is_terminal() { CLEAR } else { "" };
    // As `NO_COLOR`, `CLICOLOR_FORCE` and `TERM` say.
    let has_colours = AutoStream::choice(&out) != ColorChoice::Never;
    let screen = if has_colours { screen.to_owned() } else { strip_str(screen).to_string() };
    print(&format!("{clear}{screen}"))
}
