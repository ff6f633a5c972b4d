//! Webhooks: what happens in an organisation is sent to addresses that it names. `callslot-webhooks` decides what is sent when;
//! here it is sent. Start reading at [`Webhooks`](registry::Webhooks), then at `courier.rs`.

pub(crate) mod alerts;
mod attempt;
mod audit;
mod courier;
mod dispatch;
mod keeper;
pub(crate) mod known;
pub(crate) mod limits;
pub(crate) mod message;
mod reading;
pub(crate) mod registry;
pub(crate) mod sender;
