//! Hears of changes to tasks and to members at once: `LISTEN` on a connection of its own.

use std::time::Duration;

use platform::postgres::Connector;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::hub::Hub;
use crate::bell::{CHANNEL, heard};

const CHECK_EVERY: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(3);

/// Where auth-service's triggers announce the id of a team whose members, roles or names have changed.
const MEMBERS: &str = "taskhub_members";
/// Where they announce the id of a session that was ended.
const SESSIONS: &str = "taskhub_sessions";

/// Wakes the hub until the process ends; connects again when the connection is lost.
pub(super) async fn keep_listening(connector: Connector, hub: Hub) {
    let mut backoff = connector.backoff();
    loop {
        match listen(&connector, &hub).await {
            Ok(()) => backoff.reset(),
            Err(error) => tracing::debug!(error = format!("{error:#}"), "changes can't be heard of"),
        }
        // Meanwhile the hub looks by itself.
        backoff.wait().await;
    }
}

/// Listens until the connection is lost, or has reached its greatest age.
async fn listen(connector: &Connector, hub: &Hub) -> anyhow::Result<()> {
    let for_notes = hub.clone();
    let connect = connector.connect_listening(move |channel, payload| match channel {
        MEMBERS => for_notes.members_changed(Uuid::try_parse(payload).ok()),
        SESSIONS => {
            if let Ok(session) = Uuid::try_parse(payload) {
                for_notes.end_session(session);
            }
        }
        _ => for_notes.rung(heard(payload).as_deref()),
    });
    let (client, mut polled) = connect.await?;
    let old = sleep(connector.lifetime());
    tokio::pin!(old);
    timeout(PATIENCE, client.batch_execute(&format!("LISTEN {CHANNEL}; LISTEN {MEMBERS}; LISTEN {SESSIONS}")))
        .await??;
    // What was announced while nobody listened.
    hub.rung(None);
    hub.members_changed(None);
    loop {
        tokio::select! {
            _ = &mut polled => return Ok(()),
            () = &mut old => return Ok(()),
            () = sleep(CHECK_EVERY) => timeout(PATIENCE, client.check_connection()).await??,
        }
    }
}
