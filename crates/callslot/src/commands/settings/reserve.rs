//! `callslot reserve`: sets and removes the reservations of an agent.

use callslot_api::{Pool, Reservation, ReservationsPut};
use clap::Args;

use crate::failure::Failure;
use crate::output::{print_json, print_line};
use crate::remote::{Remote, id};

/// Reserves slots for an agent.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  callslot reserve support --inbound 3 --chat 2\n  callslot reserve support --chat 0\n  \
    callslot reserve support --none"
)]
pub struct Reserve {
    #[command(flatten)]
    remote: Remote,
    /// The agent
    #[arg(value_parser = id)]
    agent: String,
    /// Slots for web calls; types that are not given keep their reservation
    #[arg(long)]
    webcall: Option<u32>,
    /// Slots for chats
    #[arg(long)]
    chat: Option<u32>,
    /// Slots for outbound phone calls
    #[arg(long)]
    outbound: Option<u32>,
    /// Slots for inbound phone calls
    #[arg(long)]
    inbound: Option<u32>,
    /// Remove all reservations of the agent
    #[arg(long, conflicts_with_all = ["webcall", "chat", "outbound", "inbound"])]
    none: bool,
}

impl Reserve {
    pub fn run(&self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let pool = if self.none {
            client.delete_reservations(&self.agent)?
        } else {
            let before = client.pool()?;
            let put = ReservationsPut { reservations: vec![self.reservation(&before)] };
            client.put_reservations(&put, Some(before.version))?
        };
        if self.remote.json {
            print_json(&pool);
        } else {
            self.show(&pool);
        }
        Ok(())
    }

    /// The agent's new reservation: types that are not given keep theirs.
    fn reservation(&self, before: &Pool) -> Reservation {
        let types =
            before.agents.iter().find(|agent| agent.id == self.agent).map(|agent| agent.types);
        let kept = |named: Option<u32>, reserved: Option<u32>| named.or(reserved).unwrap_or(0);
        Reservation {
            agent: self.agent.clone(),
            webcall: kept(self.webcall, types.map(|types| types.webcall.reserved)),
            chat: kept(self.chat, types.map(|types| types.chat.reserved)),
            outbound: kept(self.outbound, types.map(|types| types.outbound.reserved)),
            inbound: kept(self.inbound, types.map(|types| types.inbound.reserved)),
        }
    }

    fn show(&self, pool: &Pool) {
        let agent = pool.agents.iter().find(|agent| agent.id == self.agent);
        print_line(&format!(
            "{} has {} reserved slots; {} of {} slots are reserved in total, {} are shared",
            self.agent,
            agent.map_or(0, |agent| agent.reserved),
            pool.reserved,
            pool.limit,
            pool.shared.size
        ));
        if pool.settling > 0 {
            print_line(&format!(
                "settling: {} more calls must end; active calls continue",
                pool.settling
            ));
        }
    }
}
