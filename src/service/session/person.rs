//! The person of a session, as the rest of the house sees them.

use crate::{
    domain::{Theme, User, Wishes},
    service::entity::user,
};

/// A person's row, as others may see it.
pub(in crate::service) fn seen(person: user::Model) -> User {
    User {
        id: person.id,
        name: person.name,
        email: person.email,
        email_verified: person.email_verified,
        image: person.image,
        created_at: person.created_at,
        updated_at: person.updated_at,
        two_factor_enabled: person.two_factor_enabled,
    }
}

/// How a person likes their pages.
pub(in crate::service) fn wishes(person: &user::Model) -> Wishes {
    let theme = person
        .theme
        .as_deref()
        .and_then(|theme| theme.parse().ok())
        .unwrap_or(Theme::Automatic);
    Wishes {
        theme,
        time_zone: person.time_zone.clone(),
    }
}
