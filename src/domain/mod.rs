//! Floor 0, browser and server: the words of the house. No I/O, no framework, no database.

pub mod access;
pub mod code;
pub mod device;
pub mod email;
pub mod error;
pub mod event;
pub mod factor;
pub mod id;
pub mod invitation;
pub mod line;
pub mod moment;
pub mod next;
pub mod passkey;
pub mod password;
pub mod people;
pub mod provider;
pub mod refusal;
pub mod session;
pub mod task;
pub mod user;

pub use access::{AccessToken, Lasts, MadeAccessToken, Scope, Scopes};
pub use code::{RecoveryCode, TotpCode};
pub use email::Email;
pub use error::{Error, Result};
pub use event::{Event, LogLine, Outcome};
pub use factor::{SeedShown, Standing, TrustedDevice};
pub use id::{
    AccessTokenId, AccountId, DeviceId, EventId, InvitationId, MailId, PasskeyId, SessionId,
    TaskId, UserId, VerificationId,
};
pub use invitation::{Days, Entrance, Invitation, Invited, MadeInvitation, SignUp};
pub use line::{Description, Name, Note, PasskeyName, Query, Title, TokenName};
pub use moment::Moment;
pub use next::Next;
pub use passkey::{DeviceType, Passkey};
pub use password::Password;
pub use people::{HouseLine, HouseLog, MadeLink, PeoplePage, Person, Place, Someone};
pub use provider::{Connection, Mishap, PendingLink};
pub use refusal::{Fault, Faults, Refusal};
pub use session::{ListedSession, NewDevice, WayIn, Ways};
pub use task::{NewTask, Priority, Sort, Task, TaskChange, TaskCount, TaskPage, TaskQuery};
pub use user::{Role, SessionView, SignedIn, Theme, User, Wishes};
