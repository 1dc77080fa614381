//! People who move in from a Better Auth database: who would come, and their coming, all of them or nobody.

mod newcomer;
mod original;

pub use newcomer::{Newcomer, Remark, Why};
pub use original::{NotRead, Original};

use super::{
    auth::CREDENTIAL,
    entity::{account, user},
};
use crate::{
    domain::{AccountId, Event, Role, UserId},
    service::{
        Database, Source,
        audit::{self, Entry},
        clock,
        foreign::Row,
        people, tasks,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// So many rows in one statement stay far below what either database takes.
const AT_ONCE: usize = 500;

/// Who comes and who does not.
#[derive(Debug, Default)]
pub struct Plan {
    /// Those who come, those first who were there first.
    pub coming: Vec<Newcomer>,
    /// How many came at an earlier time. They stay as they are.
    pub came_before: usize,
    /// Those who do not come, each by what there is to know them by.
    pub left_out: Vec<(String, Why)>,
    /// How many tasks come with those who come.
    pub tasks: usize,
    /// How many tasks stay behind with those who do not.
    pub tasks_left: usize,
}

/// Who would come if they came now.
pub async fn plan(db: &impl ConnectionTrait, original: &Original) -> Result<Plan, DbErr> {
    let here = Here::look(db).await?;
    let now = clock::now();
    let mut plan = Plan::default();
    let mut candidates = Vec::new();
    for row in &original.people {
        let theirs = original::id(row, "id");
        if theirs.as_ref().is_some_and(|id| here.came.contains(id)) {
            plan.came_before += 1;
            continue;
        }
        let accounts = theirs.and_then(|id| original.accounts.get(&id));
        match newcomer::read(row, accounts.map_or(&[], Vec::as_slice), now) {
            Ok(person) => candidates.push(person),
            Err(why) => plan.left_out.push((known_by(row), why)),
        }
    }
    choose(&mut plan, candidates, here);
    let count = |id: &String| original.tasks.get(id).map_or(0, Vec::len);
    let all: usize = original.tasks.values().map(Vec::len).sum();
    plan.tasks = plan.coming.iter().map(|person| count(&person.theirs)).sum();
    plan.tasks_left = all - plan.tasks;
    Ok(plan)
}

/// Lets them come, in one transaction.
pub async fn apply(db: &Database, source: &Source, original: Original) -> Result<Plan, DbErr> {
    let all = db.transaction().await?;
    people::lock(&all).await?;
    let plan = plan(&all, &original).await?;
    for some in plan.coming.chunks(AT_ONCE) {
        user::Entity::insert_many(some.iter().map(person))
            .exec_without_returning(&all)
            .await?;
        account::Entity::insert_many(some.iter().map(credential))
            .exec_without_returning(&all)
            .await?;
        let entries: Vec<Entry> = some
            .iter()
            .map(|person| Entry::done(Event::MovedIn, person.id))
            .collect();
        audit::record_all(&all, source, &entries).await?;
    }
    tasks::give(&all, belongings(&plan, original.tasks)).await?;
    if let Some(oldest) = people::appoint_the_oldest(&all).await? {
        let entry = Entry::done(Event::RoleChanged, oldest).by(Role::Admin.as_str());
        audit::record_all(&all, source, &[entry]).await?;
    }
    tasks::adopt(&all).await?;
    all.commit().await?;
    tracing::info!(
        target: "latchkey::audit",
        { event = Event::MovedIn.code(), people = plan.coming.len(), request.id = source.request_id },
        "people moved in"
    );
    Ok(plan)
}

/// What is taken here already.
struct Here {
    came: HashSet<String>,
    addresses: HashSet<String>,
    ids: HashSet<UserId>,
}

impl Here {
    async fn look(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let people: Vec<(UserId, String)> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::EmailKey])
            .into_tuple()
            .all(db)
            .await?;
        let came: Vec<String> = account::Entity::find()
            .select_only()
            .column(account::Column::AccountId)
            .filter(account::Column::ProviderId.eq(CREDENTIAL))
            .into_tuple()
            .all(db)
            .await?;
        let (ids, addresses) = people.into_iter().unzip();
        Ok(Self {
            came: came.into_iter().collect(),
            addresses,
            ids,
        })
    }
}

/// An address that two people there have says of neither that it is theirs.
fn choose(plan: &mut Plan, candidates: Vec<Newcomer>, mut here: Here) {
    let mut holders: HashMap<String, usize> = HashMap::new();
    for person in &candidates {
        *holders.entry(person.email.key().to_owned()).or_default() += 1;
    }
    for mut person in candidates {
        let key = person.email.key();
        let why = if holders.get(key).is_some_and(|count| *count > 1) {
            Why::SharedEmail
        } else if here.addresses.contains(key) {
            Why::TakenEmail
        } else {
            if !here.ids.insert(person.id) {
                person.id = UserId(Uuid::now_v7());
            }
            plan.coming.push(person);
            continue;
        };
        plan.left_out.push((person.email.as_str().to_owned(), why));
    }
    plan.coming.sort_by_key(|person| person.created_at);
}

/// The address, if there is any text, or else the id.
fn known_by(row: &Row) -> String {
    let address = row.get("email").and_then(|value| value.as_str());
    match (address, row.get("id")) {
        (Some(address), _) if !address.is_empty() => address.to_owned(),
        (_, Some(id)) => format!("id {id}"),
        _ => String::new(),
    }
}

fn person(new: &Newcomer) -> user::ActiveModel {
    user::Model {
        id: new.id,
        name: new.name.as_str().to_owned(),
        email: new.email.as_str().to_owned(),
        email_key: new.email.key().to_owned(),
        email_verified: new.email_verified,
        image: new.image.clone(),
        theme: None,
        time_zone: None,
        role: Role::Member.as_str().to_owned(),
        disabled_at: new.disabled.then(clock::now),
        created_at: new.created_at,
        updated_at: new.updated_at,
        two_factor_enabled: false,
    }
    .into_active_model()
    .reset_all()
}

/// Their id there stays in `account_id`: by it they are known when the import is run again.
fn credential(new: &Newcomer) -> account::ActiveModel {
    account::ActiveModel {
        id: Set(AccountId(Uuid::now_v7())),
        user_id: Set(new.id),
        account_id: Set(new.theirs.clone()),
        provider_id: Set(CREDENTIAL.to_owned()),
        password: Set(new.password.as_ref().map(|hash| hash.as_str().to_owned())),
        created_at: Set(new.created_at),
        updated_at: Set(new.updated_at),
    }
}

/// The tasks of those who come, each with its owner.
fn belongings(
    plan: &Plan,
    mut tasks: HashMap<String, Vec<Row>>,
) -> impl Iterator<Item = (UserId, Row)> {
    plan.coming.iter().flat_map(move |person| {
        let theirs = tasks.remove(&person.theirs).unwrap_or_default();
        theirs.into_iter().map(move |row| (person.id, row))
    })
}
