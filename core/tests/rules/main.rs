//! Writes `docs/rules.md`: each operation, who may do it in which kind of space, and when it is refused with which reason.
//! Nothing in its cells is written by hand but the words: who may and which reason is asked of the rules.
//!
//! Fails when the file is not what the rules give. `BATON_WRITE_RULES=1 cargo test -p baton-core --test rules` writes it anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::PathBuf;

mod handover;
mod lists;
mod people;
mod reasons;
mod roles;
mod scene;
mod table;
mod tasks;
mod team;

use table::Topic;

fn topics() -> Vec<Topic> {
    vec![
        people::spaces(),
        team::team(),
        people::members(),
        people::messages(),
        lists::lists(),
        people::patients(),
        roles::roles(),
        tasks::tasks(),
        handover::handovers(),
    ]
}

fn page(topics: &[Topic]) -> String {
    let mut page = HEAD.to_owned();
    for topic in topics {
        page.push_str(&topic.markdown());
    }
    page.push_str(&reasons::markdown());
    page
}

#[test]
fn the_page_of_rules_is_what_the_rules_say() {
    let page = page(&topics());
    let path = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../docs/rules.md");
    if std::env::var_os("BATON_WRITE_RULES").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/rules.md is not what the rules give: write it anew by \
                 BATON_WRITE_RULES=1, and read what changed"
    );
}

/// The kinds of operations are those of which bytes are stored.
#[test]
fn each_kind_of_operation_has_a_row() {
    let stored: BTreeSet<&str> = include_str!("../vectors/v1.txt")
        .lines()
        .filter_map(|line| line.strip_prefix("op/")?.split([' ', '/']).next())
        .collect();
    let topics = topics();
    let kinds = topics
        .iter()
        .flat_map(|topic| &topic.rows)
        .map(|row| row.body.kind());
    let rows: BTreeSet<&str> = kinds.collect();
    assert_eq!(rows, stored);
}

#[test]
fn each_reason_that_a_rule_gives_has_a_case() {
    let topics = topics();
    let rows = topics.iter().flat_map(|topic| &topic.rows);
    let given = rows.flat_map(|row| row.cases.iter().map(table::Case::refusal));
    let given: BTreeSet<_> = given.chain(topics.iter().flat_map(Topic::refusals)).collect();
    let expected: BTreeSet<_> = reasons::BY_RULES.into_iter().collect();
    assert_eq!(given, expected);
}

const HEAD: &str = "\
# Who may do what

Written by `core/tests/rules`, which asks the rules (`core/src/rule.rs`): do not edit it by hand. The same rules run on each device, for the
person, and on the record, for the truth. Nobody but members and the record does anything in a space (`not-member`), and nobody in the name
of somebody else (`malformed`). What is refused stays with who wrote it, with the reason.

*Anybody* is any member. Where kinds of spaces are named, it is done in no other kind. What the record is not named for it does not do (`malformed`).

";
