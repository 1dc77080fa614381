//! Rows of another program's tables: each as JSON, made by the database, since nobody knows what types its columns have.

use crate::domain::Moment;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde_json::{Map, Value};

/// A row, by its columns.
pub(super) type Row = Map<String, Value>;

/// A number of seconds since 1970 is smaller than this, one of milliseconds is not.
const MILLISECONDS_FROM: f64 = 100_000_000_000.0;
/// Years 0 to 9999: what every program can write down.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

/// The columns of a table as they are spelled there; none if there is no such table.
pub(super) async fn columns(db: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let ask = if backend == DbBackend::Postgres {
        let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        Statement::from_sql_and_values(backend, sql, [quoted(table).into()])
    } else {
        let sql = "SELECT name FROM pragma_table_info(?)";
        Statement::from_sql_and_values(backend, sql, [table.into()])
    };
    let rows = db.query_all_raw(ask).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// All rows of a table, with these columns, in the order they were written in.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    table: &str,
    columns: &[String],
) -> Result<Vec<Row>, DbErr> {
    let backend = db.get_database_backend();
    let from = quoted(table);
    let sql = if backend == DbBackend::Postgres {
        let columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let columns = columns.join(", ");
        format!(
            "SELECT row_to_json(one)::text FROM (SELECT {columns} FROM {from} ORDER BY ctid) one"
        )
    } else {
        let members: Vec<String> = columns.iter().map(|name| member(name)).collect();
        let members = members.join(", ");
        format!("SELECT json_object({members}) FROM {from} ORDER BY rowid")
    };
    let rows = db
        .query_all_raw(Statement::from_string(backend, sql))
        .await?;
    rows.iter()
        .map(|row| {
            let text: String = row.try_get_by_index(0)?;
            serde_json::from_str(&text).map_err(|cause| DbErr::Json(cause.to_string()))
        })
        .collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A member of the object; bytes, which JSON does not know, in hexadecimal.
fn member(name: &str) -> String {
    let (text, column) = (name.replace('\'', "''"), quoted(name));
    format!("'{text}', CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE {column} END")
}

/// RFC 3339, or what databases make of it, or a number since 1970; without an offset it is UTC.
pub(super) fn moment(value: &Value) -> Option<Moment> {
    let at = match value {
        Value::Number(number) => since_1970(number.as_f64()?),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => since_1970(number),
            _ => written(text)?,
        },
        _ => return None,
    };
    (FIRST..=LAST).contains(&at).then_some(Moment(at))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds are what is kept, and what is too large for them is refused after"
)]
fn since_1970(number: f64) -> i64 {
    let is_seconds = number.abs() < MILLISECONDS_FROM;
    (if is_seconds { number * 1000.0 } else { number }).round() as i64
}

fn written(text: &str) -> Option<i64> {
    let at = text.parse::<Timestamp>().ok().or_else(|| {
        let at = text.parse::<DateTime>().ok()?;
        at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
    })?;
    Some(at.as_millisecond())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn one_moment_is_read_however_it_is_stored() {
        for same in [
            json!("2026-11-20T23:01:02.123Z"),
            json!("2026-11-20T23:01:02.123+00:00"),
            json!("2026-11-21T00:01:02.123+01:00"),
            json!("2026-11-20 23:01:02.123"),
            json!("2026-11-20T23:01:02.123456"),
            json!(1_795_215_662_123_i64),
            json!(1_795_215_662_123.0),
            json!(1_795_215_662.123),
            json!("1795215662123"),
            json!("1795215662123.0"),
        ] {
            assert_eq!(moment(&same), Some(Moment(1_795_215_662_123)), "{same}");
        }
        assert_eq!(
            moment(&json!(1_795_215_662)),
            Some(Moment(1_795_215_662_000))
        );
        assert_eq!(
            moment(&json!("2026-11-20")),
            Some(Moment(1_795_132_800_000))
        );
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for bad in [
            json!(null),
            json!(true),
            json!(""),
            json!("yesterday"),
            json!("infinity"),
            json!("NaN"),
            json!("2026-13-01"),
            json!(1e300),
            json!([1]),
        ] {
            assert_eq!(moment(&bad), None, "{bad}");
        }
    }

    /// Whatever a database of somebody else's could hold.
    pub(in crate::service) fn anything() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(|number| json!(number)),
            any::<String>().prop_map(Value::from),
            "[a-z\\n\\t\0\u{202e} ]{0,300}".prop_map(Value::from),
            "[0-9]{4}-[0-9]{2}-[0-9]{2}.{0,12}".prop_map(Value::from),
            prop::collection::vec(any::<u8>(), 0..3).prop_map(Value::from),
        ]
    }

    proptest! {
        #[test]
        fn a_moment_that_was_written_down_is_read_again(at in FIRST..=LAST) {
            let at = Moment(at);
            prop_assert_eq!(moment(&at.to_string().into()), Some(at));
        }

        #[test]
        fn whatever_is_no_moment_is_none_and_never_one_beyond_the_years_there_are(text in "\\PC{0,40}", number in any::<f64>()) {
            for value in [json!(text), json!(number), json!(number.to_string())] {
                if let Some(at) = moment(&value) {
                    prop_assert!((FIRST..=LAST).contains(&at.0), "{value}");
                }
            }
        }
    }
}
