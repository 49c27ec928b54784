//! Closed sets of words: one table gives the enum, its wire words, and both directions between them.

/// An enum whose variants are words on the wire, in the database and in logs.
macro_rules! words {
    (
        $(#[doc = $doc:literal])* $(#[derive($derive:ident)])? $name:ident {
            $($(#[doc = $vdoc:literal])* $(#[default $($nothing:tt)?])? $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $(#[derive($derive)])?
        pub enum $name { $($(#[doc = $vdoc])* $(#[default $($nothing)?])? $variant,)* }

        $crate::openapi::looks! { $name => words(&[$($doc),*], &[$(($word, &[$($vdoc),*])),*]) }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::validation::Invalid;

            /// Takes the exact word; the error lists the words there are.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::validation::Invalid::new(
                        format!("must be one of: {}", [$($word),*].join(", ")),
                    )),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::{EventType, Priority, Role, Status};

    fn round_trips<T>(all: &[T])
    where
        T: Copy + PartialEq + std::fmt::Debug + std::fmt::Display + std::str::FromStr,
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        for value in all {
            assert_eq!(value.to_string().parse::<T>().ok(), Some(*value));
            let json = serde_json::to_value(value).unwrap();
            assert_eq!(json, value.to_string());
            assert_eq!(serde_json::from_value::<T>(json).unwrap(), *value);
        }
    }

    #[test]
    fn words_round_trip_as_text_and_json() {
        round_trips(Status::ALL);
        round_trips(Priority::ALL);
        round_trips(Role::ALL);
        round_trips(EventType::ALL);
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let error = "done".parse::<Status>().unwrap_err();
        assert_eq!(error.to_string(), "must be one of: pending, in_progress, blocked, completed, cancelled");
    }
}
