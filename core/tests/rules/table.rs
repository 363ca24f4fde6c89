//! Rows of the page, and what the rules say to them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baton_core::id::UserId;
use baton_core::op::Body;
use baton_core::op::space::SpaceKind;
use baton_core::refusal::Refusal;
use baton_core::state::SpaceState;

use super::reasons::code;
use super::scene::{ADMIN, MEMBER, OFFEREE, OUTSIDER, OWNER, RECORD, ask, scene};

pub(super) const KINDS: [SpaceKind; 5] = [
    SpaceKind::Direct,
    SpaceKind::Group,
    SpaceKind::Own,
    SpaceKind::Patient,
    SpaceKind::Team,
];

/// Operations of one topic.
pub(super) struct Topic {
    pub(super) title: &'static str,
    /// What holds for all of them.
    pub(super) about: &'static str,
    pub(super) rows: Vec<Row>,
}

/// One kind of operation.
pub(super) struct Row {
    /// One that may be done.
    pub(super) body: Body,
    does: &'static str,
    /// What the person who has the thing is to it: its author, its holder.
    owner: &'static str,
    /// What the person is to whom it is offered.
    offeree: &'static str,
    /// What is done before, where the scene has nothing for it.
    given: Given,
    pub(super) cases: Vec<Case>,
}

/// Something that is refused.
pub(super) struct Case {
    when: &'static str,
    body: Body,
    by: UserId,
    kind: SpaceKind,
    given: Given,
}

type Given = Option<Box<dyn Fn(&mut SpaceState)>>;

pub(super) fn row(body: Body, does: &'static str) -> Row {
    Row {
        body,
        does,
        owner: "",
        offeree: "",
        given: None,
        cases: Vec::new(),
    }
}

pub(super) fn case(when: &'static str, body: Body) -> Case {
    Case {
        when,
        body,
        by: ADMIN,
        kind: SpaceKind::Team,
        given: None,
    }
}

impl Case {
    pub(super) fn by(self, by: UserId) -> Self {
        Self { by, ..self }
    }

    pub(super) fn of(self, kind: SpaceKind) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn given(self, given: impl Fn(&mut SpaceState) + 'static) -> Self {
        let given: Given = Some(Box::new(given));
        Self { given, ..self }
    }

    /// What the rules say to it.
    pub(super) fn refusal(&self) -> Refusal {
        let state = prepared(self.kind, &self.given);
        match ask(self.by, &self.body, &state) {
            Err(refusal) => refusal,
            Ok(()) => panic!("is not refused when {}", self.when),
        }
    }
}

fn prepared(kind: SpaceKind, given: &Given) -> SpaceState {
    let mut state = scene(kind);
    if let Some(given) = given {
        given(&mut state);
    }
    state
}

impl Row {
    pub(super) fn owner(self, owner: &'static str) -> Self {
        Self { owner, ..self }
    }

    pub(super) fn offeree(self, offeree: &'static str) -> Self {
        Self { offeree, ..self }
    }

    pub(super) fn given(self, given: impl Fn(&mut SpaceState) + 'static) -> Self {
        let given: Given = Some(Box::new(given));
        Self { given, ..self }
    }

    pub(super) fn refused(mut self, cases: impl IntoIterator<Item = Case>) -> Self {
        self.cases.extend(cases);
        self
    }

    /// Who may in a kind of space, in words; empty for nobody.
    fn who_in(&self, kind: SpaceKind) -> String {
        let state = prepared(kind, &self.given);
        let may = |user| ask(user, &self.body, &state).is_ok();
        let mut who = Vec::new();
        if may(MEMBER) && may(ADMIN) {
            let all = [(OWNER, self.owner), (OFFEREE, self.offeree)];
            let but: Vec<&str> = all
                .into_iter()
                .filter(|(user, _)| !may(*user))
                .map(|(_, who)| who)
                .collect();
            who.push(if but.is_empty() {
                "anybody".to_owned()
            } else {
                format!("anybody but {}", but.join(" and "))
            });
        } else {
            let some = [
                (ADMIN, "administrators"),
                (OWNER, self.owner),
                (OFFEREE, self.offeree),
            ];
            let some = some.into_iter().filter(|(user, _)| may(*user));
            who.extend(some.map(|(_, who)| who.to_owned()));
        }
        if may(RECORD) {
            who.push("the record".to_owned());
        }
        assert!(
            who.iter().all(|who| !who.is_empty()),
            "{} names nobody",
            self.body.kind()
        );
        who.join(", ")
    }

    fn who(&self) -> String {
        let mut groups: Vec<(String, Vec<SpaceKind>)> = Vec::new();
        for kind in KINDS {
            let who = self.who_in(kind);
            match groups.iter_mut().find(|(known, _)| *known == who) {
                Some((_, kinds)) => kinds.push(kind),
                None => groups.push((who, vec![kind])),
            }
        }
        let is_everywhere = groups.len() == 1;
        let lines = groups
            .into_iter()
            .filter(|(who, _)| !who.is_empty())
            .map(|(who, kinds)| {
                let kinds: Vec<&str> = kinds.into_iter().map(word).collect();
                if is_everywhere {
                    who
                } else {
                    format!("{}: {who}", kinds.join(", "))
                }
            });
        lines.collect::<Vec<_>>().join("<br>")
    }

    /// The reasons that people who may not are given, by the kinds of spaces, and the record if `all`.
    fn refusals(&self, all: bool) -> impl Iterator<Item = Refusal> {
        let mut refusals = Vec::new();
        for kind in KINDS {
            let state = prepared(kind, &self.given);
            let people = [MEMBER, ADMIN, OWNER, OFFEREE, OUTSIDER];
            let asked = people.into_iter().chain(all.then_some(RECORD));
            refusals.extend(asked.filter_map(|user| ask(user, &self.body, &state).err()));
        }
        refusals.into_iter()
    }
}

impl Topic {
    /// The reasons for which others than those who may are refused.
    pub(super) fn refusals(&self) -> impl Iterator<Item = Refusal> {
        self.rows.iter().flat_map(|row| row.refusals(true))
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        text.push_str("| operation | what it says | who may | refused when |\n| --- | --- | --- | --- |\n");
        for row in &self.rows {
            let others: BTreeSet<&str> = row.refusals(false).map(code).collect();
            let others: Vec<String> = others
                .into_iter()
                .filter(|code| *code != "not-member")
                .map(|code| format!("`{code}`"))
                .collect();
            let mut cases = Vec::new();
            if !others.is_empty() {
                cases.push(format!("by others, or elsewhere: {}", others.join(", ")));
            }
            let of_case = |case: &Case| format!("{}: `{}`", case.when, code(case.refusal()));
            cases.extend(row.cases.iter().map(of_case));
            let (kind, does, who, cases) = (row.body.kind(), row.does, row.who(), cases.join("<br>"));
            let _ = writeln!(text, "| `{kind}` | {does} | {who} | {cases} |");
        }
        text.push('\n');
        text
    }
}

fn word(kind: SpaceKind) -> &'static str {
    match kind {
        SpaceKind::Direct => "direct",
        SpaceKind::Group => "group",
        SpaceKind::Own => "own",
        SpaceKind::Patient => "patient",
        SpaceKind::Team => "team",
    }
}
