//! Turns at something costly, handed out fairly: each client address in turn, and of one address each account. Whoever
//! sends more than others waits behind themselves, and gives up places when the queue is full.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use platform::client::Address;

/// Who wants a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Where they are.
    pub(crate) address: Address,
    /// The account that they name, whether it exists or not.
    pub(crate) account: String,
}

/// The turns, and those who wait for one.
#[derive(Debug)]
pub(crate) struct Turns {
    queue: Arc<Mutex<Queue>>,
    max_wait: Duration,
}

/// A turn; the next in the queue gets it when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    queue: Arc<Mutex<Queue>>,
}

#[derive(Debug)]
struct Queue {
    free: usize,
    max_waiting: usize,
    waiting: usize,
    next_id: u64,
    /// In the order of their turns.
    lanes: VecDeque<Lane>,
}

/// Those of one address who wait.
#[derive(Debug)]
struct Lane {
    address: Address,
    /// In the order of their turns; none is empty.
    accounts: VecDeque<Account>,
}

/// Those who wait for one account at one address.
#[derive(Debug)]
struct Account {
    name: String,
    waiters: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    id: u64,
    turn: oneshot::Sender<Turn>,
}

impl Turns {
    pub(crate) fn new(at_once: usize, max_waiting: usize, max_wait: Duration) -> Self {
        let queue = Queue { free: at_once, max_waiting, waiting: 0, next_id: 0, lanes: VecDeque::new() };
        Self { queue: Arc::new(Mutex::new(queue)), max_wait }
    }

    /// Waits for a turn; `None` when the queue has no place for this client or the wait was too long.
    pub(crate) async fn take(&self, client: &Client) -> Option<Turn> {
        let (turn, receiver) = oneshot::channel();
        let id = {
            let mut queue = lock(&self.queue);
            if queue.free > 0 {
                queue.free -= 1;
                return Some(Turn { queue: self.queue.clone() });
            }
            queue.join(client, turn)?
        };
        let _place = Place { queue: &self.queue, client, id };
        timeout(self.max_wait, receiver).await.ok()?.ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut queue = lock(&self.queue);
            let next = queue.pop();
            if next.is_none() {
                queue.free += 1;
            }
            next
        };
        if let Some(waiter) = next {
            // If nobody waits for it any more, it is dropped here, and the next one's.
            drop(waiter.turn.send(Self { queue: self.queue.clone() }));
        }
    }
}

/// A place in the queue, given up when dropped.
struct Place<'a> {
    queue: &'a Mutex<Queue>,
    client: &'a Client,
    id: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(self.queue).leave(self.client, self.id);
    }
}

/// No code that holds the lock can panic halfway through a change.
fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    fn waiting(&self) -> usize {
        self.accounts.iter().map(|account| account.waiters.len()).sum()
    }

    fn waiting_for(&self, name: &str) -> usize {
        self.accounts.iter().filter(|account| account.name == name).map(|account| account.waiters.len()).sum()
    }
}

impl Queue {
    /// How many may wait for one account, so that it can't fill the queue.
    fn max_of_account(&self) -> usize {
        (self.max_waiting / 8).max(4)
    }

