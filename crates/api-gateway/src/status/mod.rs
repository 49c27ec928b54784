//! How the whole is: what each service says of itself, asked at most once a second whoever wants to know.

mod probe;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::health::{ServiceStatus, SystemStatus};
use platform::bearer::token_of;
use platform::health::Missing;
use platform::{ApiResult, Verifier};

pub(crate) use probe::Prober;

use crate::routes::Owner;

/// Tells how each service is, with what it depends on.
///
/// The document says how things are. Who isn't signed in learns only how the whole is. Always 200, or 401 for a token that
/// isn't good.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "system",
    operation_id = "status",
    responses((status = 200, body = SystemStatus), (status = 401)),
)]
pub(crate) async fn show(
    prober: web::Data<Prober>,
    verifier: web::Data<Verifier>,
    request: HttpRequest,
) -> ApiResult<HttpResponse> {
    let is_stranger = !request.headers().contains_key(AUTHORIZATION);
    if !is_stranger {
        verifier.verify(token_of(&request)?).await?;
    }
    let status = prober.look().await;
    if is_stranger {
        return Ok(HttpResponse::Ok().json(SystemStatus { services: Vec::new(), ..(*status).clone() }));
    }
    Ok(HttpResponse::Ok().json(&*status))
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
