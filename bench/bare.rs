//! What `GET /api/tasks` is measured against: axum and `SeaORM` doing the one task query, and nothing else. It knows nobody, and reads no column
//! that the real answer does not show but the owner.
//! `bare DATABASE_URL USER_ID ADDRESS`

use axum::{Json, Router, extract::State, routing::get};
use sea_orm::{
    ColumnTrait, ConnectOptions, Database, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::Serialize;

mod task {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "task")]
    #[serde(rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub user_id: String,
        pub title: String,
        pub description: String,
        pub completed_at: Option<i64>,
        pub priority: i16,
        pub due_date: Option<String>,
        pub position: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone)]
struct House {
    db: DatabaseConnection,
    owner: String,
}

#[derive(Serialize)]
struct Tasks {
    tasks: Vec<task::Model>,
}

async fn list(State(house): State<House>) -> Json<Tasks> {
    let tasks = task::Entity::find()
        .filter(task::Column::UserId.eq(house.owner))
        .order_by_desc(task::Column::CreatedAt)
        .order_by_desc(task::Column::Id)
        .limit(50)
        .all(&house.db)
        .await
        .unwrap_or_default();
    Json(Tasks { tasks })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("bare DATABASE_URL USER_ID ADDRESS");
    let (url, owner, address) = (next()?, next()?, next()?);
    // As many as latchkey itself keeps; nor does it ask whether one is still there that was used a moment ago.
    let cores = std::thread::available_parallelism()?.get();
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(u32::try_from(cores * 4)?.clamp(8, 16))
        .test_before_acquire(false)
        .sqlx_logging(false);
    let db = Database::connect(options).await?;
    let router = Router::new()
        .route("/tasks", get(list))
        .with_state(House { db, owner });
    axum::serve(tokio::net::TcpListener::bind(address).await?, router).await?;
    Ok(())
}
