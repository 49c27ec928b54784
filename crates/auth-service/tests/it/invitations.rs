//! `GET` and `POST /teams/{team}/invitations`, `DELETE /teams/{team}/invitations/{id}`, `POST /invitations/accept`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{TestApp, all_pages, items, text};

const OPS: &str = "/api/v1/teams/ops/invitations";
const ACCEPT: &str = "/api/v1/invitations/accept";
const PREVIEW: &str = "/api/v1/invitations/preview";

fn one(invitation: &Value) -> String {
    format!("{OPS}/{}", text(&invitation["id"]))
}

#[tokio::test]
async fn an_invitation_is_shown_once_and_makes_a_member() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    let team = alice.team("ops").await;
    let invited = alice.invite("ops", " Bob@Example.org ", "member").await;
    assert_eq!((&invited["email"], &invited["role"]), (&json!("bob@example.org"), &json!("member")));
    assert_eq!((&invited["team_id"], &invited["team_key"]), (&team["id"], &team["key"]));
    assert!(text(&invited["token"]).starts_with("thi_"));

    let listed = alice.api.get(OPS).await.expect(200);
    assert_eq!(listed.json["items"][0]["id"], invited["id"]);
    assert!(!listed.text.contains("token") && !listed.text.contains("thi_"));

    let joined = bob.accept(&invited).await.expect(200).json;
    assert_eq!((&joined["id"], &joined["role"]), (&team["id"], &json!("member")));
    assert_eq!(bob.api.get("/api/v1/teams/ops").await.expect(200).json, joined);
    assert_eq!(items(&alice.api.get(OPS).await.expect(200).json).len(), 0);
    assert_eq!(listed.json["items"][0]["invited_by"], json!({"id": alice.id, "name": "alice"}));
    assert_eq!(invited["invited_by"], listed.json["items"][0]["invited_by"]);

    // The answer may have got lost: accepting again is the same success, as long as they are a member.
    alice.api.patch(&format!("/api/v1/teams/ops/members/{}", bob.id), json!({"role": "admin"})).await.expect(200);
    assert_eq!(bob.accept(&invited).await.expect(200).json["role"], "admin");
    alice.api.delete(&format!("/api/v1/teams/ops/members/{}", bob.id)).await.expect(204);
    bob.accept(&invited).await.is_problem(410, "used or taken back");
}

#[tokio::test]
async fn whoever_has_the_token_sees_what_an_invitation_says_while_it_is_open() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    let preview = async |token: &Value| app.api().post(PREVIEW, json!({"token": token})).await;
    let invited = alice.invite("ops", "bob@example.org", "member").await;
    let expected = json!({
        "team": {"key": "ops", "name": "Team ops"}, "inviter": {"name": "alice"}, "email": "bob@example.org", "role": "member",
    });
    assert_eq!(preview(&invited["token"]).await.expect(200).json, expected);
    let _ = bob.accept(&invited).await.expect(200);
    preview(&invited["token"]).await.is_problem(404, "not-found");
    let revoked = alice.invite("ops", "carol@example.org", "member").await;
    let _ = alice.api.delete(&one(&revoked)).await.expect(204);
    preview(&revoked["token"]).await.is_problem(404, "not-found");
    let expired = alice.invite("ops", "carol@example.org", "member").await;
    app.execute("UPDATE identity.invitations SET expires_at = now() - interval '1 second'").await;
    for token in [expired["token"].clone(), json!("thi_unknown"), json!("nope")] {
        preview(&token).await.is_problem(404, "not-found");
    }
    preview(&json!("")).await.is_problem(422, "/token");
}

#[tokio::test]
async fn an_invitation_is_for_its_address_alone() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    let mallory = app.register("mallory").await;
    alice.team("ops").await;
    let invited = alice.invite("ops", "bob@example.org", "admin").await;
    mallory.accept(&invited).await.is_problem(403, "another email address");
    alice.accept(&invited).await.is_problem(403, "another email address");
    let _ = bob.accept(&invited).await.expect(200);
    mallory.accept(&invited).await.is_problem(403, "another email address");
}

