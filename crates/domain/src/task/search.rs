//! What is searched for in titles and keys, and how texts are compared.

use unicode_normalization::UnicodeNormalization as _;

use crate::shape::line;
use crate::validation::{Invalid, one_line, text};

text! {
    /// Words that are all in the title or the key, in any order, each as a part of it: one line, trimmed, 1 to 100
    /// characters. Case, accents, composition and width don't count; accents alone are in no task.
    SearchText: line!(99) => |text| one_line(text, 100).map_err(|why| Invalid::new(format!("`q` {why}")));
}

impl SearchText {
    /// The words as they are compared: see [`fold`].
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        fold(&self.0).split_whitespace().map(str::to_owned).collect()
    }

    /// Whether all words are in this title or this key. Text without a word, such as an accent alone, is in none.
    #[must_use]
    pub fn is_in(&self, title: &str, key: &str) -> bool {
        let (title, key, words) = (fold(title), fold(key), self.words());
        !words.is_empty() && words.iter().all(|word| title.contains(word) || key.contains(word))
    }
}

/// A text as it is compared: decomposed (NFKD, Unicode Standard Annex 15), without accents and other marks that people leave out, in lower case,
/// each sigma alike. The column `tasks.tasks.search_text` holds a title in the same form.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower = text.nfkd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// Accents, points of Hebrew and Arabic, and the other marks that people leave out when they search. Signs that make another
/// syllable, as in Devanagari, Thai and Japanese, aren't among them.
#[must_use]
const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_composition_width_and_order_do_not_count() {
        let title = "Ｆｉｘ the CAFÉ’s ＬＯＧＩＮ naïvely, ΟΔΟΣ 日本語 İstanbul";
        for found in
            ["cafe", "login fix", "NAÏVE", "nai\u{308}ve", "οδος", "οδοσ", "本語", "istanbul", "ops-42 cafe", "S-4"]
        {
            assert!(SearchText::parse(found).unwrap().is_in(title, "OPS-42"), "{found}");
        }
        for missed in ["fixed", "cafe q", "ops-43", "日語"] {
            assert!(!SearchText::parse(missed).unwrap().is_in(title, "OPS-42"), "{missed}");
        }
    }

    #[test]
    fn text_without_a_word_is_in_no_title() {
        for text in ["´", "¨", "\u{301}", "\u{301} ¸"] {
            assert!(!SearchText::parse(text).unwrap().is_in("Café ´", "OPS-42"), "{text}");
        }
    }

    #[test]
    fn signs_that_make_another_syllable_count() {
        for (text, other) in [("कि", "का"), ("ガ", "カ"), ("ที่", "ทา")] {
            assert_ne!(fold(text), fold(other));
        }
        assert_eq!(fold("ｶﾞ"), fold("ガ"));
    }

    proptest! {
        #[test]
        fn a_folded_text_stays_as_it_is(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
