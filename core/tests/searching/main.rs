//! What local search costs under wasm32, beside a scan of the same texts with JavaScript's `includes` in the same process:
//! a figure of the budgets, for `cargo xtask bench`.

#![cfg(target_arch = "wasm32")]

mod corpus;

use std::collections::BTreeMap;

use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::search::{Index, Message, Query, Segment, SegmentId};
use baton_core::secret::Personal;
use baton_core::time::At;
use js_sys::{Array, Function, JsString};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

const MESSAGES: usize = 50_000;
const ROUNDS: usize = 15;
const SPACES: usize = 30;
const PEOPLE: usize = 200;

/// What is typed: words, beginnings, slips, several words, numbers.
const TYPED: [&str; 22] = [
    "potassium",
    "physiotherapy",
    "warfarin",
    "okonkwo",
    "sian",
    "bed 4",
    "p",
    "th",
    "pota",
    "paracet",
    "anticoag",
    "haemo",
    "potasium",
    "physoitherapy",
    "safegarding",
    "cathater",
    "creatnine",
    "the patient",
    "pressure ulcer",
    "penicilin alergy",
    "2.5mg",
    "400 123",
];

/// What is typed when one person's messages are wanted.
const TYPED_OF_ONE: [&str; 2] = ["review", "transfusion"];

#[wasm_bindgen_test]
fn a_search_costs_at_most_a_fifth_of_a_scan() {
    let texts = corpus::messages(MESSAGES);
    let mut store = BTreeMap::new();
    let mut index = Index::new();
    let started = now();
    let mut longest: f64 = 0.0;
    for (number, text) in texts.iter().enumerate() {
        index.put(&message(number, text));
        if index.is_full() {
            let sealing = now();
            seal_off(&mut index, &mut store);
            longest = longest.max(now() - sealing);
        }
    }
    seal_off(&mut index, &mut store);
    let built = now() - started;

    let started = now();
    let segments: Vec<Segment> = store
        .values()
        .map(|bytes| Segment::parse(bytes).unwrap())
        .collect();
    let (mut index, superseded) = Index::load(segments);
    let loaded = now() - started;
    assert_eq!((index.len(), superseded.len()), (MESSAGES, 0));

    let plain: Array = texts.iter().map(|text| JsString::from(text.as_str())).collect();
    let scan = Function::new_with_args(
        "texts, word",
        "let count = 0; for (const text of texts) if (text.includes(word)) count++; return count;",
    );
    let queries = TYPED.map(Query::new).into_iter();
    let of_one = TYPED_OF_ONE.map(|typed| Query {
        by: Some(person(7)),
        ..Query::new(typed)
    });
    let queries: Vec<Query> = queries.chain(of_one).collect();
    let mut round = || {
        let (mut searching, mut scanning) = (0.0, 0.0);
        for query in &queries {
            let started = now();
            std::hint::black_box(index.find(query));
            searching += now() - started;
            // Of several words a scan looks for one, which is less than it would have to do.
            let word = JsString::from(query.text.as_str().split(' ').next().unwrap());
            let started = now();
            scan.call2(&Array::new(), &plain, &word).unwrap();
            scanning += now() - started;
        }
        let count = f64::from(u32::try_from(queries.len()).unwrap());
        (searching / count, scanning / count)
    };
    round();
    let (mut figures, mut references): (Vec<f64>, Vec<f64>) = (0..ROUNDS).map(|_| round()).unzip();
    let (figure, reference) = (median(&mut figures), median(&mut references));
    let ratio = figure / reference;
    let verdict = if ratio <= 0.2 { "holds" } else { "DOES NOT HOLD" };
    let kept = format!("read in {loaded:.0} ms, fed in {built:.0} ms, longest merge {longest:.0} ms");
    console_log!(
        "| local search in WASM, 50,000 messages | {figure:.2} ms ({kept}) | {reference:.2} ms | {ratio:.2} | ≤ 0.2 | {verdict} |"
    );
}

fn message(number: usize, text: &str) -> Message<'_> {
    let place = u64::try_from(number).unwrap();
    let at = At::from_millis(1_795_000_000_000 + place * 60_000);
    Message {
        space: SpaceId::from_bytes([u8::try_from(number % SPACES).unwrap(); 16]),
        seq: Seq::new(place + 1),
        op: OpId::make(at, [3; 10]),
        by: person(number % PEOPLE),
        at,
        text: Personal::new(text),
    }
}

fn person(number: usize) -> UserId {
    UserId::from_bytes([u8::try_from(number).unwrap(); 16])
}

fn seal_off(index: &mut Index, store: &mut BTreeMap<SegmentId, Vec<u8>>) {
    if let Some(sealed) = index.seal_off() {
        for id in sealed.replaces {
            store.remove(&id);
        }
        store.insert(sealed.id, sealed.bytes);
    }
}

/// Milliseconds, and parts of them.
fn now() -> f64 {
    let performance = js_sys::Reflect::get(&js_sys::global(), &JsString::from("performance")).unwrap();
    let now = js_sys::Reflect::get(&performance, &JsString::from("now")).unwrap();
    Function::from(now).call0(&performance).unwrap().as_f64().unwrap()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
