//! What local search costs under wasm32, beside a scan of the same texts with JavaScript's `includes` in the same process:
//! a figure of the budgets, for `cargo xtask bench`.

#![cfg(target_arch = "wasm32")]

mod corpus;

use std::collections::BTreeMap;

use baton_core::chain::Seq;
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::search::{Changes, Index, Message, Query, Segment, SegmentId};
use baton_core::secret::Personal;
use baton_core::time::At;
use js_sys::{Array, Function, JsString};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

const MESSAGES: usize = 50_000;
const ROUNDS: usize = 15;
const SPACES: usize = 30;
const PEOPLE: usize = 200;

/// What is typed, each with whether one person's messages are wanted.
const TYPED: [(&str, bool); 24] = [
    ("potassium", false),
    ("physiotherapy", false),
    ("warfarin", false),
    ("bed 4", false),
    ("okonkwo", false),
    ("sian", false),
    ("p", false),
    ("th", false),
    ("pota", false),
    ("paracet", false),
    ("anticoag", false),
    ("haemo", false),
    ("potasium", false),
    ("physoitherapy", false),
    ("safegarding", false),
    ("cathater", false),
    ("creatnine", false),
    ("the patient", false),
    ("pressure ulcer", false),
    ("penicilin alergy", false),
    ("2.5mg", false),
    ("400 123", false),
    ("review", true),
    ("transfusion", true),
];

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
            let sealed = now();
            let changes = index.seal_off();
            longest = longest.max(now() - sealed);
            carry_out(changes, &mut store);
        }
    }
    carry_out(index.seal_off(), &mut store);
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
    let null = wasm_bindgen_test::__rt::wasm_bindgen::JsValue::NULL;
    let (mut figures, mut references) = (Vec::new(), Vec::new());
    let mut each = vec![Vec::new(); TYPED.len()];
    for _ in 0..ROUNDS {
        let (mut figure, mut reference) = (0.0, 0.0);
        for ((typed, one_person), times) in TYPED.iter().zip(&mut each) {
            let mut query = Query::new(typed);
            query.by = one_person.then(|| person(7));
            let started = now();
            let found = index.find(&query);
            let searched = now();
            std::hint::black_box(found);
            let word = JsString::from(typed.split(' ').next().unwrap());
            let scanning = now();
            scan.call2(&null, &plain, &word).unwrap();
            let scanned = now();
            figure += searched - started;
            reference += scanned - scanning;
            times.push(searched - started);
        }
        figures.push(figure / 24.0);
        references.push(reference / 24.0);
    }
    for ((typed, _), times) in TYPED.iter().zip(&mut each) {
        let mut parts = String::new();
        for limit in [0, 1, 20, 50] {
            let mut query = Query::new(typed);
            query.limit = limit;
            let mut t: Vec<f64> = (0..9)
                .map(|_| {
                    let s = now();
                    std::hint::black_box(index.find(&query));
                    now() - s
                })
                .collect();
            parts += &format!(" {limit}:{:.3}", t.iter().copied().fold(9.0, f64::min));
        }
        let f = index.find(&Query::new(typed));
        console_log!(
            "{typed}: {:.3} {} {} {parts}",
            times.iter().copied().fold(9.0, f64::min),
            f.total,
            f.as_typed
        );
    }
    let (figure, reference) = (median(&mut figures), median(&mut references));
    let ratio = figure / reference;
    let verdict = if ratio <= 0.2 { "holds" } else { "DOES NOT HOLD" };
    console_log!(
        "built {built:.0} ms, longest {longest:.0} ms, loaded {loaded:.0} ms, {} segments",
        store.len()
    );
    console_log!(
        "| local search, 50,000 messages, WASM | {figure:.2} ms | {reference:.2} ms | {ratio:.2} | ≤ 0.2 | {verdict} |"
    );
}

fn message(number: usize, text: &str) -> Message<'_> {
    let number_of = u64::try_from(number).unwrap();
    let at = At::from_millis(1_795_000_000_000 + number_of * 60_000);
    Message {
        space: SpaceId::from_bytes([u8::try_from(number % SPACES).unwrap(); 16]),
        seq: Seq::new(number_of + 1),
        op: OpId::make(at, [3; 10]),
        by: person(number % PEOPLE),
        at,
        text: Personal::new(text),
    }
}

fn person(number: usize) -> UserId {
    UserId::from_bytes([u8::try_from(number).unwrap(); 16])
}

fn carry_out(changes: Changes, store: &mut BTreeMap<SegmentId, Vec<u8>>) {
    for id in changes.erase {
        store.remove(&id);
    }
    store.extend(changes.write);
}

/// Milliseconds, finer than a date.
fn now() -> f64 {
    let performance = js_sys::Reflect::get(&js_sys::global(), &JsString::from("performance")).unwrap();
    let now = js_sys::Reflect::get(&performance, &JsString::from("now")).unwrap();
    Function::from(now).call0(&performance).unwrap().as_f64().unwrap()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
