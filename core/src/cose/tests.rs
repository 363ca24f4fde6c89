//! Against `coset`, which others use: each reads what the other writes, and both write the same bytes.

use coset::{
    CborSerializable, CoseEncrypt0, CoseEncrypt0Builder, CoseSign1, CoseSign1Builder, HeaderBuilder, iana,
};
use ed25519_dalek::Signer as _;
use proptest::prelude::*;

use super::*;

const LABEL: i64 = -70_000;
const NAME: i64 = -70_001;

fn ours() -> Header {
    Header::default().integer(LABEL, 7_u8).bytes(NAME, b"name")
}

fn theirs(algorithm: iana::Algorithm) -> coset::Header {
    HeaderBuilder::new()
        .algorithm(algorithm)
        .value(LABEL, ciborium::Value::from(7))
        .value(NAME, ciborium::Value::Bytes(b"name".to_vec()))
        .build()
}

proptest! {
    #[test]
    fn what_is_sealed_is_what_coset_seals(
        plain in prop::collection::vec(any::<u8>(), 0..300),
        external in prop::collection::vec(any::<u8>(), 0..300),
        iv: [u8; 12],
        key: [u8; 32],
    ) {
        let cipher = Cipher::new(&key);
        let sealed = Encrypt0::seal(&ours(), &cipher, iv, &plain, &external);
        let by_coset = CoseEncrypt0Builder::new()
            .protected(theirs(iana::Algorithm::A256GCM))
            .unprotected(HeaderBuilder::new().iv(iv.to_vec()).build())
            .create_ciphertext(&plain, &external, |plain, aad| cipher.seal(iv, plain, aad))
            .build()
            .to_vec()
            .unwrap();
        prop_assert_eq!(&sealed, &by_coset);
        let opened = Encrypt0::parse(&by_coset).unwrap();
        prop_assert_eq!(opened.open(&cipher, &external).unwrap(), plain.clone());
        prop_assert_eq!(opened.header.find_integer(LABEL), Some(7));
        prop_assert_eq!(opened.header.find_bytes(NAME), Some(b"name".as_slice()));
        prop_assert_eq!(opened.header.find_bytes(LABEL), None);
        let read = CoseEncrypt0::from_slice(&sealed).unwrap();
        let decrypted: Result<_, OpenError> =
            read.decrypt_ciphertext(&external, || OpenError::Malformed, |sealed, aad| cipher.open(iv, sealed, aad));
        prop_assert_eq!(decrypted.unwrap(), plain);
        let other = [external.as_slice(), b"."].concat();
        prop_assert_eq!(opened.open(&cipher, &other), Err(OpenError::Forged));
    }

    #[test]
    fn what_is_signed_is_what_coset_signs(
        payload in prop::collection::vec(any::<u8>(), 0..300),
        external in prop::collection::vec(any::<u8>(), 0..300),
        key: [u8; 32],
    ) {
        let signer = SigningKey::from_bytes(&key);
        let signed = Sign1::sign(&ours(), &payload, &external, &signer);
        let by_coset = CoseSign1Builder::new()
            .protected(theirs(iana::Algorithm::EdDSA))
            .payload(payload.clone())
            .create_signature(&external, |bytes| signer.sign(bytes).to_bytes().to_vec())
            .build()
            .to_vec()
            .unwrap();
        prop_assert_eq!(&signed, &by_coset);
        let read = Sign1::parse(&by_coset).unwrap();
        prop_assert_eq!(read.payload.as_slice(), payload.as_slice());
        prop_assert_eq!(read.verify(&external, &signer.verifying_key()), Ok(()));
        let other = [external.as_slice(), b"."].concat();
        prop_assert_eq!(read.verify(&other, &signer.verifying_key()), Err(OpenError::BadSignature));
        prop_assert!(CoseSign1::from_slice(&signed).is_ok());
    }

    #[test]
    fn whatever_comes_is_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Encrypt0::parse(&bytes);
        let _ = Sign1::parse(&bytes);
    }
}

#[test]
fn another_algorithm_a_missing_iv_and_a_label_twice_are_refused() {
    let iv = Header::default().bytes(IV, &[0; 12]);
    let envelope = |protected: &Header, unprotected: &Header| {
        let protected = cbor::to_bytes(protected);
        cbor::to_bytes(&(Bytes::new(&protected), unprotected, Bytes::new(&[0; 16])))
    };
    let sealed = Header::default().integer(ALG, A256GCM);
    assert!(Encrypt0::parse(&envelope(&sealed, &iv)).is_ok());
    let twice = Header(vec![
        (ALG, Value::Integer(A256GCM)),
        (ALG, Value::Integer(A256GCM)),
    ]);
    for (protected, unprotected) in [
        (Header::default(), iv.clone()),
        (Header::default().integer(ALG, EDDSA), iv.clone()),
        (Header::default().bytes(ALG, &[3]), iv.clone()),
        (twice, iv),
        (sealed.clone(), Header::default()),
        (sealed.clone(), Header::default().bytes(IV, &[0; 11])),
        (sealed, Header::default().integer(IV, 1_u8)),
    ] {
        let refused = Encrypt0::parse(&envelope(&protected, &unprotected));
        assert_eq!(
            refused.err(),
            Some(OpenError::Malformed),
            "{protected:?} {unprotected:?}"
        );
    }
}
