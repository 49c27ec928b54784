//! What the OpenAPI document says of a text is what its type takes.

#![allow(clippy::unwrap_used, reason = "a test that panics has said what it had to say")]

use domain::validation::is_blank;
use domain::{
    Color, CommentBody, Description, DisplayName, Email, Invalid, LabelName, SearchText, Shape, TeamKey, TeamName,
    Title,
};
use proptest::prelude::*;
use proptest::string::string_regex;
use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

type Parse = fn(&str) -> Result<(), Invalid>;

macro_rules! texts {
    ($($name:ident),*) => {
        const TEXTS: &[(&str, Shape, Parse)] =
            &[$((stringify!($name), $name::SHAPE, |text| $name::parse(text).map(drop))),*];
    };
}

texts!(Color, CommentBody, Description, DisplayName, Email, LabelName, SearchText, TeamKey, TeamName, Title);

fn fits(shape: Shape, text: &str) -> bool {
    shape.most.is_none_or(|most| text.chars().count() <= most) && Regex::new(shape.pattern).unwrap().is_match(text)
}

/// What is asked beyond a shape: that something is to be seen, and bounds that count bytes or what was composed.
fn is_beyond_shapes(text: &str) -> bool {
    is_blank(text) || text.len() > 254 || text.nfc().count() > text.chars().count()
}

/// Text in which all that the patterns tell apart comes together.
fn text() -> impl Strategy<Value = String> {
    let characters = "[a-zA-Z0-9 @.#+\\-\t\n\r\u{0}\u{1c}\u{7f}\u{85}\u{a0}\u{2003}\u{2028}\u{200b}\u{feff}\u{202e}\u{3164}\u{fc}\u{1f600}]";
    prop_oneof![
        string_regex(&format!("{characters}{{0,12}}")).unwrap(),
        string_regex("[ \t\n]?[a-z0-9.]{1,3}@[a-z0-9-]{1,4}(\\.[a-z0-9-]{1,4})?[ \u{85}]?").unwrap(),
        string_regex("#[0-9a-gA-G]{5,7}").unwrap(),
        string_regex("\t?[ a]{98,104}\n?").unwrap(),
        string_regex("[ ]?[A-Za-z][A-Za-z0-9]{0,17}[ ]?").unwrap(),
    ]
}

/// One of the texts, and something made from its pattern.
fn made() -> impl Strategy<Value = (&'static str, Parse, String)> {
    prop::sample::select(TEXTS).prop_flat_map(|(name, shape, parse)| {
        let pattern = shape.pattern.trim_start_matches('^').trim_end_matches('$');
        string_regex(pattern).unwrap().prop_map(move |text| (name, parse, text))
    })
}

proptest! {
    #[test]
    fn what_is_taken_has_the_shape(text in text()) {
        for (name, shape, parse) in TEXTS {
            prop_assert!(parse(&text).is_err() || fits(*shape, &text), "{} takes {:?}", name, text);
        }
    }

    #[test]
    fn what_has_the_shape_is_taken(text in text()) {
        for (name, shape, parse) in TEXTS {
            let refused = parse(&text).is_err() && !is_beyond_shapes(&text);
            prop_assert!(!(refused && fits(*shape, &text)), "{} refuses {:?}", name, text);
        }
    }

    #[test]
    fn what_is_made_from_the_pattern_is_taken((name, parse, text) in made()) {
        prop_assert!(parse(&text).is_ok() || is_beyond_shapes(&text), "{} refuses {:?}", name, text);
    }
}

#[test]
fn the_longest_are_taken_and_longer_ones_are_not() {
    for (name, shape, parse) in TEXTS {
        for length in [1, 2, 16, 17, 50, 51, 100, 101, 254, 255, 256, 32_768, 32_769, 65_536, 65_537] {
            let text = "a".repeat(length);
            assert_eq!(parse(&text).is_ok(), fits(*shape, &text), "{name}: {length}");
        }
    }
}
