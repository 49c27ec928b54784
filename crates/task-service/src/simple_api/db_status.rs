//! `GET /api/db-status`: which database this is, and whether it answers.

use actix_web::{HttpResponse, web};
use domain::simple::DbStatus;
use platform::Caller;

use super::health::connected;
use crate::app::App;

/// 200 either way: the question is answered, and `connected` is the answer.
pub(crate) async fn db_status(_: Caller, app: web::Data<App>) -> HttpResponse {
    let place = app.place.clone();
    HttpResponse::Ok().json(DbStatus {
        connected: connected(&app).await,
        database: place.database,
        user: place.user,
        host: place.host,
    })
}
