//! Who watches which team, and how what is new gets to them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::TeamId;
use platform::Caller;
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, Receiver, Sender};
use uuid::Uuid;

use super::batch::{After, Batch};
use crate::log::head::Head;
use crate::metrics::DROPPED;

/// What may wait for one stream, in messages; a client that is further behind is cut off, and comes back to read from
/// the log what it has missed.
const QUEUE: usize = 32;

/// What a stream is sent.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// Something happened.
    Batch(Arc<Batch>),
    /// The team's members, their roles or their names have changed.
    Members,
    /// Nothing happened, but we are here.
    Beat,
    /// The stream ends, and why.
    End(Reason),
}

/// Why we end a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The token that it was asked for with has expired.
    TokenExpired,
    /// Whoever asked for it may not see the team any more.
    NotAMember,
    /// The session that it was asked for in was ended.
    SessionEnded,
    /// The log isn't the one that the stream has followed: the database was restored.
    LogReset,
}

/// A team that is watched.
#[derive(Debug)]
struct Feed {
    /// The place up to which everything was handed out.
    handed_out: Head,
    /// Whether there may be more.
    due: bool,
    /// Whether its members have changed since their right to watch was checked.
    members_due: bool,
    watchers: Vec<Watcher>,
}

#[derive(Debug)]
struct Watcher {
    id: u64,
    viewer: Viewer,
    queue: Sender<Message>,
}

/// Who watches: a user in a session, until a moment in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer {
    pub(super) user: Uuid,
    pub(super) session: Uuid,
    pub(super) expires_at: u64,
}

impl From<Caller> for Viewer {
    fn from(caller: Caller) -> Self {
        Self { user: caller.user.uuid(), session: caller.session.uuid(), expires_at: caller.expires_at }
    }
}

#[derive(Debug, Default)]
struct Feeds {
    teams: HashMap<Uuid, Feed>,
    /// Sessions that nobody has looked up since a stream of theirs began: a token outlives its session by minutes.
    unchecked: HashSet<Uuid>,
    last_id: u64,
}

/// The process's hub; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hub {
    feeds: Arc<Mutex<Feeds>>,
    pub(super) wake: Arc<Notify>,
}

/// One stream's place in the hub; it is given up when this is dropped.
#[derive(Debug)]
pub(super) struct Subscription {
    hub: Hub,
    team: Uuid,
    id: u64,
    /// What is handed out after the place `from`, without a gap. When it ends, the stream was too slow.
    pub(super) queue: Receiver<Message>,
    /// What is not after this is for the stream to read from the log.
    pub(super) from: Head,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut feeds = self.hub.feeds();
        if let Some(feed) = feeds.teams.get_mut(&self.team) {
            feed.watchers.retain(|watcher| watcher.id != self.id);
            if feed.watchers.is_empty() {
                feeds.teams.remove(&self.team);
            }
        }
    }
}

/// What is to be read from the log: of which teams, and after what each.
#[derive(Debug, Default)]
pub(super) struct Due {
    pub(super) teams: Vec<Uuid>,
    pub(super) handed_out: Vec<Head>,
}

/// Who watches what, for a look at whether they still may.
#[derive(Debug, Default)]
pub(super) struct Watched {
    pub(super) teams: Vec<Uuid>,
    pub(super) users: Vec<Uuid>,
}

impl Hub {
    fn feeds(&self) -> MutexGuard<'_, Feeds> {
        // Nothing below panics with the lock held, and what it guards would still be whole.
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to hand out what happens in a team to `viewer`, who has seen all up to the place `seen`.
    pub(super) fn subscribe(&self, team: TeamId, viewer: Viewer, seen: Head) -> Subscription {
        let (sender, queue) = mpsc::channel(QUEUE);
        let mut feeds = self.feeds();
        feeds.last_id += 1;
        let (id, team) = (feeds.last_id, team.uuid());
        let new = || Feed { handed_out: seen, due: true, members_due: false, watchers: Vec::with_capacity(1) };
        let feed = feeds.teams.entry(team).or_insert_with(new);
        feed.watchers.push(Watcher { id, viewer, queue: sender });
        let from = feed.handed_out;
        feeds.unchecked.insert(viewer.session);
        drop(feeds);
        self.wake.notify_one();
        Subscription { hub: self.clone(), team, id, queue, from }
    }

