//! The bridge to carriers, as a program beside the server, with a carrier that is simulated down to its signatures.

mod carrier;
mod cases;
mod crowd;
mod page;
mod programs;
