//! How the whole is: what each service says of itself, asked at most once a second whoever wants to know.

mod probe;

use actix_web::{HttpResponse, web};
use domain::health::{ServiceStatus, SystemStatus};
use platform::health::Missing;

pub(crate) use probe::Prober;

use crate::routes::Owner;

/// Tells how each service is, with what it depends on.
///
/// Always 200; the document says how things are.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "system",
    operation_id = "status",
    responses((status = 200, body = SystemStatus)),
)]
pub(crate) async fn show(prober: web::Data<Prober>) -> HttpResponse {
    HttpResponse::Ok().json(&*prober.look().await)
}

/// The gateway's own readiness: whether one service is ready, and what it lacks if it isn't.
///
/// # Errors
/// What is missing, in words for anyone.
pub(crate) async fn ready(prober: Prober, owner: Owner) -> anyhow::Result<()> {
    let status = prober.look().await;
    let service: Option<&ServiceStatus> = status.services.iter().find(|service| service.name == owner.name());
    match service {
        Some(service) if service.ok => Ok(()),
        Some(service) => {
            let detail = service.detail.clone().unwrap_or_else(|| "not ready".to_owned());
            Err(Missing(detail).into())
        }
        None => Err(Missing("wasn't asked".to_owned()).into()),
    }
}