    /// There may be something new of these teams; of any if `None`.
    pub(super) fn rung(&self, teams: Option<&[Uuid]>) {
        let mut feeds = self.feeds();
        let mut any = false;
        match teams {
            None => feeds.teams.values_mut().for_each(|feed| {
                feed.due = true;
                any = true;
            }),
            Some(teams) => {
                for team in teams {
                    if let Some(feed) = feeds.teams.get_mut(team) {
                        feed.due = true;
                        any = true;
                    }
                }
            }
        }
        drop(feeds);
        if any {
            self.wake.notify_one();
        }
    }

    /// The members of this team have changed; of any if `None`, when a change may have been missed.
    pub(super) fn members_changed(&self, team: Option<Uuid>) {
        let mut feeds = self.feeds();
        match team {
            Some(team) => feeds.teams.get_mut(&team).into_iter().for_each(|feed| feed.members_due = true),
            None => feeds.teams.values_mut().for_each(|feed| feed.members_due = true),
        }
        drop(feeds);
        self.wake.notify_one();
    }

    /// Who watches the teams whose members have changed. A change after this is due again.
    pub(super) fn members_due(&self) -> Watched {
        let mut feeds = self.feeds();
        let due =
            feeds.teams.iter_mut().filter_map(|(team, feed)| std::mem::take(&mut feed.members_due).then_some(*team));
        let due: HashSet<Uuid> = due.collect();
        drop(feeds);
        self.pairs(|team| due.contains(&team))
    }

    /// These teams are still due.
    pub(super) fn members_due_again(&self, teams: &[Uuid]) {
        let mut feeds = self.feeds();
        for team in teams {
            feeds.teams.get_mut(team).into_iter().for_each(|feed| feed.members_due = true);
        }
    }

    /// Tells the streams of these teams that their members have changed.
    pub(super) fn tell_members(&self, teams: &[Uuid]) {
        let mut feeds = self.feeds();
        for team in teams {
            feeds.teams.get_mut(team).into_iter().for_each(|feed| feed.send(&Message::Members));
        }
    }

    /// Ends the streams of a team whose log doesn't have the place `handed_out`, if that is where they are.
    pub(super) fn end_reset(&self, team: Uuid, handed_out: Head) {
        let mut feeds = self.feeds();
        if let Some(feed) = feeds.teams.get_mut(&team).filter(|feed| feed.handed_out == handed_out) {
            feed.end(Reason::LogReset, |_| true);
            // Who comes back begins from what the log has.
            feeds.teams.remove(&team);
        }
    }

    /// At most `most` of the teams where there may be something new. They aren't due any more.
    pub(super) fn due(&self, most: usize) -> Due {
        let mut feeds = self.feeds();
        let due = feeds.teams.iter_mut().filter(|(_, feed)| feed.due).take(most);
        let (teams, handed_out) = due
            .map(|(team, feed)| {
                feed.due = false;
                (*team, feed.handed_out)
            })
            .unzip();
        Due { teams, handed_out }
    }

    /// Every team that is watched.
    pub(super) fn followed(&self) -> Due {
        let (teams, handed_out) = self.feeds().teams.iter().map(|(team, feed)| (*team, feed.handed_out)).unzip();
        Due { teams, handed_out }
    }

    /// Hands out what is new of a team after the place `since`, of which the log now says that it is `found`; `more` if there
    /// may be more of it.
    pub(super) fn hand_out(&self, team: Uuid, since: Head, found: Head, batch: Batch, more: bool) {
        let mut feeds = self.feeds();
        let Some(feed) = feeds.teams.get_mut(&team) else { return };
        if feed.handed_out != since {
            // The team was left and watched anew since the rows were asked for.
            feed.due = true;
            return;
        }
        match batch.after(since) {
            After::Nothing => {}
            After::Bytes(_, last) if since.agrees(found) => {
                feed.handed_out = last;
                feed.due |= more;
                feed.send(&Message::Batch(Arc::new(batch)));
            }
            After::Bytes(..) | After::Reset => {
                feed.end(Reason::LogReset, |_| true);
                feeds.teams.remove(&team);
            }
        }
    }

    /// A sign of life for every stream.
    pub(super) fn beat(&self) {
        self.feeds().teams.values_mut().for_each(|feed| feed.send(&Message::Beat));
    }

    /// Ends the streams whose token has expired by `now`, in seconds since 1970.
    pub(super) fn end_expired(&self, now: u64) {
        let end = |feed: &mut Feed| feed.end(Reason::TokenExpired, |watcher| watcher.viewer.expires_at <= now);
        self.feeds().teams.values_mut().for_each(end);
    }

    /// Ends the streams of a user of a team.
    pub(super) fn end_of(&self, team: Uuid, user: Uuid) {
        if let Some(feed) = self.feeds().teams.get_mut(&team) {
            feed.end(Reason::NotAMember, |watcher| watcher.viewer.user == user);
        }
    }

