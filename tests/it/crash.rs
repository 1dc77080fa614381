//! The server is killed in the middle of its work.

use crate::support::{
    House,
    binary::Server,
    wire::{Caller, Reply},
};
use std::{
    collections::HashMap,
    sync::mpsc::{Sender, channel},
    thread,
};

const CLIENTS: usize = 8;

fn started(house: &House) -> Server {
    Server::start(house.binary(&["serve"]).env("RATE_LIMIT", "off"))
}

/// What a client saw of one request.
enum Seen {
    Acknowledged(String),
    Unanswered(String),
}

/// Makes one task after the other, each under a key of its own, until the server does not answer.
fn writes(caller: &Caller, name: &str, tell: &Sender<Seen>) {
    for number in 0.. {
        let title = format!("{name}-{number}");
        let reply = once(caller, &title);
        let is_there = reply.as_ref().is_ok_and(|reply| reply.status == 201);
        let seen = if is_there {
            Seen::Acknowledged(title)
        } else {
            Seen::Unanswered(title)
        };
        tell.send(seen).expect("somebody counts");
        match reply {
            Ok(reply) => drop(reply.is(201)),
            Err(_) => return,
        }
    }
}

fn once(caller: &Caller, title: &str) -> std::io::Result<Reply> {
    caller.sends(&caller.making(title, &[("idempotency-key", title)]))
}

/// How often each title is in the table.
async fn titles(house: &House) -> HashMap<String, usize> {
    let mut titles = HashMap::new();
    for title in house.column("SELECT title FROM task").await {
        *titles.entry(title).or_default() += 1;
    }
    titles
}

#[tokio::test]
async fn c1_a_kill_loses_no_task_that_was_acknowledged_and_makes_none_twice() {
    let house = House::empty().await;
    let mut server = started(&house);
    server.is_ready().await;
    let mut maya = Caller::new(&server.address, "Maya");
    let (mut acknowledged, mut unanswered) = (Vec::new(), Vec::new());

    for (round, many) in [5, 40, 90].into_iter().enumerate() {
        let (tell, told) = channel();
        for client in 0..CLIENTS {
            let (maya, tell) = (maya.clone(), tell.clone());
            thread::spawn(move || writes(&maya, &format!("{round}-{client}"), &tell));
        }
        drop(tell);
        let mut server_now = Some(server);
        let before = acknowledged.len();
        for seen in told {
            match seen {
                Seen::Acknowledged(title) => acknowledged.push(title),
                Seen::Unanswered(title) => unanswered.push(title),
            }
            if acknowledged.len() - before >= many
                && let Some(server) = server_now.take()
            {
                server.dies();
            }
        }

        server = started(&house);
        server.is_ready().await;
        maya = maya.at(&server.address);
        maya.tasks().expect("an answer").is(200);
    }

    // Whoever had no answer asks again: what was begun and not finished stays taken for a minute.
    for title in &unanswered {
        let status = once(&maya, title).expect("an answer").status;
        assert!(matches!(status, 201 | 409), "{status}");
        if status == 201 {
            acknowledged.push(title.clone());
        }
    }
    let titles = titles(&house).await;
    for title in &acknowledged {
        assert_eq!(titles.get(title), Some(&1), "{title}");
    }
    assert!(titles.values().all(|&often| often == 1), "{titles:?}");
    assert!(titles.len() <= acknowledged.len() + unanswered.len());
    if !house.is_postgres() {
        assert_eq!(house.column("PRAGMA integrity_check").await, ["ok"]);
    }
    assert_eq!(server.stops(), Some(0));
}
