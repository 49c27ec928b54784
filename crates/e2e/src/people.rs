//! People who use the stack.

use serde_json::{Value, json};
use testkit::Api;
use uuid::Uuid;

use crate::Stack;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// The user's id.
    pub id: String,
    /// The address that they sign in with.
    pub email: String,
    /// Their access token.
    pub token: String,
    /// A client with it.
    pub api: Api,
    /// Their refresh token.
    pub refresh_token: String,
}

/// Everybody's password.
const PASSWORD: &str = "correct horse battery staple";

impl Person {
    /// Signs up.
    pub async fn sign_up(stack: &Stack, name: &str) -> Self {
        Self::sign_up_at(&stack.api(), name).await
    }

    /// Signs up with whatever `api` leads to.
    pub async fn sign_up_at(api: &Api, name: &str) -> Self {
        let email = format!("{name}-{}@example.org", Uuid::now_v7().simple());
        let body = json!({"email": email, "password": PASSWORD, "name": name});
        let answer = api.post("/api/v1/auth/register", body).await.expect(201);
        Self::from_answer(api, &answer.json)
    }

    /// Signs in again.
    pub async fn sign_in(&self, stack: &Stack) -> Self {
        let body = json!({"email": self.email, "password": PASSWORD});
        let answer = stack.api().post("/api/v1/auth/login", body).await.expect(200);
        Self::from_session(stack, &answer.json)
    }

    /// The person whom an answer of register, login or refresh is about.
    #[must_use]
    pub fn from_session(stack: &Stack, session: &Value) -> Self {
        Self::from_answer(&stack.api(), session)
    }

    fn from_answer(api: &Api, session: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        Self {
            id: text(&session["user"]["id"]),
            email: text(&session["user"]["email"]),
            api: api.with_token(text(&session["access_token"])),
            token: text(&session["access_token"]),
            refresh_token: text(&session["refresh_token"]),
        }
    }

    /// Makes a team with this key.
    pub async fn make_team(&self, key: &str) {
        let _ = self.api.post("/api/v1/teams", json!({"name": key, "key": key})).await.expect(201);
    }

    /// Invites `other` to a team and lets them accept.
    pub async fn bring(&self, team: &str, other: &Self, role: &str) {
        let path = format!("/api/v1/teams/{team}/invitations");
        let invitation = self.api.post(&path, json!({"email": other.email, "role": role})).await.expect(201);
        let token = &invitation.json["token"];
        let _ = other.api.post("/api/v1/invitations/accept", json!({"token": token})).await.expect(200);
    }

    /// All notifications, newest first.
    pub async fn notifications(&self) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.api.get(&format!("/api/v1/notifications?limit=200{cursor}")).await.expect(200).json;
            all.extend(page["items"].as_array().expect("a list").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}
