//! An issuer of access tokens, and of forgeries.

use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{SessionId, UserId};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use platform::bearer::{Claims, TOKEN_TYPE};
use platform::settings::AuthSettings;
use serde::Serialize;
use serde_json::json;

/// Signs tokens as auth-service does, and serves its JWKS.
#[derive(Debug)]
pub struct Issuer {
    key: Vec<u8>,
    public: Vec<u8>,
    kid: String,
    jwks_url: String,
}

/// What is wrong with a forged token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// It expired a second ago.
    Expired,
    /// It names our key but is signed by another.
    OtherKey,
    /// It names a key that nobody has.
    UnknownKey,
    /// `alg: none`, without a signature.
    AlgNone,
    /// HS256 with our public key as the secret.
    PublicKeyAsSecret,
    /// It is meant for somebody else.
    OtherAudience,
    /// Somebody else issued it.
    OtherIssuer,
    /// It is good, but not yet.
    NotYet,
    /// It says that something must be understood which nobody here does (RFC 7515, section 4.1.11).
    Critical,
    /// It is a JWT, but no access token (RFC 9068, section 4).
    OtherType,
}

impl Forgery {
    /// Every forgery there is.
    pub const ALL: &[Self] = &[
        Self::Expired,
        Self::OtherKey,
        Self::UnknownKey,
        Self::AlgNone,
        Self::PublicKeyAsSecret,
        Self::OtherAudience,
        Self::OtherIssuer,
        Self::NotYet,
        Self::Critical,
        Self::OtherType,
    ];
}

impl Issuer {
    /// Makes a key and serves its public half on a free port.
    pub async fn start() -> Self {
        let (key, public) = new_key();
        let kid = uuid_like();
        let jwks = json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": URL_SAFE_NO_PAD.encode(&public)},
        ]});
        let server = HttpServer::new(move || {
            let jwks = jwks.clone();
            App::new().route(
                "/jwks.json",
                web::get().to(move || {
                    let jwks = jwks.clone();
                    async move { HttpResponse::Ok().json(jwks) }
                }),
            )
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let jwks_url = format!("http://{}/jwks.json", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { key, public, kid, jwks_url }
    }

    /// Settings of a service that takes this issuer's tokens.
    #[must_use]
    pub fn settings(&self) -> AuthSettings {
        AuthSettings {
            jwks_url: Some(self.jwks_url.clone()),
            issuer: "taskhub".into(),
            audience: "taskhub".into(),
            jwks_refresh_s: 300,
        }
    }

    /// A good token of `user`.
    #[must_use]
    pub fn token(&self, user: UserId) -> String {
        sign(&self.header(), &claims(user), &EncodingKey::from_ed_der(&self.key))
    }

    /// A good token of `user` that expires after so many seconds.
    #[must_use]
    pub fn token_for(&self, user: UserId, seconds: u64) -> String {
        let mut claims = claims(user);
        claims.exp = claims.iat + seconds;
        sign(&self.header(), &claims, &EncodingKey::from_ed_der(&self.key))
    }

    /// A good token of `user` that writes its type in this way.
    #[must_use]
    pub fn token_of_type(&self, user: UserId, typ: &str) -> String {
        let header = Header { typ: Some(typ.into()), ..self.header() };
        sign(&header, &claims(user), &EncodingKey::from_ed_der(&self.key))
    }

    /// A token of `user` that must be refused.
    #[must_use]
    pub fn forge(&self, user: UserId, forgery: Forgery) -> String {
        let (mut header, mut claims) = (self.header(), claims(user));
        let ours = EncodingKey::from_ed_der(&self.key);
        match forgery {
            Forgery::Expired => {
                claims.exp = get_current_timestamp() - 1;
                sign(&header, &claims, &ours)
            }
            Forgery::OtherKey => sign(&header, &claims, &EncodingKey::from_ed_der(&new_key().0)),
            Forgery::UnknownKey => {
                header.kid = Some(uuid_like());
                sign(&header, &claims, &EncodingKey::from_ed_der(&new_key().0))
            }
            Forgery::AlgNone => {
                let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
                let header = part(json!({"alg": "none", "typ": TOKEN_TYPE, "kid": self.kid}));
                format!("{header}.{}.", part(serde_json::to_value(&claims).unwrap()))
            }
            Forgery::PublicKeyAsSecret => {
                header.alg = Algorithm::HS256;
                sign(&header, &claims, &EncodingKey::from_secret(&self.public))
            }
            Forgery::OtherAudience => {
                claims.aud = "somebody-else".into();
                sign(&header, &claims, &ours)
            }
            Forgery::OtherIssuer => {
                claims.iss = "somebody-else".into();
                sign(&header, &claims, &ours)
            }
            Forgery::NotYet => {
                let mut claims = serde_json::to_value(&claims).unwrap();
                claims["nbf"] = json!(get_current_timestamp() + 60);
                sign(&header, &claims, &ours)
            }
            Forgery::Critical => {
                header.crit = Some(vec!["lattice".into()]);
                header.extras.insert("lattice", true);
                sign(&header, &claims, &ours)
            }
            Forgery::OtherType => {
                header.typ = Some("JWT".into());
                sign(&header, &claims, &ours)
            }
        }
    }

    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.into());
        header.kid = Some(self.kid.clone());
        header
    }
}

/// PKCS#8 private key and raw public key.
fn new_key() -> (Vec<u8>, Vec<u8>) {
    let pair = Ed25519KeyPair::generate().unwrap();
    let pkcs8 = pair.to_pkcs8v1().unwrap();
    (pkcs8.as_ref().to_vec(), pair.public_key().as_ref().to_vec())
}

fn uuid_like() -> String {
    SessionId::new().to_string()
}

fn claims(user: UserId) -> Claims {
    let now = get_current_timestamp();
    Claims {
        iss: "taskhub".into(),
        aud: "taskhub".into(),
        sub: user,
        // As `Database::user` has it.
        sid: user.uuid().into(),
        iat: now,
        exp: now + 900,
        jti: uuid_like(),
    }
}

fn sign(header: &Header, claims: &impl Serialize, key: &EncodingKey) -> String {
    encode(header, claims, key).unwrap()
}
