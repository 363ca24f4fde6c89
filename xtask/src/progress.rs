//! What the person at the terminal sees: a line when a step begins, and how long it took when that was long.

use std::time::{Duration, Instant};

/// Measures real time; this crate is an outermost shell, so it may.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    #[expect(clippy::disallowed_methods, reason = "chores run in real time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has run.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Names a step, does it, and says how long it took if that was over a second.
pub fn step<T, E>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    say(what);
    let watch = Stopwatch::start();
    let done = work()?;
    if watch.elapsed() > Duration::from_secs(1) {
        println!("  done in {}", spoken(watch.elapsed()));
    }
    Ok(done)
}

/// One line of progress.
pub fn say(what: &str) {
    println!("· {what}");
}

/// A duration as one says it: `0.4 s`, `37 s`, `4 min 10 s`.
pub fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_people_say_them() {
        assert_eq!(spoken(Duration::from_millis(420)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(37)), "37 s");
        assert_eq!(spoken(Duration::from_secs(250)), "4 min 10 s");
    }
}
