//! The doors, as clients meet them: a real server on a free port, its data in a temporary directory.

mod atoms;
mod bounds;
mod calls;
mod connect;
mod contract;
mod dashboard;
mod engine;
mod events;
mod history;
mod hostile;
mod openapi;
mod operator;
mod raw;
mod reservations;
mod roles;
mod server;
mod sessions;
mod smuggling;
mod world;
