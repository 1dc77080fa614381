//! Floor 0, browser and server: the words of the house. No I/O, no framework, no database.

pub mod access;
pub mod device;
pub mod email;
pub mod error;
pub mod event;
pub mod id;
pub mod invitation;
pub mod line;
pub mod moment;
pub mod next;
pub mod password;
pub mod people;
pub mod refusal;
pub mod session;
pub mod task;
pub mod user;

pub use access::{AccessToken, Lasts, MadeAccessToken, Scope, Scopes};
pub use email::Email;
pub use error::{Error, Result};
pub use event::{Event, LogLine, Outcome};
pub use id::{
    AccessTokenId, AccountId, EventId, InvitationId, MailId, SessionId, TaskId, UserId,
    VerificationId,
};
pub use invitation::{Days, Entrance, Invitation, Invited, MadeInvitation, SignUp};
pub use line::{Description, Name, Note, Query, Title, TokenName};
pub use moment::Moment;
pub use next::Next;
pub use password::Password;
pub use people::{HouseLine, HouseLog, Made, MadeLink, PeoplePage, Person, Place, Someone};
pub use refusal::{Fault, Faults, Refusal};
pub use session::{ListedSession, NewDevice, WayIn};
pub use task::{NewTask, Priority, Sort, Task, TaskChange, TaskCount, TaskPage, TaskQuery};
pub use user::{Role, SessionView, SignedIn, Theme, User, Wishes};
