//! `callslot dashboard`: prints a sign-in link for the dashboard.

use clap::Args;

use crate::failure::Failure;
use crate::output::{print_json, print_line};
use crate::remote::Remote;
use crate::web_app::sign_in_link;

/// Prints a sign-in link for the dashboard.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot dashboard\n  callslot dashboard --url https://calls.example.com\n\n\
    The link signs in with your key. It works once, within an hour."
)]
pub struct Dashboard {
    #[command(flatten)]
    remote: Remote,
}

impl Dashboard {
    pub fn run(&self) -> Result<(), Failure> {
        let target = self.remote.target()?;
        let made = target.client()?.create_code()?;
        if self.remote.json {
            print_json(&made);
            return Ok(());
        }
        print_line(&format!("This link signs in one browser, until {}:", made.expires_at));
        print_line(&sign_in_link(&target.url, &made.code));
        Ok(())
    }
}
