//! What states look like. The screens are snapshots in `screens/`, renewed with `INSTA_UPDATE=always`.

use callslot_api::{CallType, GateSettings, Pace, Time};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::*;
use crate::commands::watch::top::example::{
    START, Watched, active, gate, open_gate, queued, reading, started, unreachable,
};
use crate::commands::watch::top::state::Input;

fn drawn(watched: &Watched, theme: Theme, (width, height): (u16, u16)) -> Buffer {
    let mut terminal =
        Terminal::new(TestBackend::new(width, height)).expect("no terminal is needed");
    terminal.draw(|frame| draw(watched.state(), theme, frame)).expect("it can be drawn");
    terminal.backend().buffer().clone()
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width);
    let rows = rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
    let mut text: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
    text.push(String::new());
    text.join("\n")
}

/// Compares what is drawn with the screen of this name.
fn check(name: &str, watched: &Watched, theme: Theme, size: (u16, u16)) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../screens");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text(&drawn(watched, theme, size))));
}

fn busy() -> Watched {
    let mut watched = Watched::of(reading());
    watched.take(Input::Happened(started(699, "chat-3", "c", Time(START - 9_000))));
    watched.take(Input::Happened(started(700, "web-1", "b", Time(START - 4_000))));
    watched
}

#[test]
fn a_full_pool_with_a_line_on_a_terminal_of_80_by_24() {
    check("full_80x24", &busy(), Theme::full(), (80, 24));
}

#[test]
fn gates_are_listed_with_what_holds_them_those_with_most_waiting_first() {
    let mut reading = reading();
    let pace = Some(Pace { starts: 5, per_s: 1, burst: 1 });
    let trunk = GateSettings { cap: Some(60), pace, ..open_gate("Trunk") };
    let mut night = gate("night", (0, 7), open_gate("Night"));
    (night.within_hours, night.opens_in_ms) = (false, Some(3_600_000));
    reading.gates = vec![
        gate("acme", (5, 2), GateSettings { cap: Some(5), ..open_gate("Acme") }),
        night,
        gate("spring", (0, 123_456), GateSettings { paused: true, ..open_gate("Spring") }),
        gate("trunk-east", (12, 0), trunk),
        gate("unused", (0, 0), open_gate("Unused")),
    ];
    reading.has_more_gates = true;
    check("gates_80x24", &Watched::of(reading.clone()), Theme::full(), (80, 24));
    check("gates_120x40", &Watched::of(reading), Theme::full(), (120, 40));
}

#[test]
fn a_narrow_terminal_leaves_out_columns_and_a_low_one_sections() {
    check("full_60x16", &busy(), Theme::full(), (60, 16));
    check("full_40x10", &busy(), Theme::full(), (40, 10));
    let mut on_agents = busy();
    on_agents.press("<Tab>");
    check("agents_40x10", &on_agents, Theme::full(), (40, 10));
    check("too_small_30x5", &busy(), Theme::full(), (30, 5));
}

#[test]
fn a_wide_terminal_has_room_for_long_ids() {
    check("full_120x30", &busy(), Theme::full(), (120, 30));
}

#[test]
fn settling_is_said_and_drawn_beyond_the_limit() {
    let mut settling = reading();
    settling.pool.limit = 18;
    settling.pool.settling = 2;
    settling.pool.shared.size = 1;
    check("settling_80x24", &Watched::of(settling), Theme::full(), (80, 24));
}

#[test]
fn a_large_pool_is_drawn_to_scale() {
    let mut large = reading();
    large.pool.limit = 5_000;
    large.pool.shared = callslot_api::Shared { size: 4_983, in_use: 3, free: 4_980 };
    check("large_80x24", &Watched::of(large), Theme::full(), (80, 24));
}

#[test]
fn a_terminal_without_colours_and_signs_says_the_same() {
    let buffer = drawn(&busy(), Theme::plain(), (80, 24));
    assert!(buffer.content.iter().all(|cell| cell.symbol().is_ascii()));
    assert!(buffer.content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset));
    check("plain_80x24", &busy(), Theme::plain(), (80, 24));
}

#[test]
fn a_lost_connection_is_said_with_its_time_and_all_else_is_dimmed() {
    let mut watched = busy();
    watched.pass(1_000);
    watched.take(Input::Read(Err(unreachable())));
    watched.pass(300);
    check("stale_80x24", &watched, Theme::full(), (80, 24));
    let buffer = drawn(&watched, Theme::full(), (80, 24));
    let is_dim = |row: u16| buffer[(0, row)].modifier.contains(Modifier::DIM);
    assert!(is_dim(1) && is_dim(2) && is_dim(14));
    assert!(!is_dim(4), "the line that says so is not");
}

#[test]
fn help_and_the_question_before_a_call_is_ended() {
    let mut watched = busy();
    watched.press("?");
    check("help_80x24", &watched, Theme::full(), (80, 24));
    watched.press("xe");
    check("confirm_80x24", &watched, Theme::full(), (80, 24));
}

#[test]
fn a_filter_is_typed_and_then_named() {
    let mut watched = busy();
    watched.press("/sur");
    check("typing_80x24", &watched, Theme::full(), (80, 24));
    watched.press("<Enter>t");
    check("filtered_80x24", &watched, Theme::full(), (80, 24));
}

#[test]
fn active_calls_and_a_pause() {
    let mut watched = busy();
    watched.now_ms = 300;
    watched.press("a");
    let mut read = reading();
    read.wanted = watched.state().wanted();
    read.calls = vec![active("sip-12@pbx.example.com", "b", CallType::Outbound, 3_725_000)];
    watched.take(Input::Read(Ok(Box::new(read))));
    watched.press("p");
    watched.now_ms = 12_300;
    watched.take(Input::Read(Ok(Box::new(reading()))));
    check("active_80x24", &watched, Theme::full(), (80, 24));
}

#[test]
fn a_long_line_scrolls_with_its_selection_and_long_numbers_keep_their_columns() {
    let mut read = reading();
    read.has_more = true;
    read.pool.agents[2].types.chat.queued = 123_456;
    read.pool.agents[2].queued = 123_456;
    let place = |place: u64| (if place == 100 { 123_456 } else { place }, place * 3_600_000);
    read.calls =
        (1..=100).map(|at| queued(&format!("call-{at}"), "c", CallType::Chat, place(at))).collect();
    let mut watched = Watched::of(read);
    watched.press("<End>");
    check("scrolled_80x24", &watched, Theme::full(), (80, 24));
}

#[test]
fn an_empty_pool_says_so() {
    let mut read = reading();
    read.calls.clear();
    read.pool.agents.clear();
    read.pool.queued = 0;
    read.pool.active = 0;
    read.pool.reserved = 0;
    read.pool.oldest_wait_ms = None;
    read.pool.shared = callslot_api::Shared { size: 20, in_use: 0, free: 20 };
    check("empty_80x24", &Watched::of(read), Theme::full(), (80, 24));
}
