//! The parameters of a query string, some of which may be repeated.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::validation::Invalid;

/// The parameters as they were sent, in their order. Each is taken out once; [`Parameters::finish`] refuses the rest.
#[derive(Debug)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The value of a parameter that may be given once.
    ///
    /// # Errors
    /// When it is given more often.
    pub fn one(&mut self, name: &str) -> Result<Option<String>, Invalid> {
        let mut values = self.take(name);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Err(Invalid::new(format!("`{name}` may be given once"))),
        }
    }

    /// The values of a list: `a,b` and a repeated parameter mean the same.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let values = self.take(name);
        values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect()
    }

    /// Refuses what nobody has taken out.
    ///
    /// # Errors
    /// When something is left; it is named.
    pub fn finish(self) -> Result<(), Invalid> {
        match self.0.first() {
            Some((name, _)) => Err(Invalid::new(format!("unknown parameter `{name}`"))),
            None => Ok(()),
        }
    }

    fn take(&mut self, name: &str) -> Vec<String> {
        let (taken, rest) = std::mem::take(&mut self.0).into_iter().partition(|(known, _)| known == name);
        self.0 = rest;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }
}

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Parameters;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("parameters")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parameters, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Parameters(pairs))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}
