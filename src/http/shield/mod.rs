//! What stands between the world and every room: headers, names, origins and the cookie.

pub mod cookie;
pub mod headers;
pub mod host;
pub mod name;
pub mod origin;
