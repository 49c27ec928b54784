//! Where a task stands among all tasks of its team: keys that are ordered byte by byte, and between any two of which there
//! is room for another.
//!
//! A task that was never moved has a key that follows from its number, so that a new task stands above all others without
//! anyone having to look: ten hexadecimal digits of how far the number is from the greatest. A moved task has a longer key,
//! of the digits 0-9, A-Z, a-z, which are in the order of their bytes. It doesn't end with 0: between a key and the same
//! with a 0 behind there is nothing.

/// The most characters a key may have.
pub const MAX_LENGTH: usize = 24;
/// The characters of a task's key that was never moved; moved tasks have more.
const UNMOVED_LENGTH: usize = 10;
/// The most characters of the keys that [`spread`] makes, so that there is room between them again.
const SPREAD_LENGTH: usize = 16;
/// The number of the lowest key there can be; no task has it.
const LOWEST: u64 = (1 << 40) - 1;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u128 = 62;
/// As many digits as a `u128` holds.
const MOST_DIGITS: usize = 21;

/// The key of a task with this number that was never moved. The same is said in SQL, in task-service's migrations.
#[must_use]
pub fn of_number(number: i64) -> String {
    let below = LOWEST.saturating_sub(u64::try_from(number).unwrap_or(0));
    format!("{below:010x}")
}

/// What every key of a team is above of.
#[must_use]
pub fn lowest() -> String {
    of_number(0)
}

/// Where in a gap a key is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lean {
    /// In the middle: the next may come on either side.
    Middle,
    /// Close to what is before it: the next will come behind it.
    Low,
    /// Close to what is behind it: the next will come before it.
    High,
}

/// A key between `low` and `high`, neither of which it is; `None` when there is none of at most [`MAX_LENGTH`] characters,
/// or `low` isn't below `high`.
#[must_use]
pub fn between(low: &str, high: &str, lean: Lean) -> Option<String> {
    let gap = Gap::of(low, high)?;
    // Where it leans to a side there must be something to lean on.
    let enough = if lean == Lean::Middle { 1 } else { 32 };
    (gap.shortest()..=MAX_LENGTH).find_map(|length| {
        let (first, last) = gap.range(length)?;
        let room = last - first;
        if room < enough && length < MAX_LENGTH {
            return None;
        }
        let wanted = match lean {
            Lean::Middle => first + room / 2,
            Lean::Low => first + room / 16,
            Lean::High => last - room / 16,
        };
        let near = [Some(wanted), wanted.checked_add(1), wanted.checked_sub(1)].into_iter().flatten();
        let digits = near.into_iter().find(|n| !n.is_multiple_of(BASE) && (first..=last).contains(n))?;
        Some(gap.key(digits, length))
    })
}

/// `count` keys between `low` and `high`, ascending and evenly apart, with much room between each two; `None` when there
/// isn't that much.
#[must_use]
pub fn spread(low: &str, high: &str, count: usize) -> Option<Vec<String>> {
    let gap = Gap::of(low, high)?;
    let parts = u128::try_from(count).ok()?.checked_add(1)?;
    (gap.shortest()..=SPREAD_LENGTH).find_map(|length| {
        let (first, last) = gap.range(length)?;
        let step = (last - first) / parts;
        // Less than that, and two of them could be the same.
        if step < 2 * BASE {
            return None;
        }
        let nth = |n: u128| {
            let digits = first + step * n;
            gap.key(if digits.is_multiple_of(BASE) { digits + 1 } else { digits }, length)
        };
        Some((1..parts).map(nth).collect())
    })
}

/// What is between two keys.
struct Gap<'a> {
    /// What both begin with.
    common: &'a str,
    /// What comes behind it, as digits.
    low: Vec<u128>,
    high: Vec<u128>,
}

impl<'a> Gap<'a> {
    fn of(low: &'a str, high: &str) -> Option<Self> {
        let same = low.bytes().zip(high.bytes()).take_while(|(a, b)| a == b).count();
        let digits = |text: &str| text.get(same..)?.bytes().map(digit).collect::<Option<Vec<_>>>();
        let gap = Self { common: low.get(..same)?, low: digits(low)?, high: digits(high)? };
        (low < high).then_some(gap)
    }

    /// The least length of a key: longer than that of any task that was never moved, so that it can't be one of those.
    fn shortest(&self) -> usize {
        (UNMOVED_LENGTH + 1).max(self.common.len() + 1)
    }

    /// The first and the last key of this length, as the number that its digits behind the common ones make.
    fn range(&self, length: usize) -> Option<(u128, u128)> {
        let digits = length.checked_sub(self.common.len()).filter(|n| *n <= MOST_DIGITS)?;
        let number = |key: &[u128]| {
            let padded = key.iter().copied().chain(std::iter::repeat(0)).take(digits);
            padded.fold(0_u128, |number, digit| number * BASE + digit)
        };
        let cut = |key: &[u128]| key.iter().skip(digits).any(|digit| *digit > 0);
        let first = number(&self.low).checked_add(1)?;
        let last = if cut(&self.high) { number(&self.high) } else { number(&self.high).checked_sub(1)? };
        (first <= last).then_some((first, last))
    }