    /// Ends the streams of a session.
    pub(super) fn end_session(&self, session: Uuid) {
        let end = |feed: &mut Feed| feed.end(Reason::SessionEnded, |watcher| watcher.viewer.session == session);
        self.feeds().teams.values_mut().for_each(end);
    }

    /// The sessions of streams that have begun since this was last asked.
    pub(super) fn unchecked_sessions(&self) -> Vec<Uuid> {
        std::mem::take(&mut self.feeds().unchecked).into_iter().collect()
    }

    /// The sessions of all streams, each once.
    pub(super) fn sessions(&self) -> Vec<Uuid> {
        let feeds = self.feeds();
        let all = feeds.teams.values().flat_map(|feed| &feed.watchers).map(|watcher| watcher.viewer.session);
        let mut all: Vec<Uuid> = all.collect();
        drop(feeds);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Who watches what, each once.
    pub(super) fn watched(&self) -> Watched {
        self.pairs(|_| true)
    }

    fn pairs(&self, which: impl Fn(Uuid) -> bool) -> Watched {
        let feeds = self.feeds();
        let mut pairs: Vec<(Uuid, Uuid)> = feeds
            .teams
            .iter()
            .filter(|(team, _)| which(**team))
            .flat_map(|(team, feed)| feed.watchers.iter().map(|watcher| (*team, watcher.viewer.user)))
            .collect();
        drop(feeds);
        pairs.sort_unstable();
        pairs.dedup();
        let (teams, users) = pairs.into_iter().unzip();
        Watched { teams, users }
    }
}

impl Feed {
    /// Sends to all, and lets go of those who have too much waiting.
    fn send(&mut self, message: &Message) {
        self.watchers.retain(|watcher| {
            let sent = watcher.queue.try_send(message.clone()).is_ok();
            if !sent {
                DROPPED.inc();
            }
            sent
        });
    }

