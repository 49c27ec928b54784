//! `GET /teams/{team}/members`, `PATCH` and `DELETE /teams/{team}/members/{user}`.

use futures_util::future::join_all;
use serde_json::json;
use testkit::Answer;

use crate::app::{Person, TestApp, all_pages, items, text};

fn path(who: &str) -> String {
    format!("/api/v1/teams/ops/members/{who}")
}

async fn set(by: &Person, who: &Person, role: &str) -> Answer {
    by.api.patch(&path(&who.id), json!({"role": role})).await
}

async fn remove(by: &Person, who: &Person) -> Answer {
    by.api.delete(&path(&who.id)).await
}

#[tokio::test]
async fn members_are_listed_in_the_order_in_which_they_joined() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    for (name, role) in [("bob", "admin"), ("carol", "member"), ("dave", "viewer")] {
        app.member(&team, name, role).await;
    }
    let roles = alice.roles("ops").await;
    let expected = [("alice", "owner"), ("bob", "admin"), ("carol", "member"), ("dave", "viewer")];
    assert_eq!(roles, expected.map(|(name, role)| (name.to_owned(), role.to_owned())));
    app.execute("UPDATE identity.members SET joined_at = '2026-01-01T00:00:00.5Z'").await;
    let list = "/api/v1/teams/ops/members";
    let whole = alice.api.get(list).await.expect(200).json;
    for limit in [1, 2, 3, 4, 5] {
        let (sizes, all) = all_pages(&alice.api, list, limit).await;
        assert_eq!(&all, items(&whole));
        assert_eq!(sizes.len(), 4_usize.div_ceil(limit));
    }
    assert_eq!(whole["items"][1]["user"]["email"], "bob@example.org");

    // A page behind which everybody has left is empty, not missing.
    let cursor = text(&alice.api.get(&format!("{list}?limit=3")).await.json["next_cursor"]);
    app.execute("DELETE FROM identity.members m USING identity.users u WHERE u.id = m.user_id AND u.name = 'dave'")
        .await;
    let page = alice.api.get(&format!("{list}?cursor={cursor}")).await.expect(200).json;
    assert_eq!(page, json!({"items": [], "next_cursor": null}));
    let other = alice.api.get(&format!("/api/v1/teams/alice/members?cursor={cursor}")).await;
    other.is_problem(400, "bad-cursor");
}

#[tokio::test]
async fn roles_change_within_the_rights_of_whoever_changes_them() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let carol = app.member(&team, "carol", "member").await;
    let dave = app.member(&team, "dave", "viewer").await;

    let changed = set(&bob, &dave, "member").await.expect(200).json;
    assert_eq!((&changed["role"], &changed["user"]["id"]), (&json!("member"), &json!(dave.id)));
    let _ = set(&bob, &dave, "member").await.expect(200);
    let _ = set(&bob, &dave, "admin").await.expect(200);
    set(&bob, &dave, "owner").await.is_problem(403, "you can't turn admin into owner");
    set(&bob, &alice, "viewer").await.is_problem(403, "you can't turn owner into viewer");
    set(&carol, &dave, "viewer").await.is_problem(403, "needs the role admin");
    set(&carol, &carol, "admin").await.is_problem(403, "you can't turn member into admin");
    let _ = set(&alice, &dave, "owner").await.expect(200);
    let _ = set(&dave, &alice, "viewer").await.expect(200);
    set(&alice, &carol, "viewer").await.is_problem(403, "needs the role admin");
    assert_eq!(alice.api.get("/api/v1/teams/ops").await.expect(200).json["role"], "viewer");
}

#[tokio::test]
async fn members_leave_or_are_removed() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let carol = app.member(&team, "carol", "member").await;
    let dave = app.member(&team, "dave", "viewer").await;

    remove(&carol, &dave).await.is_problem(403, "needs the role admin");
    remove(&bob, &alice).await.is_problem(403, "can't remove an owner");
    assert_eq!(remove(&dave, &dave).await.expect(204).text, "");
    dave.api.get("/api/v1/teams/ops").await.is_problem(404, "not-found");
    let _ = remove(&bob, &carol).await.expect(204);
    remove(&bob, &carol).await.is_problem(404, "not-found");
    let _ = remove(&alice, &bob).await.expect(204);
    remove(&bob, &bob).await.is_problem(404, "not-found");
    assert_eq!(alice.roles("ops").await, [("alice".to_owned(), "owner".to_owned())]);
}

