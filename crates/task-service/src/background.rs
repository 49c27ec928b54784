//! What runs beside the API, for as long as the process.

use platform::settings::SettingsError;
use tokio::task::JoinSet;

/// Named tasks that never end by themselves; they end with this value.
#[derive(Debug, Default)]
pub(crate) struct Background(JoinSet<anyhow::Error>);

impl Background {
    pub(crate) fn run(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(async move {
            work.await;
            anyhow::anyhow!("the background task `{name}` ended")
        });
    }

    /// Runs what ends only when it has found that the service can't work, and says why.
    pub(crate) fn watch(&mut self, work: impl Future<Output = SettingsError> + Send + 'static) {
        self.0.spawn(async move { work.await.into() });
    }

    /// Waits until one of them has ended or panicked, which none should.
    pub(crate) async fn broken(&mut self) -> anyhow::Error {
        match self.0.join_next().await {
            None => std::future::pending().await,
            Some(Ok(why)) => why,
            Some(Err(error)) => anyhow::anyhow!("a background task broke: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_told() {
        let mut background = Background::default();
        background.run("waits", std::future::pending());
        background.run("falls", async { panic!("struck by a meteor") });
        let error = background.broken().await.to_string();
        assert!(error.contains("struck by a meteor"), "{error}");
    }

    #[tokio::test]
    async fn an_end_is_told_by_name() {
        let mut background = Background::default();
        background.run("ends", async {});
        assert!(background.broken().await.to_string().contains("`ends`"));
    }
}
