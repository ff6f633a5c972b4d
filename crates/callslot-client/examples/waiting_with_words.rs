//! Says where a caller stands in line, and hangs up if the slot is lost.

use std::error::Error;
use std::time::Duration;

use callslot_client::{Call, CallType, Slots, State};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let slots = Slots::from_env()?;
    let longest = Duration::from_mins(2);
    let mut call = slots.call("support", CallType::Inbound).max_wait(longest).start().await?;
    while call.status().state == State::Queued {
        let status = call.changed().await;
        if let Some(position) = status.position {
            println!("You are number {position}.");
        }
    }
    if let Err(over) = call.wait().await {
        println!("voicemail: {over}");
    } else {
        talk(&mut call).await;
    }
    slots.close().await;
    Ok(())
}

async fn talk(call: &mut Call) {
    println!("Hello!");
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(100)) => println!("Goodbye."),
        status = call.lost() => println!("hanging up: {:?}", status.over),
    }
}
