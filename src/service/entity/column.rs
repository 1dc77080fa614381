//! How the house's words become columns: the only file that knows both sea-orm and the ground floor.

use crate::domain::{
    AccessTokenId, AccountId, DeviceId, EventId, InvitationId, MailId, Moment, PasskeyId,
    SessionId, TaskId, UserId, VerificationId,
};
use sea_orm::{
    ColIdx, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr},
};

/// Ids are text, 36 characters, readable in both databases.
macro_rules! id_columns {
    ($($name:ident)*) => {$(
        impl From<$name> for Value {
            fn from(id: $name) -> Self { id.to_string().into() }
        }
        impl TryGetable for $name {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                let text = String::try_get_by(row, index)?;
                text.parse().map_err(|_| DbErr::Type(format!("not a {}", stringify!($name))).into())
            }
        }
        impl ValueType for $name {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                <String as ValueType>::try_from(value)?.parse().map_err(|_| ValueTypeErr)
            }
            fn type_name() -> String { stringify!($name).to_owned() }
            fn array_type() -> ArrayType { ArrayType::String }
            fn column_type() -> ColumnType { ColumnType::String(StringLen::N(36)) }
        }
        impl Nullable for $name {
            fn null() -> Value { Value::String(None) }
        }
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

id_columns!(UserId SessionId AccountId VerificationId TaskId EventId AccessTokenId InvitationId MailId DeviceId PasskeyId);

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        moment.0.into()
    }
}

impl TryGetable for Moment {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        i64::try_get_by(row, index).map(Self)
    }
}

impl ValueType for Moment {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <i64 as ValueType>::try_from(value).map(Self)
    }
    fn type_name() -> String {
        "Moment".to_owned()
    }
    fn array_type() -> ArrayType {
        ArrayType::BigInt
    }
    fn column_type() -> ColumnType {
        ColumnType::BigInteger
    }
}

impl Nullable for Moment {
    fn null() -> Value {
        Value::BigInt(None)
    }
}

impl TryFromU64 for Moment {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Moment"))
    }
}
