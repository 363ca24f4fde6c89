use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;

fn device(seed: u8) -> (DeviceSecret, ChaCha20Rng) {
    let mut rng = ChaCha20Rng::from_seed([seed; 32]);
    (DeviceSecret::make(&mut rng), rng)
}

#[test]
fn only_the_device_opens_what_was_sealed_to_it() {
    let (mine, mut rng) = device(1);
    let (other, _) = device(2);
    let sealed = mine.public().seal(b"keys", &mut rng).unwrap();
    assert_eq!(mine.open(&sealed).unwrap().as_slice(), b"keys");
    assert_eq!(other.open(&sealed).unwrap_err(), OpenError::Forged);
    let mut forged = sealed.clone();
    forged.sealed[0] ^= 1;
    assert_eq!(mine.open(&forged).unwrap_err(), OpenError::Forged);
}

#[test]
fn a_sign_in_is_for_one_device_and_nobody_makes_it_another() {
    let (mine, mut rng) = device(1);
    let (key, other) = (SignInKey::make(&mut rng), SignInKey::make(&mut rng));
    let salt = [3; 32];
    let bound = key.bind(&mine.public(), &salt);
    assert_eq!(key.public().open(&bound, &salt).unwrap(), mine.public());
    assert_eq!(other.public().open(&bound, &salt), Err(OpenError::BadSignature));
    assert_eq!(key.public().open(&bound, &[4; 32]), Err(OpenError::BadSignature));
    for index in 0..bound.len() {
        let mut changed = bound.clone();
        changed[index] ^= 1;
        assert!(key.public().open(&changed, &salt).is_err(), "byte {index}");
    }
    assert_ne!(key.public().commitment(&salt), key.public().commitment(&[4; 32]));
    assert_ne!(key.public().commitment(&salt), other.public().commitment(&salt));
}

#[test]
fn every_part_of_a_request_is_signed() {
    let (mine, _) = device(1);
    let key = mine.public().verifying_key().unwrap();
    let request = Request {
        device: DeviceId::from_bytes([1; 16]),
        method: "POST",
        path: "/device/keys",
        body: b"body",
        at: At::from_millis(5),
        nonce: [6; 16],
    };
    let signature = mine.sign_request(&request);
    assert_eq!(request.verify(&signature, &key), Ok(()));
    for forged in [
        Request {
            device: DeviceId::from_bytes([2; 16]),
            ..request
        },
        Request {
            method: "GET",
            ..request
        },
        Request {
            path: "/device/session",
            ..request
        },
        Request {
            body: b"other",
            ..request
        },
        Request {
            at: At::from_millis(6),
            ..request
        },
        Request {
            nonce: [7; 16],
            ..request
        },
    ] {
        assert_eq!(forged.verify(&signature, &key), Err(OpenError::BadSignature));
    }
}

#[test]
fn statements_of_the_record_are_its_own_and_of_one_kind() {
    let record = SigningKey::from_bytes(&[8; 32]);
    let forger = SigningKey::from_bytes(&[9; 32]);
    let device = DeviceId::from_bytes([1; 16]);
    let order = Revocation {
        device,
        at: At::from_millis(1),
    };
    assert_eq!(
        Revocation::open(device, &order.sign(&record), &record.verifying_key()),
        Ok(order)
    );
    let forged = order.sign(&forger);
    assert_eq!(
        Revocation::open(device, &forged, &record.verifying_key()),
        Err(OpenError::BadSignature)
    );
    let other = DeviceId::from_bytes([2; 16]);
    let replayed = Revocation::open(other, &order.sign(&record), &record.verifying_key());
    assert_eq!(replayed, Err(OpenError::Relabelled));
    let as_certificate = Certificate::open(&order.sign(&record), &record.verifying_key());
    assert_eq!(as_certificate, Err(OpenError::Relabelled));
}

#[test]
fn debug_shows_no_key() {
    assert_eq!(format!("{:?}", device(1).0), "DeviceSecret");
}