#[tokio::test]
async fn the_last_owner_stays() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    set(&alice, &alice, "admin").await.is_problem(409, "the last one");
    remove(&alice, &alice).await.is_problem(409, "the last one");
    let _ = set(&alice, &alice, "owner").await.expect(200);
    let own = alice.api.delete(&format!("/api/v1/teams/alice/members/{}", alice.id)).await;
    own.is_problem(409, "the last one");
    let _ = set(&alice, &bob, "owner").await.expect(200);
    let _ = remove(&alice, &alice).await.expect(204);
    assert_eq!(bob.roles("ops").await, [("bob".to_owned(), "owner".to_owned())]);
}

#[tokio::test]
async fn of_owners_who_demote_each_other_at_once_one_stays() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "owner").await;
    for _ in 0..5 {
        let (one, two) = tokio::join!(set(&alice, &bob, "member"), set(&bob, &alice, "member"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "{} {}", one.text, two.text);
        app.execute("UPDATE identity.members SET role = 'owner'").await;
    }
    let (one, two) = tokio::join!(remove(&alice, &alice), remove(&bob, &bob));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409], "{} {}", one.text, two.text);
}

#[tokio::test]
async fn many_owners_leave_at_once_and_one_stays() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let mut owners = vec![alice];
    for n in 0..5 {
        owners.push(app.member(&team, &format!("owner{n}"), "owner").await);
    }
    let answers = join_all(owners.iter().map(|owner| remove(owner, owner))).await;
    assert_eq!(answers.iter().filter(|a| a.status == 204).count(), 5);
    assert_eq!(answers.iter().filter(|a| a.status == 409).count(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_said() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    alice.team("ops").await;
    let stranger = app.register("stranger").await;
    set(&alice, &stranger, "member").await.is_problem(404, "not-found");
    set(&alice, &alice, "boss").await.is_problem(422, "must be one of: viewer, member, admin, owner");
    alice.api.patch(&path(&alice.id), json!({})).await.is_problem(422, "missing field `role`");
    alice.api.patch(&path(&alice.id), json!({"role": null})).await.is_problem(422, "/role");
    alice.api.patch(&path("nobody"), json!({"role": "member"})).await.is_problem(400, "{user} in the path");
    alice.api.delete(&path("nobody")).await.is_problem(400, "{user} in the path");
}

#[tokio::test]
async fn former_members_are_listed_where_asked_for_until_they_come_back() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let carol = app.member(&team, "carol", "viewer").await;
    let (list, former) = ("/api/v1/teams/ops/members", "/api/v1/teams/ops/members?include=former");
    assert_eq!(alice.api.get(list).await.expect(200).json["items"][0]["left_at"], json!(null));
    let _ = remove(&alice, &bob).await.expect(204);
    app.execute("UPDATE identity.users SET name = 'Robert' WHERE name = 'bob'").await;
    assert_eq!(alice.roles("ops").await.len(), 2);
    let seen = carol.api.get(former).await.expect(200).json;
    let shown: Vec<_> =
        items(&seen).iter().map(|m| (text(&m["user"]["name"]), text(&m["role"]), m["left_at"].is_null())).collect();
    // As bob was called when he left.
    let expected = [("alice", "owner", true), ("bob", "admin", false), ("carol", "viewer", true)];
    assert_eq!(shown, expected.map(|(name, role, now)| (name.to_owned(), role.to_owned(), now)));
    let addresses: Vec<_> = items(&seen).iter().map(|m| m["user"]["email"].clone()).collect();
    assert_eq!(addresses, [json!("alice@example.org"), json!(null), json!("carol@example.org")]);
    let page = carol.api.get(&format!("{former}&limit=1")).await.expect(200).json;
    let cursor = text(&page["next_cursor"]);
    let next = carol.api.get(&format!("{former}&limit=1&cursor={cursor}")).await.expect(200).json;
    assert_eq!(next["items"][0]["user"]["name"], "bob");
    carol.api.get(&format!("{list}?cursor={cursor}")).await.is_problem(400, "bad-cursor");
    bob.api.get(former).await.is_problem(404, "not-found");
    carol.api.get(&format!("{list}?include=all")).await.is_problem(400, "former");

    app.join(&team, &bob, "member").await;
    let back = alice.api.get(former).await.expect(200).json;
    assert_eq!((items(&back).len(), items(&back).iter().filter(|m| m["left_at"].is_null()).count()), (3, 3));
    let _ = remove(&bob, &bob).await.expect(204);
    let again = alice.api.get(former).await.expect(200).json;
    assert_eq!(items(&again).iter().filter(|m| m["role"] == "member" && !m["left_at"].is_null()).count(), 1);
}

