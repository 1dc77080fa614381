//! `latchkey backup`: a whole copy of a database in use, for its owner alone.

mod on_sqlite {
    use crate::support::{House, titled};
    use latchkey::service::{Database, config::Secret, tasks};
    use std::{fs, os::unix::fs::PermissionsExt as _};

    #[tokio::test]
    async fn c14_a_backup_under_load_is_whole_and_has_every_write_from_before_it() {
        let house = House::open().await;
        let ada = house.sign_up("Ada").await;
        for number in 0..50 {
            let new = titled(&format!("Before {number}"));
            tasks::create(&house.db, ada.id, new).await.expect("a task");
        }
        let mut backup = house
            .binary(&["backup", "copy.db"])
            .spawn()
            .expect("it starts");
        let mut number = 0;
        while backup.try_wait().expect("its state").is_none() {
            number += 1;
            let new = titled(&format!("Meanwhile {number}"));
            tasks::create(&house.db, ada.id, new)
                .await
                .expect("a write is not held up");
        }
        assert!(backup.wait().expect("its end").success());

        let path = house.folder.path().join("copy.db");
        assert_eq!(
            fs::metadata(&path).expect("a copy").permissions().mode() & 0o777,
            0o600
        );
        let mut copy = House::empty().await;
        copy.config.database_url = Secret::new(format!("sqlite://{}", path.display()));
        copy.db = Database::open(&copy.config).await.expect("a pool");
        assert_eq!(copy.column("PRAGMA integrity_check").await, ["ok"]);
        let before = "SELECT title FROM task WHERE title LIKE 'Before%'";
        assert_eq!(copy.column(before).await.len(), 50);
        assert_eq!(copy.db.is_migrated().await, Ok(true));
    }

    #[tokio::test]
    async fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
        let house = House::open().await;
        let path = house.folder.path().join("mine");
        fs::write(&path, "mine").expect("written");
        let refused = house.runs(&["backup", "mine"]);
        assert_eq!(refused.status, Some(1), "{refused:?}");
        assert!(
            refused.err.contains("nothing is overwritten"),
            "{refused:?}"
        );
        assert_eq!(fs::read(&path).expect("read"), b"mine");

        let part = house.folder.path().join("other.part");
        fs::write(&part, "half").expect("written");
        let refused = house.runs(&["backup", "other"]);
        assert!(
            refused.status == Some(1) && refused.err.contains("other.part"),
            "{refused:?}"
        );
        assert_eq!(fs::read(&part).expect("read"), b"half");
        assert!(!house.folder.path().join("other").exists());
        fs::remove_file(&part).expect("removed");
        assert_eq!(house.runs(&["backup", "other"]).status, Some(0));
        assert!(house.folder.path().join("other").exists() && !part.exists());

        let nowhere = house.runs(&["backup", "no/such/folder/copy.db"]);
        assert!(
            nowhere.status == Some(1) && nowhere.err.contains("does not exist"),
            "{nowhere:?}"
        );
    }
}

mod on_postgres {
    use crate::support::House;

    #[tokio::test]
    async fn c14_on_postgresql_the_right_line_for_pg_dump_is_shown() {
        let house = House::open().await;
        let done = house.runs(&["backup", "copy.dump"]);
        assert_eq!(done.status, Some(2), "{done:?}");
        assert!(
            done.err
                .contains("pg_dump --format=custom --file='copy.dump' 'postgres://"),
            "{done:?}"
        );
        assert!(!house.folder.path().join("copy.dump").exists());
    }
}
