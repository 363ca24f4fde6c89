//! What the screens of a handover show alike: how sick somebody is, gaps, texts with their authors.

use crate::part::drawn::view;
use crate::prelude::*;
use baton_core::op::handover::Priority;

use crate::nhs::tag::Tag;
use crate::part::plain::{block, list, none, words};
use crate::store::handover::team::priority_word;
use crate::store::lists::row::Version;

/// How sick, as a tag.
pub fn priority(priority: Option<Priority>) -> AnyView {
    let (colour, word) = match priority {
        Some(Priority::Unstable) => ("red", priority_word(Priority::Unstable)),
        Some(Priority::Watch) => ("yellow", priority_word(Priority::Watch)),
        Some(Priority::Stable) => ("green", priority_word(Priority::Stable)),
        None => ("grey", "Not judged"),
    };
    tag(colour, word.to_owned())
}

/// A tag.
pub fn tag(colour: &'static str, says: String) -> AnyView {
    view! { <Tag colour>{says}</Tag> }
}

/// What is expected and missing.
pub fn gaps(gaps: &[String]) -> AnyView {
    if gaps.is_empty() {
        return none();
    }
    let all = gaps.iter().map(|gap| tag("orange", gap.clone())).collect();
    list("baton-handover__gaps", "Missing on the sheet", all)
}

/// What holds under a heading: nothing, a text with who wrote it and when, or several side by side.
pub fn versions(versions: &[Version]) -> AnyView {
    sides(versions, &|_| none())
}

/// The same, with what may be done with each of several.
pub fn sides(versions: &[Version], act: &dyn Fn(&Version) -> AnyView) -> AnyView {
    let many = versions.len();
    if many == 0 {
        return words("baton-hint", "Nothing is written here.");
    }
    let one = |version: &Version| {
        let text = if version.text.is_empty() {
            "(cleared)".to_owned()
        } else {
            version.text.clone()
        };
        let (class, act) = if many > 1 {
            ("baton-sides__one", act(version))
        } else {
            ("", none())
        };
        let by = format!("{}, {}", version.by, version.at);
        block(
            class,
            vec![words("baton-task__text", text), words("baton-hint", by), act],
        )
    };
    let all = versions.iter().map(one).collect();
    if many == 1 {
        return block("", all);
    }
    let says = format!("{many} texts wait to be settled");
    block(
        "",
        vec![words("baton-cell__conflict", says), block("baton-sides", all)],
    )
}

/// What somebody said: who and when, and the words.
pub fn said((who, text): (String, String)) -> AnyView {
    block(
        "baton-task__said",
        vec![words("baton-hint", who), words("baton-task__text", text)],
    )
}
