//! The signals that ask a server, or a load on one, to stop. `callslot top` catches its own, as it runs no server.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;
use crate::output::print_line;

/// The signals that ask a server to stop.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From now on they no longer end the process on their own.
    pub fn catch() -> Self {
        let caught = |kind| signal(kind).expect("signals can be waited for");
        Self {
            interrupt: caught(SignalKind::interrupt()),
            terminate: caught(SignalKind::terminate()),
        }
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits for the first one. A second one ends the process at once.
    pub async fn told_to_stop(mut self) {
        self.next().await;
        print_line(
            "Callslot is stopping: open requests finish first (a second signal stops it at once)",
        );
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }
}

/// From now on a hangup (SIGHUP) is sent there instead of ending the process.
pub fn on_hangup(told: tokio::sync::mpsc::Sender<()>) {
    let mut hangups = signal(SignalKind::hangup()).expect("signals can be waited for");
    tokio::spawn(
        async move { while hangups.recv().await.is_some() && told.send(()).await.is_ok() {} },
    );
}

/// From now on a signal has `stop` run instead of ending the process; a second one ends it. For commands without a runtime.
pub fn stop_on_signal(stop: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::said(format!("signals cannot be heard: {error}")))?;
    let mut signals = {
        let _entered = runtime.enter();
        Signals::catch()
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            signals.next().await;
            stop();
            signals.next().await;
            std::process::exit(1);
        });
    });
    Ok(())
}
