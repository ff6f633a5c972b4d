//! Commands about who this user is to which server.

pub mod login;
pub mod logout;
pub mod profile;
