use ciborium::cbor;

use super::*;
use crate::chain::ChainHash;

fn space() -> SpaceId {
    SpaceId::from_bytes([1; 16])
}

fn op(bytes: usize) -> SealedOp {
    SealedOp {
        op_id: OpId::from_bytes([2; 16]),
        sealed: vec![0; bytes],
    }
}

fn to_edge() -> Vec<ToEdge> {
    vec![
        ToEdge::Hello {
            token: "a.b.c".into(),
            version: VERSION,
        },
        ToEdge::Subscribe {
            space: space(),
            after: Seq::new(7),
        },
        ToEdge::Unsubscribe { space: space() },
        ToEdge::Append {
            space: space(),
            ops: vec![op(300)],
        },
        ToEdge::Seen {
            space: space(),
            sealed: vec![3; 90],
        },
        ToEdge::Typing {
            space: space(),
            sealed: vec![4; 90],
        },
    ]
}

fn from_edge() -> Vec<FromEdge> {
    let (op_id, device, at) = (
        OpId::from_bytes([2; 16]),
        DeviceId::from_bytes([5; 16]),
        At::from_millis(9),
    );
    vec![
        FromEdge::Welcome {
            version: VERSION,
            device,
            at,
        },
        FromEdge::Entries {
            space: space(),
            entries: vec![Entry {
                seq: Seq::new(1),
                op_id,
                device,
                at,
                sealed: vec![1, 2, 3],
                chain: ChainHash::default(),
            }],
            more: true,
        },
        FromEdge::Appended {
            space: space(),
            appended: vec![Appended {
                op_id,
                seq: Seq::new(1),
                at,
            }],
        },
        FromEdge::Refused {
            space: space(),
            op_id,
            sealed: vec![1],
        },
        FromEdge::StaleEpoch {
            space: space(),
            op_ids: vec![op_id],
        },
        FromEdge::Cursors {
            space: space(),
            sealed: vec![serde_bytes::ByteBuf::from(vec![1])],
        },
        FromEdge::Typing {
            space: space(),
            sealed: vec![1],
        },
        FromEdge::MembersChanged { space: Some(space()) },
        FromEdge::MembersChanged { space: None },
        FromEdge::NotAllowed { space: space() },
        FromEdge::Revoked { signed: vec![1] },
        FromEdge::Busy {
            space: None,
            wait: 500,
        },
    ]
}

#[test]
fn every_frame_survives_the_wire() {
    for frame in to_edge() {
        assert_eq!(decode_to_edge(&encode(&frame)), Ok(frame));
    }
    for frame in from_edge() {
        assert_eq!(decode_from_edge(&encode(&frame)), Ok(frame));
    }
}

#[test]
fn a_frame_cut_anywhere_is_refused() {
    for bytes in to_edge().iter().map(encode) {
        for cut in 0..bytes.len() {
            assert!(matches!(
                decode_to_edge(&bytes[..cut]),
                Err(FrameError::Malformed(_))
            ));
        }
    }
    for bytes in from_edge().iter().map(encode) {
        for cut in 0..bytes.len() {
            assert!(matches!(
                decode_from_edge(&bytes[..cut]),
                Err(FrameError::Malformed(_))
            ));
        }
    }
}

#[test]
fn an_unknown_frame_is_refused_and_an_unknown_field_is_passed_over() {
    let unknown = cbor::to_bytes(&cbor!({ "zz" => { "p" => 1 } }).unwrap());
    assert!(matches!(
        decode_to_edge(&unknown),
        Err(FrameError::Malformed(CborError::Malformed))
    ));
    let space = ciborium::Value::Bytes(vec![1; 16]);
    let newer = cbor::to_bytes(&cbor!({ "u" => { "p" => space, "new" => true } }).unwrap());
    assert_eq!(
        decode_to_edge(&newer),
        Ok(ToEdge::Unsubscribe { space: self::space() })
    );
}

#[test]
fn what_is_oversized_is_refused_by_the_part_that_is() {
    let many = ToEdge::Append {
        space: space(),
        ops: vec![op(1); limit::OPS_PER_APPEND + 1],
    };
    assert_eq!(decode_to_edge(&encode(&many)), Err(FrameError::TooManyItems));
    let none = ToEdge::Append {
        space: space(),
        ops: vec![],
    };
    assert_eq!(decode_to_edge(&encode(&none)), Err(FrameError::TooManyItems));
    let large = ToEdge::Append {
        space: space(),
        ops: vec![op(limit::SEALED_BYTES + 1)],
    };
    assert_eq!(decode_to_edge(&encode(&large)), Err(FrameError::TooLarge));
    let signal = ToEdge::Typing {
        space: space(),
        sealed: vec![0; limit::SIGNAL_BYTES + 1],
    };
    assert_eq!(decode_to_edge(&encode(&signal)), Err(FrameError::TooLarge));
    let token = ToEdge::Hello {
        token: "t".repeat(limit::TOKEN_BYTES + 1),
        version: VERSION,
    };
    assert_eq!(decode_to_edge(&encode(&token)), Err(FrameError::TooLarge));
    assert_eq!(
        decode_to_edge(&vec![0; limit::FRAME_BYTES + 1]),
        Err(FrameError::TooLarge)
    );
    assert_eq!(
        decode_from_edge(&vec![0; limit::FRAME_BYTES_FROM_EDGE + 1]),
        Err(FrameError::TooLarge)
    );
}

#[test]
fn a_full_append_fits_in_a_frame() {
    let full = ToEdge::Append {
        space: space(),
        ops: vec![op(limit::SEALED_BYTES); limit::OPS_PER_APPEND],
    };
    assert!(encode(&full).len() <= limit::FRAME_BYTES);
}
