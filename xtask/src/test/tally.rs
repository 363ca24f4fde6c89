//! How many tests ran, read from what the runners print.

use std::fmt;

/// A count over any number of runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Reads cargo test's, nextest's and node's closing lines.
    pub(super) fn read(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines().map(str::trim) {
            if let Some(result) = line.strip_prefix("test result: ") {
                tally.passed += number_before(result, " passed");
                tally.failed += number_before(result, " failed");
                tally.skipped += number_before(result, " ignored");
            } else if line.starts_with("Summary [") && line.contains(" run: ") {
                tally.passed += number_before(line, " passed");
                tally.failed += number_before(line, " failed") + number_before(line, " timed out");
                tally.skipped += number_before(line, " skipped");
            } else if let Some((kind, count)) = node_count(line) {
                match kind {
                    "pass" => tally.passed += count,
                    "fail" | "cancelled" => tally.failed += count,
                    "skipped" | "todo" => tally.skipped += count,
                    _ => {}
                }
            }
        }
        tally
    }

    /// Adds another count.
    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Counts a failure that no runner has counted: a check that is not a test, or a runner that could not run.
    pub(super) fn count_failure(&mut self) {
        self.failed = self.failed.max(1);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)
        } else {
            Ok(())
        }
    }
}

/// `# pass 3` or `ℹ pass 3`.
fn node_count(line: &str) -> Option<(&str, u64)> {
    let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    let (kind, count) = rest.split_once(' ')?;
    Some((kind, count.parse().ok()?))
}

/// The number that stands before a word: 12 in `ok. 12 passed; 0 failed`.
fn number_before(line: &str, word: &str) -> u64 {
    line.split_once(word)
        .and_then(|(before, _)| before.rsplit(|sign: char| !sign.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_every_runner_are_counted() {
        let cargo =
            "test result: ok. 12 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        let nextest = "     Summary [   0.512s] 30 tests run: 28 passed (1 slow), 2 failed, 3 skipped";
        let node = "ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ duration_ms 45.1";
        assert_eq!(
            Tally::read(cargo),
            Tally {
                passed: 12,
                failed: 1,
                skipped: 2
            }
        );
        assert_eq!(
            Tally::read(nextest),
            Tally {
                passed: 28,
                failed: 2,
                skipped: 3
            }
        );
        assert_eq!(
            Tally::read(node),
            Tally {
                passed: 3,
                failed: 1,
                skipped: 0
            }
        );
        assert_eq!(Tally::read("nothing ran"), Tally::default());
    }
}
