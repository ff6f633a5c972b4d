//! Gates and campaigns from the command line, against the real server: lists of some thousand rows, stopped and run again, a
//! server that is killed, and one without room.

mod feeds;
mod gates;
mod page;
mod server;
mod steering;
