//! Turns what clients ask of a simulated node into orders that wait in front of it.

use callslot_core::{Now, Shard};
use callslot_node::{Order, Unavailable};
use tokio::sync::oneshot;

use crate::judge::awaited::Awaited;
use crate::judge::{Looked, Sight, Taken, views};
use crate::world::node::orders::{Ask, Asked, Pending, look_order};
use crate::world::node::{MAX_WAITING, Node};

impl Node {
    /// A client asks for something.
    pub(crate) fn ask(&mut self, ask: &Ask) {
        match ask {
            Ask::Command(command) => drop(self.place(
                |caller| Order::decide(command.clone(), caller),
                |answer| Taken::Command(command.clone(), answer),
            )),
            Ask::Batch(commands) => drop(self.place(
                |caller| Order::decide_all(commands.clone(), caller),
                |answer| Taken::Batch(commands.clone(), answer),
            )),
            Ask::Look(Sight::Org(org)) => {
                let of = org.clone();
                let look = move |shard: &Shard, now: Now| {
                    let org = shard.org(&of)?;
                    Some((org.pool(now), views::live_calls(org, now)))
                };
                let looked = |answer| Taken::Look(Looked::Org(org.clone(), answer));
                drop(self.place(look_order(look), looked));
            }
            Ask::Look(Sight::Call(org, call)) => {
                let (of, wanted) = (org.clone(), call.clone());
                let look = move |shard: &Shard, now: Now| shard.org(&of)?.call(&wanted, now);
                let looked = |answer| Taken::Look(Looked::Call(org.clone(), call.clone(), answer));
                drop(self.place(look_order(look), looked));
            }
            Ask::Wait(org, call) if self.channel.len() < MAX_WAITING => {
                let (caller, answer) = oneshot::channel();
                let order = Order::LeftQueue(org.clone(), call.clone(), caller);
                let wait = Asked::Wait((org.clone(), call.clone(), answer));
                self.channel.push_back((order, wait));
            }
            Ask::Wait(..) => {}
        }
    }

    /// Puts an order in front of the node, as long as there is room.
    pub(crate) fn place<T: Clone>(
        &mut self,
        order: impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Order,
        taken: impl FnOnce(Awaited<T>) -> Taken,
    ) -> Pending<T> {
        if self.channel.len() >= MAX_WAITING {
            return Pending::Known(Err(Unavailable::Overloaded));
        }
        let (caller, answer) = oneshot::channel();
        let answer = Awaited::new(answer);
        self.channel.push_back((order(caller), Asked::Now(taken(answer.clone()))));
        Pending::Awaited(answer)
    }
}
