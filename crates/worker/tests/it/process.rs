//! The binary itself.

use std::process::{ExitStatus, Stdio};

use secrecy::ExposeSecret;
use testkit::redis_settings;
use tokio::process::{Child, Command};

use crate::scene::Scene;

/// A worker as a process; it is killed with this value.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(scene: &Scene, env: &[(&str, &str)]) -> Self {
        Self(command(scene, env).spawn().unwrap())
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        self.0.kill().await.unwrap();
    }

    /// The most memory that it has had, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id().unwrap())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
    }

    /// SIGTERM, and the end.
    pub(crate) async fn terminate(&mut self) -> ExitStatus {
        let pid = self.0.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
        self.0.wait().await.unwrap()
    }
}

fn command(scene: &Scene, env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
    command
        .env("TASKHUB__DATABASE__URL", scene.db.url("taskhub_worker"))
        .env("TASKHUB__REDIS__URL", redis_settings().url.expose_secret())
        .env("TASKHUB__AUTH__JWKS_URL", scene.issuer.settings().jwks_url.unwrap())
        .env("TASKHUB__HTTP__HOST", "127.0.0.1")
        .env("TASKHUB__HTTP__PORT", "0")
        .env("TASKHUB__HTTP__MANAGEMENT_PORT", "0")
        .env("TASKHUB__LOG__LEVEL", "warn")
        .env("TASKHUB__EVENTS__STREAM", &scene.stream)
        .env("TASKHUB__EVENTS__LEASE_MS", "1000")
        .envs(env.iter().copied())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_replayed_by_a_subcommand() {
    let scene = Scene::new().await;
    let insert = "INSERT INTO delivery.dead_letters (id, team_id, revision, message, error, attempts)
                  VALUES ($1, $2, $3, 'x', 'y', 5)";
    let ids = [uuid::Uuid::now_v7(), uuid::Uuid::now_v7(), uuid::Uuid::now_v7()];
    for (id, revision) in ids.iter().zip(1_i64..) {
        scene.admin.execute(insert, &[id, &scene.team.uuid(), &revision]).await.unwrap();
    }
    let run = async |args: &[&str]| command(&scene, &[]).args(args).stderr(Stdio::null()).status().await.unwrap();
    let (first, second) = (ids[0].to_string(), ids[1].to_string());
    assert!(run(&["replay-dead-letters", "--id", &first, "--id", &second]).await.success());
    assert_eq!((scene.dead_letters().await, scene.pending().await), (1, 2));
    assert!(run(&["replay-dead-letters"]).await.success());
    assert_eq!((scene.dead_letters().await, scene.pending().await), (0, 3));
    assert!(!run(&["replay-dead-letters", "--id", "nonsense"]).await.success());
    assert!(!run(&["unheard-of"]).await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_stops_the_start_with_one_line_that_names_it() {
    let scene = Scene::new().await;
    for (name, value) in [("TASKHUB__EVENTS__BATCH", "0"), ("TASKHUB__REDIS__URL", "nonsense")] {
        let output = command(&scene, &[(name, value)]).stderr(Stdio::piped()).output().await.unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(name) && said.trim().lines().count() == 1, "{said}");
    }
}
