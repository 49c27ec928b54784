//! The one task a process that feeds its streams.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use domain::Action;
use platform::postgres::{Connector, Pipeline};
use platform::{ApiError, ApiResult};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_postgres::Row;
use uuid::Uuid;

use super::batch::Batch;
use super::hub::{Due, Hub, Watched};
use super::{listen, queries};
use crate::log::head::{Head, micros};
use crate::tasks::view::column;

/// How often it looks for what it wasn't told of, and for tokens that have expired ...
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// ... for members who have left and sessions that have ended without a word of it, and for logs that were set back ...
const RIGHTS_EVERY: Duration = Duration::from_secs(5);
/// ... and how often streams get a sign of life.
const BEAT_EVERY: Duration = Duration::from_secs(15);

/// Events of one team that are read at once ...
const MOST_EVENTS: i64 = 64;
/// ... of so many teams.
const MOST_TEAMS: usize = 500;
/// The column of [`queries::NEW`] that says when what they come after happened.
const SINCE: usize = 8;
/// Members or sessions that are asked for at once.
const MOST_MEMBERS: usize = 1000;

impl Hub {
    /// Feeds the streams until the process ends.
    pub(crate) async fn run(self, connector: Connector, database: Pipeline) {
        let listening = listen::keep_listening(connector, self.clone());
        tokio::join!(listening, self.feed(&database));
    }

    async fn feed(&self, database: &Pipeline) {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut beat_at, mut rights_at) = (Instant::now() + BEAT_EVERY, Instant::now() + RIGHTS_EVERY);
        loop {
            tokio::select! {
                () = self.wake.notified() => {}
                now = look.tick() => {
                    self.rung(None);
                    self.end_expired(seconds_since_1970());
                    if now >= beat_at {
                        beat_at = now + BEAT_EVERY;
                        self.beat();
                    }
                    if now >= rights_at {
                        rights_at = now + RIGHTS_EVERY;
                        if let Err(error) = self.end_non_members(database, &self.watched()).await {
                            tracing::warn!(%error, "can't check who may still watch");
                        }
                        if let Err(error) = self.end_sessions(database, self.sessions()).await {
                            tracing::warn!(%error, "can't check which sessions of live streams go on");
                        }
                        if let Err(error) = self.end_reset_logs(database).await {
                            tracing::warn!(%error, "can't check for logs that were set back");
                        }
                    }
                }
            }
            // What fails here is looked at again with all others.
            if let Err(error) = self.end_sessions(database, self.unchecked_sessions()).await {
                tracing::warn!(%error, "can't check which sessions of new streams go on");
            }
            // What fails stays for the next look.
            if let Err(error) = self.check_members(database).await {
                tracing::warn!(%error, "can't check the members of teams that are watched");
            }
            if let Err(error) = self.read_new(database).await {
                tracing::warn!(%error, "what is new can't be read for live streams");
            }
        }
    }

    async fn read_new(&self, database: &Pipeline) -> ApiResult<()> {
        loop {
            let Due { teams, handed_out } = self.due(MOST_TEAMS);
            if teams.is_empty() {
                return Ok(());
            }
            let revisions: Vec<i64> = handed_out.iter().map(|place| place.revision).collect();
            let since: HashMap<Uuid, Head> = teams.iter().copied().zip(handed_out).collect();
            let rows = database.query(&queries::NEW, &[&teams, &revisions, &MOST_EVENTS]).await?;
            let mut by_team: HashMap<Uuid, Vec<&Row>> = HashMap::new();
            for row in &rows {
                by_team.entry(column(row, 0)?).or_default().push(row);
            }
            for (team, mut rows) in by_team {
                // They come in this order; SQL only doesn't promise it for a join.
                rows.sort_by_key(|row| row.try_get::<_, i64>(1).unwrap_or_default());
                let Some((since, first)) = since.get(&team).zip(rows.first()) else { continue };
                let found = Head { moment: micros(column(first, SINCE)?), ..*since };
                let full = i64::try_from(rows.len()).is_ok_and(|n| n >= MOST_EVENTS);
                match Batch::of(rows, 1) {
                    Ok(batch) => self.hand_out(team, *since, found, batch, full),
                    // A log that isn't whole keeps no other team waiting.
                    Err(error) => tracing::error!(%team, %error, "a team's log can't be handed out"),
                }
            }
        }
    }

    /// Where members have changed: ends the streams of those who have left, then tells the others.
    async fn check_members(&self, database: &Pipeline) -> ApiResult<()> {
        let watched = self.members_due();
        if watched.teams.is_empty() {
            return Ok(());
        }
        let checked = self.end_non_members(database, &watched).await;
        let mut teams = watched.teams;
        teams.dedup();
        match checked {
            Ok(()) => self.tell_members(&teams),
            Err(_) => self.members_due_again(&teams),
        }
        checked
    }

    async fn end_sessions(&self, database: &Pipeline, sessions: Vec<Uuid>) -> ApiResult<()> {
        for sessions in sessions.chunks(MOST_MEMBERS) {
            for row in database.query(&queries::ENDED, &[&sessions]).await? {
                self.end_session(column(&row, 0)?);
            }
        }
        Ok(())
    }

    async fn end_reset_logs(&self, database: &Pipeline) -> ApiResult<()> {
        let Due { teams, handed_out } = self.followed();
        for (teams, places) in teams.chunks(MOST_TEAMS).zip(handed_out.chunks(MOST_TEAMS)) {
            let (revisions, moments): (Vec<i64>, Vec<i64>) =
                places.iter().map(|place| (place.revision, place.moment)).unzip();
            let reset: HashSet<Uuid> = database
                .query(&queries::RESET, &[&teams, &revisions, &moments])
                .await?
                .iter()
                .map(|row| column(row, 0))
                .collect::<ApiResult<_>>()?;
            let places = teams.iter().zip(places).filter(|(team, _)| reset.contains(team));
            places.for_each(|(team, place)| self.end_reset(*team, *place));
        }
        Ok(())
    }

    async fn end_non_members(&self, database: &Pipeline, watched: &Watched) -> ApiResult<()> {
        let roles = Action::ViewTeam.roles();
        for (teams, users) in watched.teams.chunks(MOST_MEMBERS).zip(watched.users.chunks(MOST_MEMBERS)) {
            for row in database.query(&queries::NON_MEMBERS, &[&teams, &users, &roles]).await? {
                self.end_of(column(&row, 0)?, column(&row, 1)?);
            }
        }
        Ok::<(), ApiError>(())
    }
}

fn seconds_since_1970() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs())
}
