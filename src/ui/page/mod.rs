//! The pages.

pub mod admin;
pub mod dashboard;
pub mod failed;
pub mod forgot_password;
pub mod landing;
pub mod reset_password;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod verify_email;