/// An earlier release deletes a member and knows nothing of former ones.
#[tokio::test]
async fn whoever_leaves_is_recorded_whichever_release_takes_them_out() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let bob = app.member(&team, "bob", "admin").await;
    let bob_id = bob.id;
    app.execute(&format!(
        "DELETE FROM identity.members WHERE user_id = '{bob_id}' AND team_id = '{}'",
        text(&team["id"])
    ))
    .await;
    let former = alice.api.get("/api/v1/teams/ops/members?include=former").await.expect(200).json;
    let left: Vec<_> =
        items(&former).iter().filter(|m| !m["left_at"].is_null()).map(|m| text(&m["user"]["name"])).collect();
    assert_eq!(left, ["bob"]);
    // A team or an account that goes takes its records with it.
    app.execute(&format!("DELETE FROM identity.users WHERE id = '{bob_id}'")).await;
    app.execute("DELETE FROM identity.teams WHERE key = 'ops'").await;
    let admin = app.database.admin().await;
    let rows: i64 = admin.query_one("SELECT count(*) FROM identity.former_members", &[]).await.unwrap().get(0);
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn changes_of_members_roles_and_names_are_announced_once_they_are_committed() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.team("ops").await;
    let (heard, mut notes) = tokio::sync::mpsc::unbounded_channel();
    let settings = app.database.settings("taskhub_tasks");
    let connector = platform::postgres::Connector::new("listener", &settings).unwrap();
    let connect = connector.connect_listening(move |channel, payload| {
        let _ = heard.send((channel.to_owned(), payload.to_owned()));
    });
    let (client, _socket) = connect.await.unwrap();
    client.batch_execute("LISTEN taskhub_members").await.unwrap();
    let bob = app.register("bob").await;
    let invited = alice.invite("ops", "bob@example.org", "member").await;
    let told = ("taskhub_members".to_owned(), text(&team["id"]));
    // Bob's own team comes first.
    assert_ne!(notes.recv().await.unwrap(), told);
    let _ = bob.accept(&invited).await.expect(200);
    assert_eq!(notes.recv().await.unwrap(), told);
    let _ = set(&alice, &bob, "viewer").await.expect(200);
    assert_eq!(notes.recv().await.unwrap(), told);
    let _ = bob.api.patch("/api/v1/me", json!({"name": "Robert"})).await.expect(200);
    let both = [notes.recv().await.unwrap(), notes.recv().await.unwrap()];
    assert!(both.contains(&told), "{both:?}");
    let _ = remove(&alice, &bob).await.expect(204);
    assert_eq!(notes.recv().await.unwrap(), told);
}

#[tokio::test]
async fn a_personal_team_has_one_owner_who_stays() {
    let app = TestApp::start().await;
    let alice = app.register("alice").await;
    let team = alice.api.get("/api/v1/teams/alice").await.expect(200).json;
    let bob = app.member(&team, "bob", "admin").await;
    let (members, invitations) = ("/api/v1/teams/alice/members", "/api/v1/teams/alice/invitations");
    let promoted = alice.api.patch(&format!("{members}/{}", bob.id), json!({"role": "owner"})).await;
    promoted.is_problem(409, "personal team");
    let invited = alice.api.post(invitations, json!({"email": "carol@example.org", "role": "owner"})).await;
    invited.is_problem(409, "personal team");

    // A second owner of before can neither remove nor demote the person.
    app.execute("UPDATE identity.members SET role = 'owner'").await;
    bob.api.delete(&format!("{members}/{}", alice.id)).await.is_problem(409, "personal team");
    let demoted = bob.api.patch(&format!("{members}/{}", alice.id), json!({"role": "member"})).await;
    demoted.is_problem(409, "personal team");
    alice.api.delete(&format!("{members}/{}", alice.id)).await.is_problem(409, "personal team");
    let _ = alice.api.patch(&format!("{members}/{}", bob.id), json!({"role": "member"})).await.expect(200);
    let _ = bob.api.delete(&format!("{members}/{}", bob.id)).await.expect(204);
    let _ = alice.invite("alice", "bob@example.org", "admin").await;

    app.join(&team, &bob, "owner").await;
    app.execute(include_str!("../../migrations/2026-11-27-000010_personal_teams/up.sql")).await;
    let roles = [("alice", "owner"), ("bob", "admin")].map(|(name, role)| (name.to_owned(), role.to_owned()));
    assert_eq!(alice.roles("alice").await, roles);
}
