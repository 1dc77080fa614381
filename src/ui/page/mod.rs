//! The pages.

pub mod admin;
pub mod confirm;
pub mod dashboard;
pub mod failed;
pub mod forgot_password;
pub mod landing;
pub mod link;
pub mod reset_password;
pub mod second_factor;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod two_factor;
pub mod verify_email;
