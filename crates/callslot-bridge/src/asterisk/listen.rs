//! Asterisk's events: one WebSocket, which is opened again whenever it breaks.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::asterisk::arrive::came;
use crate::asterisk::caller::{Gone, Message};
use crate::asterisk::calls::Calls;
use crate::asterisk::event::{self, Event};
use crate::asterisk::reconcile::{after_break, sweep};
use crate::running::Failure;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How often this side shows that it lives; Asterisk answers.
const PING_EVERY: Duration = Duration::from_secs(10);
/// After that many pings without a word the connection is taken to be gone.
const UNANSWERED: u32 = 2;
/// The first pause before an attempt, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Listens until another bridge takes the application: two that took it from each other would part callers from their places in line.
pub(crate) async fn listen(calls: Arc<Calls>) -> Failure {
    // Whether the calls of the bridge before this one are still to be found: once the events come, since until then that one has them.
    let is_first = Arc::new(AtomicBool::new(true));
    loop {
        let mut socket = found_again(&calls).await;
        calls.set_connected(true);
        tracing::info!("Asterisk's events come");
        let comparing = tokio::spawn(compare(Arc::clone(&calls), Arc::clone(&is_first)));
        let over = hear(&calls, &mut socket).await;
        comparing.abort();
        calls.set_connected(false);
        match over {
            Over::Broken(why) => {
                tracing::warn!("Asterisk's events do not come any more: {why}");
            }
            Over::Replaced => {
                return Failure::Replaced(
                    "another program has taken the application; is a second bridge running?",
                );
            }
        }
    }
}

/// Connects, after a pause, as often as it takes. After the grace, the calls are taken to be over.
async fn found_again(calls: &Calls) -> Socket {
    let grace = Duration::from_secs(*calls.settings().grace_s.get_ref());
    let mut out_of_reach = std::pin::pin!(sleep(grace));
    let mut is_over = false;
    let mut connecting = std::pin::pin!(connect_again(calls));
    loop {
        tokio::select! {
            socket = &mut connecting => return socket,
            () = &mut out_of_reach, if !is_over => {
                is_over = true;
                for channel in calls.channels() {
                    calls.tell(&channel, Message::Gone(Gone::OutOfReach));
                }
            }
        }
    }
}

async fn connect_again(calls: &Calls) -> Socket {
    let mut pause = PAUSES.0;
    loop {
        sleep(pause).await;
        match connect(calls).await {
            Ok(socket) => return socket,
            Err(why) => tracing::warn!("Asterisk's events cannot be had: {why}"),
        }
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Why no events come any more.
enum Over {
    Broken(String),
    /// Another program has connected with the application's name.
    Replaced,
}

async fn connect(calls: &Calls) -> Result<Socket, String> {
    let (url, authorization) = calls.asterisk.client.events();
    let mut request = url.into_client_request().map_err(|error| error.to_string())?;
    let authorization = HeaderValue::try_from(authorization).map_err(|error| error.to_string())?;
    request.headers_mut().insert("authorization", authorization);
    let connected = timeout(CONNECT_WITHIN, connect_async(request)).await;
    let (socket, _) = connected
        .map_err(|_| "there was no answer in time".to_owned())?
        .map_err(|error| error.to_string())?;
    Ok(socket)
}

/// Hears events until no more come; why.
async fn hear(calls: &Arc<Calls>, socket: &mut Socket) -> Over {
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    loop {
        let frame = tokio::select! {
            frame = socket.next() => frame,
            _ = pings.tick() => {
                if unanswered > UNANSWERED {
                    return Over::Broken("it is silent".to_owned());
                }
                unanswered += 1;
                match socket.send(Frame::Ping(Vec::new().into())).await {
                    Ok(()) => continue,
                    Err(error) => return Over::Broken(error.to_string()),
                }
            }
        };
        unanswered = 0;
        match frame {
            Some(Ok(Frame::Text(text))) => match event::read(&text) {
                Some(Event::Came(channel, back)) => came(calls, channel, back),
                Some(Event::Of(channel, message)) => {
                    calls.tell(&channel, message);
                }
                Some(Event::Replaced) => return Over::Replaced,
                Some(Event::Other) => {}
                None => tracing::warn!("an event cannot be read: {text:?}"),
            },
            Some(Ok(Frame::Close(_))) | None => {
                return Over::Broken("the connection was closed".to_owned());
            }
            Some(Ok(Frame::Ping(_) | Frame::Pong(_) | Frame::Binary(_) | Frame::Frame(_))) => {}
            Some(Err(error)) => return Over::Broken(error.to_string()),
        }
    }
}

/// Compares the calls with the channels: at once, and then again and again.
async fn compare(calls: Arc<Calls>, is_first: Arc<AtomicBool>) {
    let mut pause = PAUSES.0;
    while let Err(error) = after_break(&calls, &is_first).await {
        tracing::warn!("{error}");
        sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
    loop {
        sleep(Duration::from_secs(*calls.settings().ask_after_s.get_ref())).await;
        if let Err(error) = sweep(&calls).await {
            tracing::warn!("{error}");
        }
    }
}
