//! The doors, as clients meet them: a real server on a free port, its data in a temporary directory.

mod atoms;
mod calls;
mod engine_stream;
mod events;
mod first_start;
mod history;
mod input_limits;
mod malformed_requests;
mod openapi;
mod plans_orgs_and_keys;
mod request_smuggling;
mod reservations;
mod roles;
mod sign_in;
mod support {
    pub mod documented;
    pub mod raw_connection;
    pub mod stream_client;
    pub mod test_server;
}
mod web_app;
