//! What is told of each fault.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::check::Findings;
use crate::client::Trouble;
use crate::fault::{Fault, Injected};
use crate::ledger::Counts;
use crate::outage::{Kind, Sample, longest};

const BEGIN: &str = "<!-- written by ./scripts/chaos: begin -->";
const END: &str = "<!-- written by ./scripts/chaos: end -->";

/// One fault.
#[derive(Debug)]
pub(crate) struct Row {
    name: String,
    skipped: Option<&'static str>,
    must_go_unnoticed: bool,
    lasted: Duration,
    requests: usize,
    /// Whose first try was in vain.
    again: usize,
    /// Whose second was as well; `refused` are those of them that got a 503.
    failed: usize,
    refused: usize,
    read_outage: Duration,
    write_outage: Duration,
    counts: Counts,
    missing: usize,
    effects: usize,
    effects_missing: usize,
    doubled: usize,
    settled: Duration,
    note: String,
}

impl Row {
    pub(crate) fn of(
        fault: Fault,
        injected: &Injected,
        samples: &[Sample],
        counts: Counts,
        new: &Findings,
        settled: Duration,
    ) -> Self {
        let with = |test: fn(&Sample) -> bool| samples.iter().filter(|sample| test(sample)).count();
        Self {
            name: fault.name(),
            skipped: injected.skipped,
            must_go_unnoticed: fault.must_go_unnoticed(),
            lasted: injected.lasted,
            requests: samples.len(),
            again: with(|sample| sample.again),
            failed: with(|sample| sample.trouble.is_some()),
            refused: with(|sample| sample.trouble == Some(Trouble::Refused)),
            read_outage: longest(samples, Kind::Read),
            write_outage: longest(samples, Kind::Write),
            counts,
            missing: new.missing.len(),
            effects: new.effects,
            effects_missing: new.effects_missing.len(),
            doubled: new.doubled.len(),
            settled,
            note: injected.note.clone(),
        }
    }

    /// Nothing was lost or done twice, and nobody noticed what nobody should.
    fn is_sound(&self) -> bool {
        self.missing + self.effects_missing + self.doubled == 0 && !(self.must_go_unnoticed && self.again > 0)
    }

    /// A line below [`Report::HEADING`].
    pub(crate) fn for_people(&self) -> String {
        if let Some(why) = self.skipped {
            return format!("{:<52} SKIPPED: {why}", self.name);
        }
        let mut line = format!(
            "{:<52} {:>6.1} {:>8} {:>6} {:>6} {:>7} {:>7.2} {:>7.2} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7.1}",
            self.name,
            self.lasted.as_secs_f64(),
            self.requests,
            self.again,
            self.failed,
            self.refused,
            self.read_outage.as_secs_f64(),
            self.write_outage.as_secs_f64(),
            self.counts.acknowledged,
            self.missing,
            self.effects,
            self.effects_missing,
            self.doubled,
            self.settled.as_secs_f64(),
        );
        if !self.note.is_empty() {
            let _ = write!(line, "\n    {}", self.note);
        }
        if self.counts.strange > 0 {
            let _ = write!(line, "\n    {} answers that can't be", self.counts.strange);
        }
        line
    }

    fn markdown(&self) -> String {
        if let Some(why) = self.skipped {
            return format!("| {} | **skipped**: {why} | | | | | | | | | | |", self.name);
        }
        let wrong = |count: usize| if count == 0 { "0".to_owned() } else { format!("**{count}**") };
        format!(
            "| {} | {:.1} s | {} | {} | {}{} | {:.2} s | {:.2} s | {} | {} | {} | {} | {:.1} s |",
            self.name,
            self.lasted.as_secs_f64(),
            self.requests,
            self.again,
            self.failed,
            if self.refused > 0 { format!(" ({} with 503)", self.refused) } else { String::new() },
            self.read_outage.as_secs_f64(),
            self.write_outage.as_secs_f64(),
            self.counts.acknowledged,
            wrong(self.missing),
            wrong(self.effects_missing),
            wrong(self.doubled),
            self.settled.as_secs_f64(),
        )
    }
}

/// All faults of a run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
}

impl Report {
    /// What the columns of [`Row::for_people`] are.
    pub(crate) const HEADING: &str = concat!(
        "                                                     lasted           first           with  outage  outage  writes  writes         effects         effects\n",
        "fault                                                     s requests failed failed     503 reads s  writes   acked missing effects missing doubled  late s"
    );

    /// Whether the run is a good one.
    pub(crate) fn is_sound(&self) -> bool {
        self.rows.iter().all(Row::is_sound)
    }

    /// Puts the table into a document, between its marks.
    pub(crate) fn write(&self, file: &Path) {
        let text = std::fs::read_to_string(file).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the document has a mark where the table begins");
        let (_, after) = rest.split_once(END).expect("the document has a mark where the table ends");
        std::fs::write(file, format!("{before}{BEGIN}\n{}\n{END}{after}", self.markdown())).unwrap();
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "Measured on {}, on {} and {}.\n\n\
             | fault | lasted | requests | first try failed | failed | longest outage, reads | writes \
             | acknowledged writes | of them missing | effects missing | doubled | effects late by |\n\
             |---|---|---|---|---|---|---|---|---|---|---|---|\n",
            said_by("date", &["-u", "+%Y-%m-%d"]),
            processor(),
            said_by("uname", &["-sr"]),
        );
        for row in &self.rows {
            let _ = writeln!(text, "{}", row.markdown());
        }
        for row in self.rows.iter().filter(|row| !row.note.is_empty()) {
            let _ = write!(text, "\n- {}: {}.", row.name, row.note);
        }
        text.trim_end().to_owned()
    }
}

fn processor() -> String {
    let all = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = all.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("a processor without a name");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {}", name.trim_start_matches([' ', '\t', ':']))
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