#[tokio::test]
async fn what_is_not_open_any_more_is_gone() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    let revoked = alice.invite("ops", "bob@example.org", "member").await;
    assert_eq!(alice.api.delete(&one(&revoked)).await.expect(204).text, "");
    bob.accept(&revoked).await.is_problem(410, "taken back");
    alice.api.delete(&one(&revoked)).await.is_problem(404, "not-found");

    let expired = alice.invite("ops", "bob@example.org", "member").await;
    app.execute("UPDATE identity.invitations SET expires_at = now() - interval '1 second'").await;
    bob.accept(&expired).await.is_problem(410, "has expired");
    assert_eq!(items(&alice.api.get(OPS).await.expect(200).json).len(), 0);
    for token in ["thi_unknown", "nope", &format!("thi_{}", "A".repeat(43))] {
        bob.api.post(ACCEPT, json!({"token": token})).await.is_problem(404, "not-found");
    }
    bob.api.post(ACCEPT, json!({"token": ""})).await.is_problem(422, "/token");
    bob.api.post(ACCEPT, json!({})).await.is_problem(422, "missing field `token`");
}

#[tokio::test]
async fn a_second_invitation_takes_the_place_of_the_first() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    let first = alice.invite("ops", "bob@example.org", "viewer").await;
    let second = alice.invite("ops", "bob@example.org", "member").await;
    assert_ne!(first["token"], second["token"]);
    let listed = alice.api.get(OPS).await.expect(200).json;
    assert_eq!((items(&listed).len(), &listed["items"][0]["id"]), (1, &second["id"]));
    bob.accept(&first).await.is_problem(410, "taken back");
    assert_eq!(bob.accept(&second).await.expect(200).json["role"], "member");
}

#[tokio::test]
async fn who_is_a_member_can_not_be_invited_or_join_again() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.register("bob").await;
    let invited = alice.invite("ops", "bob@example.org", "member").await;
    app.join(&team, &bob, "viewer").await;
    bob.accept(&invited).await.is_problem(409, "a member of this team already");
    let again = alice.api.post(OPS, json!({"email": "BOB@example.org", "role": "member"})).await;
    again.is_problem(409, "is a member already");
    assert_eq!(bob.api.get("/api/v1/teams/ops").await.expect(200).json["role"], "viewer");
}

#[tokio::test]
async fn one_invites_up_to_ones_own_rights() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let carol = app.member(&team, "carol", "member").await;
    let owner = json!({"email": "x@example.org", "role": "owner"});
    bob.api.post(OPS, owner.clone()).await.is_problem(403, "As admin you can't invite an owner");
    bob.invite("ops", "y@example.org", "admin").await;
    let by_owner = alice.invite("ops", "x@example.org", "owner").await;
    bob.api.delete(&one(&by_owner)).await.is_problem(403, "of an owner");
    for answer in [carol.api.post(OPS, owner).await, carol.api.get(OPS).await, carol.api.delete(&one(&by_owner)).await]
    {
        answer.is_problem(403, "needs the role admin");
    }
    let _ = alice.api.delete(&one(&by_owner)).await.expect(204);
}

#[tokio::test]
async fn an_invitation_of_another_team_is_not_found() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    bob.team("dev").await;
    let theirs = bob.invite("dev", "x@example.org", "member").await;
    alice.api.delete(&one(&theirs)).await.is_problem(404, "not-found");
    alice.api.delete(&format!("{OPS}/nope")).await.is_problem(400, "{id} in the path");
}