    fn key(&self, mut number: u128, length: usize) -> String {
        let mut digits = vec![b'0'; length.saturating_sub(self.common.len())];
        for place in digits.iter_mut().rev() {
            *place = usize::try_from(number % BASE).ok().and_then(|n| DIGITS.get(n)).copied().unwrap_or(b'0');
            number /= BASE;
        }
        let digits = digits.into_iter().map(char::from);
        self.common.chars().chain(digits).collect()
    }
}

fn digit(byte: u8) -> Option<u128> {
    Some(u128::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const LEANS: &[Lean] = &[Lean::Middle, Lean::Low, Lean::High];

    /// What a key in the database is: of a number, or moved.
    fn key() -> impl Strategy<Value = String> {
        let moved = "[0-9a-f]{10}[0-9A-Za-z]{0,13}[1-9A-Za-z]";
        prop_oneof![(1_i64..1_000_000).prop_map(of_number), moved]
    }

    #[test]
    fn a_new_task_is_above_all_before_it() {
        assert_eq!((of_number(1).as_str(), lowest().as_str()), ("fffffffffe", "ffffffffff"));
        assert_eq!(of_number(i64::MAX), "0000000000");
        assert!((0..10_000).all(|n| of_number(n + 1) < of_number(n) && of_number(n).len() == UNMOVED_LENGTH));
    }

    #[test]
    fn what_is_not_a_gap_has_no_key_in_it() {
        for (low, high) in [("b", "a"), ("a", "a"), ("", ""), ("a-", "b"), ("a", "\u{fc}")] {
            assert_eq!(between(low, high, Lean::Middle), None, "{low:?} {high:?}");
            assert_eq!(spread(low, high, 1), None);
        }
        assert_eq!(between("fffffffffe", "fffffffffe0", Lean::Middle), None);
        assert!(between(&of_number(1), &lowest(), Lean::Low).is_some());
    }

    #[test]
    fn one_place_takes_many_before_it_is_full() {
        // Ever closer to one neighbour: the worst there is.
        let (mut low, high, mut taken) = (of_number(2), of_number(1), 0);
        while let Some(key) = between(&low, &high, Lean::Middle) {
            (low, taken) = (key, taken + 1);
        }
        assert!(taken >= 75, "{taken}");
        // Ever again to the end of the list.
        let (mut low, mut taken) = (of_number(1), 0);
        while let Some(key) = between(&low, &lowest(), Lean::Low) {
            (low, taken) = (key, taken + 1);
        }
        assert!(taken >= 500, "{taken}");
    }

    proptest! {
        #[test]
        fn a_key_is_between_its_neighbours_bounded_and_leaves_room_on_both_sides(
            a in key(), b in key(), lean in select(LEANS),
        ) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            if let Some(key) = between(&low, &high, lean) {
                prop_assert!(low < key && key < high, "{low} {key} {high}");
                prop_assert!((UNMOVED_LENGTH + 1..=MAX_LENGTH).contains(&key.len()), "{key}");
                prop_assert!(!key.ends_with('0'), "{key}");
                if key.len() < MAX_LENGTH - 2 {
                    prop_assert!(between(&low, &key, lean).is_some() && between(&key, &high, lean).is_some());
                }
            } else {
                // Only where both agree on nearly all that a key may have.
                prop_assert!(low == high || low.get(..20) == high.get(..20) || high.starts_with(&low), "{low} {high}");
            }
        }

        #[test]
        fn spread_keys_rise_and_have_room_before_between_and_behind(a in key(), b in key(), count in 0_usize..200) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            if let Some(keys) = spread(&low, &high, count) {
                prop_assert_eq!(keys.len(), count);
                let all: Vec<&str> = [low.as_str()].into_iter().chain(keys.iter().map(String::as_str)).chain([high.as_str()]).collect();
                for pair in all.windows(2) {
                    prop_assert!(pair[0] < pair[1], "{pair:?}");
                    prop_assert!(between(pair[0], pair[1], Lean::Middle).is_some());
                }
                prop_assert!(keys.iter().all(|key| key.len() <= SPREAD_LENGTH && !key.ends_with('0')));
            }
        }

        /// However tasks are moved about, there is room: where a place is full, its neighbourhood is spread.
        #[test]
        fn any_moves_leave_one_order(moves in prop::collection::vec((0_usize..40, 0_usize..41, select(LEANS)), 1..300)) {
            let mut board: Vec<(usize, String)> = (0..40).map(|n| (n, of_number(40 - n as i64))).collect();
            for (from, to, lean) in moves {
                let (task, _) = board.remove(from);
                let to = to.min(board.len());
                let at = |n: Option<usize>, edge: String| n.and_then(|n| Some(board.get(n)?.1.clone())).unwrap_or(edge);
                let (low, high) = (at(to.checked_sub(1), of_number(41)), at(Some(to), lowest()));
                match between(&low, &high, lean) {
                    Some(key) => board.insert(to, (task, key)),
                    None => {
                        board.insert(to, (task, String::new()));
                        let keys = spread(&of_number(41), &lowest(), board.len()).unwrap();
                        board.iter_mut().zip(keys).for_each(|(entry, key)| entry.1 = key);
                    }
                }
                prop_assert!(board.is_sorted_by(|a, b| a.1 < b.1));
            }
        }

        #[test]
        fn no_text_panics(a in any::<String>(), b in any::<String>(), count in 0_usize..5) {
            let _ = (between(&a, &b, Lean::Middle), spread(&a, &b, count));
        }
    }
}