    /// Gives a client a place, if need be that of one who has more of them.
    fn join(&mut self, client: &Client, turn: oneshot::Sender<Turn>) -> Option<u64> {
        let account_is_full =
            self.lanes.iter().map(|lane| lane.waiting_for(&client.account)).sum::<usize>() >= self.max_of_account();
        if account_is_full {
            self.displace(client, |lane| lane.waiting_for(&client.account), Some(&client.account))?;
        } else if self.waiting >= self.max_waiting {
            self.displace(client, Lane::waiting, None)?;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.waiting += 1;
        let waiter = Waiter { id, turn };
        let lane = match self.lanes.iter().position(|lane| lane.address == client.address) {
            Some(at) => self.lanes.get_mut(at)?,
            None => {
                self.lanes.push_back(Lane { address: client.address, accounts: VecDeque::new() });
                self.lanes.back_mut()?
            }
        };
        match lane.accounts.iter_mut().find(|account| account.name == client.account) {
            Some(account) => account.waiters.push_back(waiter),
            None => {
                lane.accounts.push_back(Account { name: client.account.clone(), waiters: VecDeque::from([waiter]) });
            }
        }
        Some(id)
    }

    /// Takes the newest place of the address that has the most, or of its account that has the most, unless the client
    /// would then have no fewer than they.
    fn displace(&mut self, client: &Client, count: impl Fn(&Lane) -> usize, account: Option<&str>) -> Option<()> {
        let own = self.lanes.iter().find(|lane| lane.address == client.address).map_or(0, &count);
        let longest = self.lanes.iter().max_by_key(|lane| count(lane)).filter(|lane| count(lane) > own + 1);
        let (address, name) = if let Some(lane) = longest {
            let name = match account {
                Some(name) => name.to_owned(),
                None => lane.accounts.iter().max_by_key(|account| account.waiters.len())?.name.clone(),
            };
            (lane.address, name)
        } else if account.is_none() {
            let lane = self.lanes.iter().find(|lane| lane.address == client.address)?;
            let most = lane.accounts.iter().max_by_key(|account| account.waiters.len())?;
            if most.waiters.len() <= lane.waiting_for(&client.account) + 1 {
                return None;
            }
            (lane.address, most.name.clone())
        } else {
            return None;
        };
        let lane = self.lanes.iter().find(|lane| lane.address == address)?;
        let newest = lane.accounts.iter().find(|account| account.name == name)?.waiters.back()?.id;
        self.leave(&Client { address, account: name }, newest);
        Some(())
    }

    /// The next whose turn it is; their address goes to the end, and there their account.
    fn pop(&mut self) -> Option<Waiter> {
        let mut lane = self.lanes.pop_front()?;
        let mut account = lane.accounts.pop_front()?;
        let waiter = account.waiters.pop_front()?;
        self.waiting -= 1;
        if !account.waiters.is_empty() {
            lane.accounts.push_back(account);
        }
        if !lane.accounts.is_empty() {
            self.lanes.push_back(lane);
        }
        Some(waiter)
    }

    /// Removes a waiter, if they are still there.
    fn leave(&mut self, client: &Client, id: u64) {
        let Some(lane) = self.lanes.iter_mut().find(|lane| lane.address == client.address) else { return };
        let Some(account) = lane.accounts.iter_mut().find(|account| account.name == client.account) else { return };
        let before = account.waiters.len();
        account.waiters.retain(|waiter| waiter.id != id);
        self.waiting -= before - account.waiters.len();
        lane.accounts.retain(|account| !account.waiters.is_empty());
        self.lanes.retain(|lane| !lane.accounts.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    fn client(address: u8, account: &str) -> Client {
        Client { address: Address::of(Ipv4Addr::new(10, 0, 0, address).into()), account: account.to_owned() }
    }

    fn turns(max_waiting: usize) -> Turns {
        Turns::new(1, max_waiting, Duration::from_secs(60))
    }

    /// In which place each of them gets their turn, one after another; `None` who gets none.
    async fn places(turns: &Turns, clients: &[Client]) -> Vec<Option<usize>> {
        let busy = turns.take(&client(0, "busy")).await.unwrap();
        let served = AtomicUsize::new(0);
        let all = clients.iter().map(|client| async {
            let turn = turns.take(client).await;
            turn.map(|_turn| served.fetch_add(1, Ordering::Relaxed))
        });
        // Polled in their order: each has joined when the next does.
        let (places, ()) = tokio::join!(join_all(all), async { drop(busy) });
        let queue = lock(&turns.queue);
        assert_eq!((queue.free, queue.waiting), (1, 0));
        drop(queue);
        places
    }

    #[tokio::test]
    async fn addresses_take_turns_and_so_do_the_accounts_of_one() {
        let mut clients: Vec<_> = (0..20).map(|n| client(1, &format!("a{n}"))).collect();
        clients.extend([client(2, "b"), client(2, "b"), client(2, "c")]);
        let places = places(&turns(64), &clients).await;
        assert_eq!(places[20..], [Some(1), Some(5), Some(3)]);
    }

    #[tokio::test]
    async fn behind_one_address_an_account_does_not_wait_for_all_of_another() {
        let mut clients = vec![client(1, "attacked"); 30];
        clients.push(client(1, "stranger"));
        let places = places(&turns(256), &clients).await;
        assert_eq!(places[30], Some(1));
    }

    #[tokio::test]
    async fn one_account_does_not_fill_the_queue_from_any_number_of_addresses() {
        let mut clients: Vec<_> = (1..=100).map(|n| client(n, "attacked")).collect();
        clients.push(client(200, "stranger"));
        let places = places(&turns(64), &clients).await;
        assert_eq!(places[..100].iter().flatten().count(), 8);
        assert_eq!(places[100], Some(8));
    }

    #[tokio::test]
    async fn a_full_queue_has_a_place_for_whoever_has_fewer() {
        let mut clients: Vec<_> = (0..72).map(|n| client(1, &format!("a{n}"))).collect();
        clients.extend([client(2, "b"), client(3, "c"), client(3, "d")]);
        let places = places(&turns(64), &clients).await;
        assert_eq!(places[72..], [Some(1), Some(2), Some(4)]);
        assert_eq!(places.iter().flatten().count(), 64);
    }

    #[tokio::test]
    async fn whoever_attacks_an_account_from_one_address_leaves_a_place_to_its_owner() {
        let mut clients = vec![client(1, "alice"); 72];
        clients.push(client(2, "alice"));
        let places = places(&turns(64), &clients).await;
        assert_eq!(places[72], Some(1));
        assert_eq!(places.iter().flatten().count(), 8);
    }

    #[tokio::test]
    async fn who_hangs_up_or_waits_too_long_leaves_no_place_behind() {
        let turns = Turns::new(1, 4, Duration::from_millis(20));
        let busy = turns.take(&client(0, "busy")).await.unwrap();
        assert!(turns.take(&client(1, "a")).await.is_none());
        assert!(timeout(Duration::from_millis(1), turns.take(&client(1, "a"))).await.is_err());
        assert_eq!(lock(&turns.queue).waiting, 0);
        drop(busy);
        assert!(turns.take(&client(1, "a")).await.is_some());
    }
}