    fn end(&mut self, reason: Reason, whose: impl Fn(&Watcher) -> bool) {
        self.watchers.retain(|watcher| {
            let ends = whose(watcher);
            if ends {
                // What is before it in the queue is still sent. When the queue is full, it ends without a word.
                let _ = watcher.queue.try_send(Message::End(reason));
            }
            !ends
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(user: Uuid, expires_at: u64) -> Viewer {
        Viewer { user, session: Uuid::now_v7(), expires_at }
    }

    fn at(revision: i64) -> Head {
        Head { revision, moment: 10 * revision }
    }

    #[test]
    fn a_team_is_watched_from_what_its_first_watcher_has_seen_until_the_last_leaves() {
        let (hub, team) = (Hub::default(), TeamId::new());
        let (alice, bob) = (Uuid::now_v7(), Uuid::now_v7());
        let first = hub.subscribe(team, viewer(alice, 10), at(7));
        let due = hub.due(9);
        assert_eq!((first.from, due.teams, due.handed_out), (at(7), vec![team.uuid()], vec![at(7)]));
        assert_eq!(hub.due(9).teams.len(), 0);
        hub.rung(Some(&[team.uuid(), Uuid::now_v7()]));
        assert_eq!(hub.due(9).teams.len(), 1);
        hub.rung(None);
        assert_eq!(hub.due(9).teams.len(), 1);
        let second = hub.subscribe(team, viewer(bob, 20), at(99));
        assert_eq!(second.from, at(7), "what was handed out counts, not what the second has seen");
        assert_eq!(hub.watched().users.len(), 2);
        drop((first, second));
        assert_eq!((hub.watched().teams.len(), hub.feeds().teams.len()), (0, 0));
    }

    #[test]
    fn who_is_too_slow_is_let_go_and_the_others_stay() {
        let (hub, team) = (Hub::default(), TeamId::new());
        let mut slow = hub.subscribe(team, viewer(Uuid::now_v7(), 10), at(0));
        for _ in 0..QUEUE {
            hub.beat();
        }
        let mut quick = hub.subscribe(team, viewer(Uuid::now_v7(), 20), at(0));
        hub.beat();
        assert_eq!(hub.watched().users.len(), 1);
        assert!(matches!(quick.queue.try_recv(), Ok(Message::Beat)));
        let mut got = 0;
        while let Ok(Message::Beat) = slow.queue.try_recv() {
            got += 1;
        }
        assert_eq!((got, slow.queue.is_closed()), (QUEUE, true));
    }

    #[test]
    fn a_stream_ends_with_its_token_or_its_membership() {
        let (hub, team) = (Hub::default(), TeamId::new());
        let (alice, bob) = (Uuid::now_v7(), Uuid::now_v7());
        let mut early = hub.subscribe(team, viewer(alice, 10), at(0));
        let mut late = hub.subscribe(team, viewer(alice, 20), at(0));
        let mut other = hub.subscribe(team, viewer(bob, 30), at(0));
        hub.end_expired(10);
        assert!(matches!(early.queue.try_recv(), Ok(Message::End(Reason::TokenExpired))));
        hub.end_of(team.uuid(), alice);
        assert!(matches!(late.queue.try_recv(), Ok(Message::End(Reason::NotAMember))));
        assert!(other.queue.try_recv().is_err() && !other.queue.is_closed());
    }

    #[test]
    fn a_stream_ends_with_its_session_and_others_of_its_user_go_on() {
        let (hub, team, alice) = (Hub::default(), TeamId::new(), Uuid::now_v7());
        let (here, there) = (viewer(alice, 10), viewer(alice, 10));
        let mut ended = hub.subscribe(team, here, at(0));
        let mut other = hub.subscribe(team, there, at(0));
        assert_eq!((hub.unchecked_sessions().len(), hub.unchecked_sessions().len(), hub.sessions().len()), (2, 0, 2));
        hub.end_session(here.session);
        assert!(matches!(ended.queue.try_recv(), Ok(Message::End(Reason::SessionEnded))));
        assert!(other.queue.try_recv().is_err() && !other.queue.is_closed());
        assert_eq!(hub.sessions(), [there.session]);
    }

    #[test]
    fn streams_hear_of_their_members_once_a_change() {
        let (hub, team, alice) = (Hub::default(), TeamId::new(), Uuid::now_v7());
        let mut stream = hub.subscribe(team, viewer(alice, 10), at(0));
        assert!(hub.members_due().teams.is_empty());
        hub.members_changed(Some(Uuid::now_v7()));
        assert!(hub.members_due().teams.is_empty());
        hub.members_changed(Some(team.uuid()));
        assert_eq!(hub.members_due().users, [alice]);
        assert!(hub.members_due().teams.is_empty());
        hub.tell_members(&[team.uuid()]);
        assert!(matches!(stream.queue.try_recv(), Ok(Message::Members)));
        assert!(stream.queue.try_recv().is_err());
    }

    #[test]
    fn a_log_that_was_set_back_ends_the_streams_of_its_team() {
        let (hub, team, alice) = (Hub::default(), TeamId::new(), Uuid::now_v7());
        let mut stream = hub.subscribe(team, viewer(alice, 10), at(7));
        hub.end_reset(team.uuid(), at(6));
        assert!(stream.queue.try_recv().is_err() && !stream.queue.is_closed());
        hub.end_reset(team.uuid(), at(7));
        assert!(matches!(stream.queue.try_recv(), Ok(Message::End(Reason::LogReset))));
        let back = hub.subscribe(team, viewer(alice, 10), at(6));
        drop(stream);
        assert_eq!((back.from, hub.watched().users.len()), (at(6), 1));
    }

    #[test]
    fn what_follows_another_past_is_not_handed_out() {
        let (hub, team, alice) = (Hub::default(), TeamId::new(), Uuid::now_v7());
        let mut stream = hub.subscribe(team, viewer(alice, 10), at(7));
        // Asked for of a feed that is gone: it is asked for anew.
        hub.hand_out(team.uuid(), at(6), at(6), Batch::default(), false);
        assert_eq!((hub.due(9).teams.len(), hub.due(9).teams.len()), (1, 0));
        let next = || Batch::sample(8, &[80]);
        hub.hand_out(team.uuid(), at(7), at(7), next(), false);
        assert!(matches!(stream.queue.try_recv(), Ok(Message::Batch(_))));
        let elsewhere = Head { revision: 8, moment: 81 };
        hub.hand_out(team.uuid(), at(8), elsewhere, Batch::sample(9, &[90]), false);
        assert!(matches!(stream.queue.try_recv(), Ok(Message::End(Reason::LogReset))));
        let mut stream = hub.subscribe(team, viewer(alice, 10), at(7));
        assert_eq!(hub.due(9).teams.len(), 1);
        hub.hand_out(team.uuid(), at(7), at(7), Batch::sample(9, &[90]), false);
        assert!(matches!(stream.queue.try_recv(), Ok(Message::End(Reason::LogReset))), "a gap");
        assert!(hub.due(9).teams.is_empty());
    }
}
