//! Who is known by an identity provider, and what was written down about it.

use super::app::{App, Browser};
use serde_json::Value;

pub async fn who(browser: &Browser<'_>) -> Value {
    browser.reads("/api/auth/get-session").await.json()["user"]["email"].clone()
}

pub async fn verify_everybody(app: &App) {
    app.house
        .run("UPDATE \"user\" SET email_verified = TRUE")
        .await;
}

pub async fn identities(app: &App) -> Vec<String> {
    let sql = "SELECT account_id FROM account WHERE provider_id = 'oidc'";
    app.house.column(sql).await
}

pub async fn events(app: &App, event: &str) -> Vec<String> {
    let sql = format!(
        "SELECT outcome || ' ' || COALESCE(reason, '') FROM audit_event WHERE event = '{event}' ORDER BY id"
    );
    app.house.column(&sql).await
}