#[tokio::test]
async fn accepting_inviting_and_taking_back_at_once_end_in_one_of_both() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    alice.team("ops").await;
    let invited = alice.invite("ops", "bob@example.org", "member").await;
    let answers = join_all((0..6).map(|_| bob.accept(&invited))).await;
    assert!(answers.iter().all(|a| a.status == 200), "{answers:?}");
    let joined = app.count("members m JOIN identity.teams t ON t.id = m.team_id WHERE t.key = 'ops'").await;
    assert_eq!(joined, 2);

    let carol = app.register("carol").await;
    let invited = alice.invite("ops", "carol@example.org", "member").await;
    let path = one(&invited);
    let (accepted, revoked) = tokio::join!(carol.accept(&invited), alice.api.delete(&path));
    let outcome = (accepted.status.as_u16(), revoked.status.as_u16());
    assert!([(200, 404), (410, 204)].contains(&outcome), "{outcome:?}");

    let body = json!({"email": "dave@example.org", "role": "member"});
    let answers = join_all((0..6).map(|_| alice.api.post(OPS, body.clone()))).await;
    assert!(answers.iter().all(|a| a.status == 201), "{answers:?}");
    let open = alice.api.get(OPS).await.expect(200).json;
    assert_eq!(items(&open).iter().filter(|i| i["email"] == "dave@example.org").count(), 1);
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    alice.team("ops").await;
    for n in 0..5 {
        alice.invite("ops", &format!("p{n}@example.org"), "viewer").await;
    }
    let whole = alice.api.get(OPS).await.expect(200).json;
    for limit in [1, 2, 5, 6] {
        assert_eq!(&all_pages(&alice.api, OPS, limit).await.1, items(&whole));
    }
    alice.api.get(&format!("{OPS}?limit=0")).await.is_problem(400, "1 to 200");
    alice.api.get(&format!("{OPS}?cursor=x")).await.is_problem(400, "bad-cursor");
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_said_where() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    alice.team("ops").await;
    for (body, pointer) in [
        (json!({"email": "nobody", "role": "member"}), "/email"),
        (json!({"email": "a@b.example", "role": "boss"}), "/role"),
        (json!({"email": "a@b.example", "role": 7}), "/role"),
        (json!({"email": "a@b.example", "role": "member", "message": "hi"}), "/message"),
    ] {
        let answer = alice.api.post(OPS, body.clone()).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{body}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_invitation_dies_with_the_right_of_whoever_invited() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.register("alice").await, app.register("bob").await);
    let team = alice.team("ops").await;
    let eve = app.member(&team, "eve", "admin").await;
    let mallory = app.member(&team, "mallory", "owner").await;
    let by_eve = eve.invite("ops", "bob@example.org", "member").await;
    let by_mallory = mallory.invite("ops", "carol@example.org", "owner").await;
    let still = mallory.invite("ops", "dave@example.org", "admin").await;
    let (carol, dave) = (app.register("carol").await, app.register("dave").await);
    let members = "/api/v1/teams/ops/members";
    let _ = alice.api.delete(&format!("{members}/{}", eve.id)).await.expect(204);
    // An admin may invite an admin, but no owner.
    let demoted = alice.api.patch(&format!("{members}/{}", mallory.id), json!({"role": "admin"})).await;
    let _ = demoted.expect(200);

    bob.accept(&by_eve).await.is_problem(410, "used or taken back");
    carol.accept(&by_mallory).await.is_problem(410, "used or taken back");
    for dead in [&by_eve, &by_mallory] {
        app.api().post(PREVIEW, json!({"token": dead["token"]})).await.is_problem(404, "not-found");
        alice.api.get(&one(dead)).await.is_problem(404, "not-found");
    }
    let listed = alice.api.get(OPS).await.expect(200).json;
    assert_eq!(items(&listed).iter().map(|i| &i["id"]).collect::<Vec<_>>(), [&still["id"]]);
    assert_eq!(dave.accept(&still).await.expect(200).json["role"], "admin");

    // A right that comes back doesn't bring them back.
    let _ = alice.api.patch(&format!("{members}/{}", mallory.id), json!({"role": "owner"})).await.expect(200);
    carol.accept(&by_mallory).await.is_problem(410, "used or taken back");
    // Who was invited by somebody without the right can be invited anew.
    let anew = dave.invite("ops", "carol@example.org", "viewer").await;
    assert_eq!(carol.accept(&anew).await.expect(200).json["role"], "viewer");
}

#[tokio::test]
async fn an_admin_does_not_void_the_invitation_of_an_owner_by_inviting_again() {
    let app = TestApp::start().await;
    let (alice, carol) = (app.register("alice").await, app.register("carol").await);
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let by_owner = alice.invite("ops", "carol@example.org", "owner").await;
    let again = bob.api.post(OPS, json!({"email": "carol@example.org", "role": "viewer"})).await;
    again.is_problem(403, "the invitation of an owner");
    assert_eq!(carol.accept(&by_owner).await.expect(200).json["role"], "owner");

    alice.invite("ops", "dave@example.org", "owner").await;
    app.execute("UPDATE identity.invitations SET expires_at = now() - interval '1 second'").await;
    bob.invite("ops", "dave@example.org", "viewer").await;
}
