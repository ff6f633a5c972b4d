//! Takes a slot, holds it, and gives it back: `CALLSLOT_URL=… CALLSLOT_KEY=… cargo run --example first_call`.

use std::error::Error;
use std::time::Duration;

use callslot_client::{CallType, Slots};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let slots = Slots::from_env()?;
    let call = slots.call("support", CallType::Inbound).id("sip-4711").await?;
    println!("{} has its slot", call.id());
    tokio::time::sleep(Duration::from_millis(100)).await; // The conversation.
    drop(call);
    slots.close().await;
    Ok(())
}
