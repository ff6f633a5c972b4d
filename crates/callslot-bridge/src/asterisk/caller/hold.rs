//! What a caller hears who waits: first the greeting, then music, and from time to time the place in line.

use std::fmt::Write as _;

use super::{Act, Caller, PLAY_NUMBERS, Playing, Way};
use crate::line::Line;

/// How long a caller hears nothing who has only just come, in milliseconds: most often there is a slot at once.
const MOMENT_MS: u64 = 500;

impl Caller {
    /// What is to be heard now, if that changes.
    pub(super) fn entertain(&mut self, line: Line, now_ms: u64) -> Vec<Act> {
        let Way::In(number) = &self.way else { return Vec::new() };
        if self.playing.is_some() || !number.answer {
            return Vec::new();
        }
        let (every_ms, music) =
            (number.announce_every_s.get_ref() * 1000, number.hold_music.get_ref().clone());
        let announces = number.announce;
        if let Some(greeting) = self.greeting_due() {
            return greeting;
        }
        let is_due = self.told_ms.is_none_or(|at| now_ms.saturating_sub(at) >= every_ms);
        match line {
            Line::Queued { position, estimate_ms } if is_due && announces => {
                self.told_ms = Some(now_ms);
                let mut acts = self.quiet();
                let number = self.next_number();
                self.playing = Some(Playing::Standing(number));
                acts.push(Act::Play { media: standing(position, estimate_ms), number });
                acts
            }
            Line::Asked if now_ms.saturating_sub(self.arrived_ms) < MOMENT_MS => Vec::new(),
            Line::Asked
            | Line::Queued { .. }
            | Line::Active
            | Line::NotTaken
            | Line::Ended
            | Line::OutOfSight => {
                if self.has_music {
                    return Vec::new();
                }
                self.has_music = true;
                vec![Act::Music(music)]
            }
        }
    }

    /// The greeting, if the caller is to hear one and has not.
    pub(super) fn greeting_due(&mut self) -> Option<Vec<Act>> {
        let Way::In(number) = &self.way else { return None };
        let media = number.greeting.as_ref().filter(|_| number.answer)?.get_ref().clone();
        if std::mem::replace(&mut self.is_greeted, true) {
            return None;
        }
        let number = self.next_number();
        self.playing = Some(Playing::Greeting(number));
        Some(vec![Act::Play { media, number }])
    }

    /// Stops what the caller hears.
    pub(super) fn quiet(&mut self) -> Vec<Act> {
        let mut acts = Vec::new();
        if let Some(
            Playing::Greeting(number) | Playing::Standing(number) | Playing::Farewell(number),
        ) = self.playing.take()
        {
            acts.push(Act::Stop(number));
        }
        if std::mem::replace(&mut self.has_music, false) {
            acts.push(Act::Silence);
        }
        acts
    }

    /// Stops what may be playing after a break, also what a bridge before this one began.
    pub(super) fn hushed(&mut self) -> Vec<Act> {
        self.has_music = false;
        let playing = self.playing.take();
        if std::mem::replace(&mut self.is_inherited, false) {
            return (1..=PLAY_NUMBERS).map(Act::Stop).collect();
        }
        match playing {
            Some(
                Playing::Greeting(number) | Playing::Standing(number) | Playing::Farewell(number),
            ) => vec![Act::Stop(number)],
            None => Vec::new(),
        }
    }

    pub(super) fn next_number(&mut self) -> u32 {
        self.last_played = self.last_played % PLAY_NUMBERS + 1;
        self.last_played
    }
}

/// The place in line and the estimate, in Asterisk's own sounds.
fn standing(position: u64, estimate_ms: Option<u64>) -> String {
    let mut media = match position {
        0 | 1 => "sound:queue-youarenext".to_owned(),
        _ => format!("sound:queue-thereare,number:{position},sound:queue-callswaiting"),
    };
    // A minute or less says nothing that the caller does not notice soon.
    if let Some(minutes) = estimate_ms.map(|ms| ms.div_ceil(60_000)).filter(|minutes| *minutes > 1)
    {
        let _ = write!(media, ",sound:queue-holdtime,number:{minutes},sound:queue-minutes");
    }
    media
}
