//! The database, its tables, and whether its clock and ours agree.

use super::{super::open, Line, files};
use latchkey::{
    domain::Moment,
    service::{
        Config, Database, audit, clock,
        database::{TABLES, Trouble},
    },
};
use std::{fmt::Write as _, path::Path};

/// So far may two clocks differ, in milliseconds.
const APART: i64 = 5_000;
/// No clock that is right says less: 2026-11-01.
const EARLIEST: Moment = Moment(1_793_491_200_000);

/// Database, tables and clock. Without a database nothing is known of its tables.
pub(super) async fn lines(config: &Config) -> Vec<Line> {
    if let Some(path) = config.sqlite_path().filter(|path| !path.exists()) {
        return vec![to_be_made(config, &path), without_database()];
    }
    match reached(config).await {
        Ok(db) => vec![
            Line::ok(
                "database",
                format!("{} answers and can be written.", db.name()),
            ),
            tables(&db).await,
            time(&db).await,
        ],
        Err(trouble) => vec![
            Line::fail("database", trouble.to_string()),
            without_database(),
        ],
    }
}

fn to_be_made(config: &Config, path: &Path) -> Line {
    const ABOUT: &str = "database";
    let shown = path.display();
    match files::can_be_made(&config.data) {
        Ok(()) => Line::warn(
            ABOUT,
            format!("{shown} does not exist yet. The server makes it at its first start."),
        ),
        Err(cause) => Line::fail(
            ABOUT,
            format!(
                "The server cannot make {shown} ({}). Its folder must be there and belong to the server's user.",
                cause.kind()
            ),
        ),
    }
}

async fn reached(config: &Config) -> Result<Database, Trouble> {
    let db = open::database(config)
        .await
        .map_err(|cause| Trouble::of(&cause))?;
    db.probe().await.map_err(|cause| Trouble::of(&cause))?;
    Ok(db)
}

async fn tables(db: &Database) -> Line {
    const ABOUT: &str = "tables";
    let (migrations, missing) = match (db.migrations().await, db.missing_tables().await) {
        (Ok(migrations), Ok(missing)) => (migrations, missing),
        (Err(cause), _) | (_, Err(cause)) => {
            return Line::fail(ABOUT, Trouble::of(&cause).to_string());
        }
    };
    let pending = migrations.iter().filter(|(_, done)| !done).count();
    if pending == migrations.len() {
        return Line::warn(
            ABOUT,
            "There are none yet. The server makes them at its first start.",
        );
    }
    if pending > 0 {
        let text = format!(
            "They are not up to date: {pending} changes are pending. Run `latchkey migrate`, or start the server."
        );
        return Line::fail(ABOUT, text);
    }
    if missing.is_empty() {
        Line::ok(ABOUT, format!("All are there: {}.", TABLES.join(", ")))
    } else {
        let text = format!("{} is missing. Restore a backup.", missing.join(", "));
        Line::fail(ABOUT, text)
    }
}

async fn time(db: &Database) -> Line {
    let now = clock::now();
    let there = match db.clock().await {
        Ok(there) => there,
        Err(cause) => return Line::fail("clock", Trouble::of(&cause).to_string()),
    };
    // Before there are tables there is no newest row, and asking for it would be a fault in the log.
    let newest = match db.missing_tables().await {
        Ok(missing) if !missing.contains(&"audit_event") => {
            audit::newest(db).await.unwrap_or_default()
        }
        _ => None,
    };
    judged(now, there, newest)
}

fn without_database() -> Line {
    judged(clock::now(), None, None)
}

fn judged(now: Moment, there: Option<Moment>, newest: Option<Moment>) -> Line {
    const ABOUT: &str = "clock";
    const CURE: &str = "Let the system keep the time, with chrony or systemd-timesyncd.";
    if now < EARLIEST {
        return Line::fail(ABOUT, format!("It is wrong: it says {now}. {CURE}"));
    }
    if newest.is_some_and(|newest| newest.0 > now.0 + APART) {
        let text = format!("It goes back: something was written later than now, {now}. {CURE}");
        return Line::fail(ABOUT, text);
    }
    let mut text = format!("It says {now}");
    match there {
        Some(there) if (there.0 - now.0).abs() > APART => {
            let _ = write!(
                text,
                ", and the database's {there}. {CURE} On both machines."
            );
            Line::fail(ABOUT, text)
        }
        Some(_) => Line::ok(ABOUT, text + ", as the database's does."),
        None => Line::ok(ABOUT, text + "."),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Grade, *};

    #[test]
    fn c7_a_clock_that_is_wrong_goes_back_or_differs_is_told() {
        let now = Moment(1_795_215_662_123);
        for (here, there, newest, grade) in [
            (now, None, None, Grade::Ok),
            (now, Some(now.plus_seconds(-4)), Some(now), Grade::Ok),
            (now, Some(now.plus_seconds(6)), None, Grade::Fail),
            (now, None, Some(now.plus_seconds(86_400)), Grade::Fail),
            (Moment(0), None, None, Grade::Fail),
        ] {
            assert_eq!(
                judged(here, there, newest).grade,
                grade,
                "{here} {there:?} {newest:?}"
            );
        }
    }
}
