//! Any bytes as a segment of the search index: refused, or searched, changed and sealed again.
#![no_main]

use baton_core::search::{Index, Query, Segment};
use baton_core::secret::Personal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(segment) = Segment::parse(bytes) else { return };
    let (mut index, _) = Index::load(vec![segment]);
    index.find(&Query::new("potasium 4"));
    for hit in index.find(&Query::new("")).hits {
        index.replace(hit.space, hit.op, Personal::new("ward"));
    }
    for space in index.spaces() {
        index.forget(space);
    }
    if let Some(sealed) = index.seal_off() {
        assert!(Segment::parse(&sealed.bytes).is_ok());
    }
});
