//! How text looks that is taken, in terms that a JSON Schema has too.

/// What doesn't look so is refused; what does is taken, but for what the type's own description says beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The most characters.
    pub most: Option<usize>,
    /// A regular expression in what ECMA-262, Rust and Python have in common.
    pub pattern: &'static str,
}

impl Shape {
    /// Text that a pattern says all about, also how long it may be.
    #[must_use]
    pub(crate) const fn of(pattern: &'static str) -> Self {
        Self { most: None, pattern }
    }

    /// The same for text of at most so many characters.
    #[must_use]
    pub(crate) const fn at_most(self, most: usize) -> Self {
        Self { most: Some(most), pattern: self.pattern }
    }
}

/// White space as Unicode has it, for a class in a pattern: `\s` isn't the same in all dialects.
macro_rules! white {
    () => {
        r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}
pub(crate) use white;

/// The shape of [`one_line`](crate::validation::one_line). The length is in the pattern, as what is trimmed off doesn't
/// count: so many characters may follow the first.
macro_rules! line {
    ($more:literal) => {
        $crate::shape::Shape::of(concat!(
            "^[",
            $crate::shape::white!(),
            r"]*[^\u0000-\u0020\u007f-\u00a0\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000]",
            r"[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]{0,",
            $more,
            "}[",
            $crate::shape::white!(),
            "]*$"
        ))
    };
}
pub(crate) use line;

/// Control characters that no text has, for a class in a pattern: all but tab and the ends of lines.
macro_rules! control {
    () => {
        r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    };
}
pub(crate) use control;
