//! A PIN that opens again, for a few minutes, a screen that was locked in the same tab.
//!
//! The keys stay in the tab's memory, sealed under a key derived from the PIN, so that they cannot be used by mistake. A PIN
//! has little to guess: this holds off who stands at the screen, who has five tries, and not who can read the tab's memory.
//! Whatever else happens, the tab's end ends it.

use std::time::Duration;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::VaultKey;
use super::slot::{Keys, Lock, LockError, Way};
use crate::id::VaultId;
use crate::secret::Secret;
use crate::time::At;

/// A vault that was locked a moment ago.
#[derive(Debug)]
pub struct PinLock {
    lock: Option<Lock>,
    salt: Secret<32>,
    tries: u8,
    until: At,
}

/// Why a PIN does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// There is nothing left to open: too many tries, or too long ago.
    #[error("a full sign-in is needed")]
    Gone,
    /// Not this PIN.
    #[error("not this PIN")]
    Wrong {
        /// How many more tries there are.
        left: u8,
    },
}

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPin {
    /// Not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Length,
    /// One that anybody tries first.
    #[error("too easy to guess")]
    Obvious,
}

/// A person's PIN, for as long as they are signed in in this tab.
#[derive(Clone, Debug)]
pub struct Pin(Secret<32>, Secret<32>);

impl Pin {
    /// Takes a PIN: 4 to 12 digits, not all the same, and not in a row.
    pub fn parse(digits: &str, rng: &mut impl CryptoRng) -> Result<Self, WeakPin> {
        let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !(4..=12).contains(&digits.len()) || !is_digits {
            return Err(WeakPin::Length);
        }
        let steps: Vec<i16> = digits
            .as_bytes()
            .windows(2)
            .filter_map(|pair| {
                let [first, second] = pair else { return None };
                Some(i16::from(*second) - i16::from(*first))
            })
            .collect();
        let is_row = [-1, 0, 1]
            .iter()
            .any(|step| steps.iter().all(|other| other == step));
        if is_row {
            return Err(WeakPin::Obvious);
        }
        let mut salt = Zeroizing::new([0; 32]);
        rng.fill_bytes(salt.as_mut());
        let salt = Secret::new(*salt);
        Ok(Self(derive(digits, &salt), salt))
    }

    /// Locks an open vault with it.
    pub fn lock(&self, keys: &Keys, now: At, rng: &mut impl CryptoRng) -> PinLock {
        let mut lock = keys.lock(At::default(), rng);
        lock.add(Way::Share, &self.0, keys, rng);
        PinLock {
            lock: Some(lock),
            salt: self.1.clone(),
            tries: TRIES,
            until: now.plus(GOOD_FOR),
        }
    }
}

impl PinLock {
    /// Which vault; `None` once there is nothing left to open.
    pub fn vault(&self) -> Option<VaultId> {
        self.lock.as_ref().map(Lock::vault)
    }

    /// Until when a PIN opens it.
    pub fn until(&self) -> At {
        self.until
    }

    /// How many more tries there are.
    pub fn tries(&self) -> u8 {
        self.tries
    }

    /// Whether there is something left to open.
    pub fn is_open_to_tries(&self, now: At) -> bool {
        self.lock.is_some() && now < self.until
    }

    /// Tries a PIN. The fifth that is wrong is the last.
    pub fn open(&mut self, digits: &str, now: At) -> Result<(Keys, Pin), PinError> {
        if now >= self.until {
            self.lock = None;
        }
        let lock = self.lock.as_ref().ok_or(PinError::Gone)?;
        let secret = derive(digits, &self.salt);
        match lock.open(&Way::Share, &secret) {
            Ok(keys) => Ok((keys, Pin(secret, self.salt.clone()))),
            Err(LockError::Malformed | LockError::Newer | LockError::Wrong) => {
                self.tries = self.tries.saturating_sub(1);
                if self.tries == 0 {
                    self.lock = None;
                    return Err(PinError::Gone);
                }
                Err(PinError::Wrong { left: self.tries })
            }
        }
    }
}

fn derive(digits: &str, salt: &Secret<32>) -> VaultKey {
    let mut key = Zeroizing::new([0; 32]);
    hkdf::Hkdf::<sha2::Sha256>::new(Some(salt.expose()), digits.as_bytes())
        .expand(b"baton-pin-1", key.as_mut())
        .expect("32 bytes are within what HKDF-SHA-256 gives");
    Secret::new(*key)
}

/// Tries before a full sign-in is needed.
pub const TRIES: u8 = 5;

/// A PIN opens again what was locked within this.
pub const GOOD_FOR: Duration = Duration::from_mins(10);

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn five_wrong_pins_are_the_end_and_a_right_one_opens() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let keys = Keys::make(&mut rng);
        let pin = Pin::parse("2580", &mut rng).unwrap();
        let now = At::from_millis(1_000);
        let mut lock = pin.lock(&keys, now, &mut rng);
        for left in [4, 3, 2, 1] {
            assert_eq!(lock.open("0000", now).unwrap_err(), PinError::Wrong { left });
        }
        assert!(lock.open("2580", now).is_ok());
        assert_eq!(lock.open("0000", now).unwrap_err(), PinError::Gone);
        assert_eq!(lock.open("2580", now).unwrap_err(), PinError::Gone);
    }

    #[test]
    fn after_ten_minutes_a_pin_opens_nothing() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let keys = Keys::make(&mut rng);
        let mut lock = Pin::parse("2580", &mut rng)
            .unwrap()
            .lock(&keys, At::from_millis(0), &mut rng);
        assert!(lock.is_open_to_tries(At::from_millis(599_999)));
        assert_eq!(
            lock.open("2580", At::from_millis(600_000)).unwrap_err(),
            PinError::Gone
        );
        assert_eq!(
            lock.open("2580", At::from_millis(0)).unwrap_err(),
            PinError::Gone,
            "a clock set back helps nobody"
        );
    }

    #[test]
    fn what_anybody_tries_first_is_no_pin() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        for (digits, why) in [
            ("123", WeakPin::Length),
            ("1234567890123", WeakPin::Length),
            ("12a4", WeakPin::Length),
            ("0000", WeakPin::Obvious),
            ("1234", WeakPin::Obvious),
            ("9876", WeakPin::Obvious),
        ] {
            assert_eq!(Pin::parse(digits, &mut rng).unwrap_err(), why, "{digits}");
        }
    }
}
