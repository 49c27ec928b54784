#![doc = include_str!("../README.md")]

mod compress;
mod cors;
mod etag;
mod metrics;
pub mod openapi;
mod page;
mod path;
mod proxy;
pub mod routes;
pub mod settings;
mod status;
mod target;
mod uploads;
mod upstream;

use std::rc::Rc;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use anyhow::Context;
use platform::Verifier;
use platform::health::Health;

pub use upstream::{Address, NotAnAddress};

use crate::cors::Origins;
use crate::page::Page;
use crate::proxy::Proxy;
use crate::routes::Owner;
use crate::settings::{Settings, UpstreamSettings};
use crate::status::Prober;
use crate::uploads::Uploads;
use crate::upstream::Upstream;

/// The gateway's app, and what its worker threads share.
#[derive(Clone, Debug)]
pub struct Gateway {
    verifier: Verifier,
    prober: Prober,
    addresses: [Address; 3],
    upstreams: UpstreamSettings,
    uploads: Uploads,
    body_limit: usize,
    page: Option<Arc<Page>>,
    origins: Origins,
}

impl Gateway {
    /// Must be called within a Tokio runtime. Nothing is asked or connected yet.
    ///
    /// # Errors
    /// One line that names the setting that is wrong.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let addresses = settings.upstreams.addresses()?;
        let origins = Origins::parse(&settings.cors.allowed_origins)?;
        let verifier = Verifier::from_jwks_url(&settings.auth)?;
        let [auth, task, worker] = addresses.clone();
        let prober = Prober::new(&[(Owner::Auth, auth), (Owner::Task, task), (Owner::Worker, worker)])?;
        metrics::init();
        let body_limit = settings.http.body_limit_bytes;
        let dir = &settings.page.dir;
        let page = if dir.as_os_str().is_empty() { None } else { Some(Page::read(dir).context("TASKHUB__PAGE__DIR")?) };
        let (upstreams, page) = (settings.upstreams.clone(), page.map(Arc::new));
        let uploads = Uploads::new(uploads::LIMITS);
        Ok(Self { verifier, prober, addresses, upstreams, uploads, body_limit, page, origins })
    }

    /// Keeps the token keys fresh; never ends.
    pub async fn keep_keys_fresh(self) {
        self.verifier.keep_fresh().await;
    }

    /// Ready when every service is, and when there are keys to tell a good token by.
    #[must_use]
    pub fn health(&self) -> Health {
        let mut health = Health::default().discreet();
        for owner in Owner::ALL {
            let prober = self.prober.clone();
            health = health.with(owner.name(), move || status::ready(prober.clone(), *owner));
        }
        let (verifier, first) = (self.verifier.clone(), self.verifier.clone());
        health
            .with("token-keys", move || {
                let verifier = verifier.clone();
                async move { verifier.ready().await }
            })
            .first("token-keys", move || {
                let verifier = first.clone();
                async move { verifier.ready().await }
            })
    }

    /// Adds the gateway's routes to the app of the worker thread that calls it.
    pub fn configure(&self, cfg: &mut ServiceConfig) {
        let [auth, task, worker] = &self.addresses;
        let proxy = Rc::new(Proxy {
            verifier: self.verifier.clone(),
            auth: Upstream::new(Owner::Auth, auth, &self.upstreams),
            task: Upstream::new(Owner::Task, task, &self.upstreams),
            worker: Upstream::new(Owner::Worker, worker, &self.upstreams),
            uploads: self.uploads.clone(),
            body_limit: self.body_limit,
            trust_forwarded: self.upstreams.trust_forwarded,
            page: self.page.clone(),
        });
        cfg.app_data(Data::new(self.prober.clone())).app_data(Data::new(self.verifier.clone()));
        let pass = move |request, payload| proxy.clone().answer(request, payload);
        // Whatever nobody else answers comes here, so that every path is looked at the same way.
        let all = web::scope("").configure(routes::configure).default_service(web::to(pass));
        let origins = self.origins.clone();
        let cors = from_fn(move |request, next| cors::cors(origins.clone(), request, next));
        let trust = self.upstreams.trust_forwarded;
        let target = from_fn(move |request, next| target::look(trust, request, next));
        cfg.service(all.wrap(from_fn(compress::compress)).wrap(cors).wrap(target));
    }
}
