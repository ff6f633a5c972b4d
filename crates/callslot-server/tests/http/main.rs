//! The doors, as clients meet them: a real server on a free port, its data in a temporary directory.

mod agents;
mod alerts;
mod atoms;
mod audit;
mod calls;
mod compression;
mod csrf;
mod engine_stream;
mod events;
mod first_start;
mod gates;
mod health_and_metrics;
mod history;
mod input_limits;
mod key_ends;
mod leases;
mod malformed_requests;
mod openapi;
mod plans_orgs_and_keys;
mod rate_limits;
mod request_smuggling;
mod reservations;
mod roles;
mod seats;
mod sign_in;
mod slow_clients;
mod support {
    pub mod certificates;
    pub mod documented;
    pub mod http2;
    pub mod raw_connection;
    pub mod receiver;
    pub mod stream_client;
    pub mod test_server;
}
mod tls;
mod web_app;
mod webhook_receivers;
mod webhooks;
