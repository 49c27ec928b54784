//! `GET /api/health`: whether the database answers.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use chrono::Utc;
use domain::simple::SimpleHealth;
use tokio::time::timeout;

use crate::app::App;

/// Whoever asks for health wants an answer soon.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Whether the database answers in time.
pub(super) async fn connected(app: &App) -> bool {
    matches!(timeout(PATIENCE, app.read.ping()).await, Ok(Ok(())))
}

/// Tells whether the database answers.
#[utoipa::path(
    get,
    path = "/api/health",
    tag = "simple",
    responses((status = 200, body = SimpleHealth), (status = 503, description = "The database does not answer.", body = SimpleHealth)),
)]
pub(crate) async fn health(app: web::Data<App>) -> HttpResponse {
    let connected = connected(&app).await;
    let mut response = if connected { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(SimpleHealth::of(connected, Utc::now()))
}
