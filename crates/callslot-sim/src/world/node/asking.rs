//! Turns what clients ask of a simulated node into orders that wait in front of it.

use callslot_core::{Now, Org, OrgId, Shard};
use callslot_node::{Order, Unavailable};
use tokio::sync::oneshot;

use crate::judge::awaited::Awaited;
use crate::judge::{Looked, Sight, Taken, views};
use crate::report::Situation;
use crate::world::node::Node;
use crate::world::node::orders::{Ask, Asked, Pending};

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
                let look = |found: Option<&Org>, now: Now| {
                    found.map(|org| (org.pool(now), views::live_calls(org, now)))
                };
                let looked = |answer| Taken::Look(Looked::Org(org.clone(), answer));
                drop(self.look_at(org, look, looked));
            }
            Ask::Look(Sight::Call(org, call)) => {
                let wanted = call.clone();
                let look = move |found: Option<&Org>, now: Now| found?.call(&wanted, now);
                let looked = |answer| Taken::Look(Looked::Call(org.clone(), call.clone(), answer));
                drop(self.look_at(org, look, looked));
            }
            Ask::Wait(org, call) => {
                let (caller, answer) = oneshot::channel();
                let order = Order::LeftQueue(org.clone(), call.clone(), caller);
                let wait = Asked::Wait((org.clone(), call.clone(), answer));
                self.put_in_line(order, wait);
            }
        }
    }

    /// Puts an order in front of the node, as long as there is room.
    pub(crate) fn place<T: Clone>(
        &mut self,
        order: impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Order,
        taken: impl FnOnce(Awaited<T>) -> Taken,
    ) -> Pending<T> {
        let (caller, answer) = oneshot::channel();
        let answer = Awaited::new(answer);
        let asked = Asked::Now(taken(answer.clone()));
        if self.put_in_line(order(caller), asked) {
            Pending::Awaited(answer)
        } else {
            Pending::Known(Err(Unavailable::Overloaded))
        }
    }

    /// Puts an order to look at an organisation in front of the node.
    pub(crate) fn look_at<T: Clone + Send + 'static>(
        &mut self,
        org: &OrgId,
        look: impl FnOnce(Option<&Org>, Now) -> T + Send + 'static,
        taken: impl FnOnce(Awaited<T>) -> Taken,
    ) -> Pending<T> {
        let of = org.clone();
        let look = move |shard: &Shard, now: Now| look(shard.org(&of), now);
        self.place(|caller| Order::look(Some(org.clone()), look, caller), taken)
    }

    /// Whether there was room for it.
    fn put_in_line(&mut self, order: Order, asked: Asked) -> bool {
        let share = order.share();
        assert_eq!(share.commands, asked.commands(), "fair-turns: each command counts");
        let has_room = self.channel.has_room(share.org.as_ref());
        let is_full = self.turns.judge_arrival(&share, !has_room);
        self.reached.note_if(Situation::TurnedAway, !has_room);
        self.reached.note_if(Situation::LetInThoughFull, has_room && is_full);
        if has_room {
            self.channel.push(share.clone(), (share, order, asked));
        }
        has_room
    }
}
