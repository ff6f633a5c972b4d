//! How paces and opening hours are written on the command line and in its output.
//!
//! Nothing here talks to a server; the server checks again what is typed. Start reading at [`pace::parsed`] and
//! [`hours::parsed`].

pub mod hours;
pub mod pace;
