//! `latchkey import`: people who move in from another program.

use super::{failure::Failure, open};
use clap::{
    Subcommand,
    builder::{StringValueParser, TypedValueParser as _},
};
use latchkey::service::{
    Source,
    config::{Elsewhere, Secret},
    database::Trouble,
    import::{self, Newcomer, NotRead, Original, Plan, Remark, Why},
};
use sea_orm::{DbErr, SqlErr};
use std::io::{self, Write};

/// As much of an address that is none as is shown.
const SHOWN: usize = 80;

/// Where people can move in from.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum ImportCommand {
    /// From a Better Auth database: people with their passwords
    #[command(
        long_about = "From a Better Auth database: people with their passwords.\n\n\
        Says who would come, who would be left out and why, and changes nothing; with --apply all who can come do, or nobody does. \
        The other database is only read. People who came before stay as they are here."
    )]
    BetterAuth {
        /// Its address, as `DATABASE_URL` takes one; a password is better left to `PGPASSWORD`
        #[arg(value_name = "DATABASE_URL", value_parser = StringValueParser::new().map(Secret::new))]
        from: Secret<String>,
        /// Lets them come
        #[arg(long)]
        apply: bool,
        /// With the tasks of a table `task` or `tasks` that says in `user_id` whose they are
        #[arg(long)]
        tasks: bool,
    },
}

/// Says who would come, or lets them come.
pub async fn run(command: ImportCommand, out: &mut impl Write) -> Result<(), Failure> {
    let ImportCommand::BetterAuth { from, apply, tasks } = command;
    let from = Elsewhere::parse(from.expose())?;
    let open = open::migrated().await?;
    let original = Original::read(&from, tasks).await.map_err(not_read)?;
    let plan = if apply {
        import::apply(&open.db, &Source::operator(), original)
            .await
            .map_err(not_done)?
    } else {
        import::plan(open.db.read(), &original).await?
    };
    Ok(Report { plan, apply, tasks }.write(out)?)
}

fn not_read(cause: NotRead) -> Failure {
    Failure::Failed(match cause {
        NotRead::NoFile => {
            "There is no file at the address of the other database. Correct the address, like sqlite:path/to/file.db.".to_owned()
        }
        NotRead::NoTable(name) => format!(
            "The other database has no table `{name}`. Name the database that Better Auth keeps its people in; on PostgreSQL ?options=-csearch_path%3Dname chooses a schema."
        ),
        NotRead::NoColumn(table, column) => format!(
            "The table `{table}` of the other database has no column `{column}` in either spelling. Is it Better Auth's?"
        ),
        NotRead::Database(cause) => format!(
            "The other database cannot be read. {}.",
            Trouble::of(&cause).what()
        ),
    })
}

fn not_done(cause: DbErr) -> Failure {
    match cause.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Failure::Failed(
            "Somebody with one of these addresses came in the meantime, and nothing was changed. Run it again."
                .to_owned(),
        ),
        _ => cause.into(),
    }
}

/// What was done, or would be.
struct Report {
    plan: Plan,
    apply: bool,
    tasks: bool,
}

impl Report {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_counts(out)?;
        self.write_people(
            out,
            "Without a password. For each, `latchkey user reset-link` prints a link at which they choose one:",
            Remark::wants_link,
        )?;
        self.write_people(out, "Not as they were:", |remark| !remark.wants_link())?;
        if !self.plan.left_out.is_empty() {
            writeln!(out, "\nLeft out:")?;
        }
        for (who, why) in &self.plan.left_out {
            let who: String = who.chars().take(SHOWN).collect();
            writeln!(out, "  {}: {}", who.escape_debug(), reason(*why))?;
        }
        self.write_end(out)
    }

    fn write_counts(&self, out: &mut impl Write) -> io::Result<()> {
        let plan = &self.plan;
        let all = plan.coming.len() + plan.came_before + plan.left_out.len();
        writeln!(out, "People in the other database: {all}")?;
        let (come, left) = if self.apply {
            ("Came now", "Left out")
        } else {
            ("Would come", "Would be left out")
        };
        writeln!(out, "{come}: {}", plan.coming.len())?;
        writeln!(out, "Came at an earlier time: {}", plan.came_before)?;
        writeln!(out, "{left}: {}", plan.left_out.len())?;
        if self.tasks {
            let (with, without) = (plan.tasks, plan.tasks_left);
            writeln!(
                out,
                "Tasks with those who come: {with}, of others: {without}"
            )?;
        }
        Ok(())
    }

    fn write_people(
        &self,
        out: &mut impl Write,
        head: &str,
        is_meant: impl Fn(&Remark) -> bool,
    ) -> io::Result<()> {
        let meant = |person: &Newcomer| {
            let remarks = person.remarks.iter().filter(|remark| is_meant(remark));
            let words: Vec<String> = remarks.map(|remark| words(remark, person)).collect();
            (!words.is_empty()).then(|| format!("  {}: {}", person.email, words.join("; ")))
        };
        let lines: Vec<String> = self.plan.coming.iter().filter_map(meant).collect();
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{head}\n{}", lines.join("\n"))
    }

    fn write_end(&self, out: &mut impl Write) -> io::Result<()> {
        let plan = &self.plan;
        let end = match (self.apply, plan.coming.is_empty()) {
            (_, true) if plan.left_out.is_empty() && plan.came_before > 0 => {
                "Everybody is here already. Nothing was changed."
            }
            (_, true) => "There is nobody who could come. Nothing was changed.",
            (false, false) => "Nothing was changed. The same with --apply lets them come.",
            (true, false) => "They sign in here with the address and the password they had.",
        };
        writeln!(out, "\n{end}")
    }
}

fn words(remark: &Remark, person: &Newcomer) -> String {
    match remark {
        Remark::NoPassword(others) if others.is_empty() => "has none there".to_owned(),
        Remark::NoPassword(others) => format!("signs in there with {}", others.join(", ")),
        Remark::StrangeHash => "its hash is not of Better Auth's own kind".to_owned(),
        Remark::SeveralPasswords => "has several there".to_owned(),
        Remark::TwoFactors => "has a second factor there and none here".to_owned(),
        Remark::Banned => "is banned there and disabled here".to_owned(),
        Remark::Renamed => format!("is called {} here", person.name),
        Remark::NoImage => "the picture is no address of the web".to_owned(),
        Remark::NoDate => "since today, because no date is known".to_owned(),
    }
}

const fn reason(why: Why) -> &'static str {
    match why {
        Why::NoId => "has no id",
        Why::NoEmail => "is no e-mail address",
        Why::SharedEmail => "several people there have this address; keep one of them",
        Why::TakenEmail => "somebody here has this address already",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Arguments, Command};
    use clap::Parser as _;

    fn typed(words: &str) -> Command {
        let words = ["latchkey"].into_iter().chain(words.split_whitespace());
        Arguments::try_parse_from(words).unwrap().command()
    }

    #[test]
    fn b46_moving_in_is_tried_first_and_the_address_is_never_shown() {
        let words = "import better-auth postgres://maya:hush@db/auth";
        let import = |apply, tasks| Command::Import {
            command: ImportCommand::BetterAuth {
                from: Secret::new("postgres://maya:hush@db/auth".to_owned()),
                apply,
                tasks,
            },
        };
        assert_eq!(typed(words), import(false, false));
        let all = typed(&format!("{words} --tasks --apply"));
        assert_eq!(all, import(true, true));
        assert!(!format!("{all:?}").contains("hush"));
    }
}
