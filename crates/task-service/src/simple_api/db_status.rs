//! `GET /api/db-status`: which database this is, and whether it answers.

use actix_web::{HttpResponse, web};
use domain::simple::DbStatus;
use platform::Caller;

use super::health::connected;
use crate::app::App;

/// Tells which database this is, and whether it answers.
#[utoipa::path(
    get,
    path = "/api/db-status",
    tag = "simple",
    responses((status = 200, body = DbStatus)),
)]
pub(crate) async fn db_status(_: Caller, app: web::Data<App>) -> HttpResponse {
    let place = app.place.clone();
    HttpResponse::Ok().json(DbStatus {
        connected: connected(&app).await,
        database: place.database,
        user: place.user,
        host: place.host,
    })
}
