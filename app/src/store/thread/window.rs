//! Which part of a timeline is on the screen.
//!
//! From some place on a device holds the timeline without gaps ([`Space::history_from`]). Of what is older it holds only urgent
//! messages that wait: they stand above the rest, with a mark where messages are missing, as long as the window begins where
//! the part without gaps does.

use baton_core::chain::Seq;
use baton_core::state::Item;
use baton_core::sync::Space;

/// Rows without gaps that are drawn at most.
pub const WINDOW: usize = 240;

/// Rows by which the window moves when one scrolls to its end.
pub const STEP: usize = 80;

/// Urgent messages from before a gap that are drawn at most: the newest.
const BEFORE_GAP: usize = 40;

/// Which part of the timeline is on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// The newest rows, following what arrives.
    Newest { rows: usize },
    /// From a place on, at most [`WINDOW`] rows.
    From(Seq),
}

/// What a window shows.
pub(super) struct Part<'a> {
    /// Oldest first.
    pub(super) items: Vec<&'a Item>,
    /// Whether items are held that come right before these.
    pub(super) is_cut_above: bool,
    /// Whether items come after these.
    pub(super) is_cut_below: bool,
}

impl Window {
    /// So that the first unread message is in it.
    pub(super) fn around_unread(space: &Space, first: Seq) -> Self {
        let items = || space.shown().timeline.items().rev();
        let after = items().take_while(|item| item.seq() >= first).count();
        if after + STEP / 2 <= WINDOW {
            Self::Newest {
                rows: STEP.max(after + STEP / 2),
            }
        } else {
            Self::From(items().nth(after + STEP / 2).map_or(first, Item::seq))
        }
    }

    /// So that the item at a place is in it.
    pub(super) fn around(space: &Space, target: Seq) -> Self {
        let before = space.shown().timeline.items().map(Item::seq);
        let before: Vec<Seq> = before.take_while(|seq| *seq <= target).collect();
        let from = before.len().saturating_sub(STEP / 2);
        Self::From(before.get(from).copied().unwrap_or(target))
    }

    /// Moved towards older rows that are held without a gap before `shown`, the first such row on the screen; `None` when there
    /// are none.
    pub(super) fn older(self, space: &Space, shown: Seq) -> Option<Self> {
        let from = space.history_from();
        let timeline = &space.shown().timeline;
        let before: Vec<Seq> = timeline
            .items()
            .map(Item::seq)
            .skip_while(|seq| *seq < from)
            .take_while(|seq| *seq < shown)
            .collect();
        // A page that has just come is shown whole.
        let moved = if before.len() <= 2 * STEP {
            before.len()
        } else {
            STEP
        };
        let start = before.get(before.len() - moved).copied()?;
        let rows = timeline
            .items()
            .rev()
            .take_while(|item| item.seq() >= start)
            .count();
        Some(match self {
            Self::Newest { .. } if rows <= WINDOW => Self::Newest { rows },
            Self::Newest { .. } | Self::From(_) => Self::From(start),
        })
    }

    /// Moved towards newer rows.
    pub(super) fn newer(self, space: &Space) -> Self {
        let Self::From(from) = self else { return self };
        let seqs = space.shown().timeline.items().map(Item::seq);
        let seqs: Vec<Seq> = seqs.skip_while(|seq| *seq < from).collect();
        if seqs.len() <= WINDOW + STEP {
            Self::Newest { rows: WINDOW }
        } else {
            Self::From(seqs.get(STEP).copied().unwrap_or(from))
        }
    }

    /// What it shows.
    pub(super) fn part(self, space: &Space) -> Part<'_> {
        let timeline = &space.shown().timeline;
        let from = space.history_from();
        let (mut items, is_cut_below) = match self {
            Self::Newest { rows } => {
                let newest = timeline.items().rev().take_while(|item| item.seq() >= from);
                let mut items: Vec<&Item> = newest.take(rows).collect();
                items.reverse();
                (items, false)
            }
            Self::From(seq) => {
                let mut rest = timeline.items().skip_while(|item| item.seq() < seq);
                let items: Vec<&Item> = rest.by_ref().take(WINDOW).collect();
                (items, rest.next().is_some())
            }
        };
        let first = items.first().map_or(from, |item| item.seq());
        let mut before = timeline.items().skip_while(|item| item.seq() < from);
        let is_cut_above = before.next().is_some_and(|item| item.seq() < first);
        if !is_cut_above && first >= from {
            let waiting: Vec<&Item> = timeline.items().take_while(|item| item.seq() < from).collect();
            let newest = waiting.len().saturating_sub(BEFORE_GAP);
            items.splice(0..0, waiting.into_iter().skip(newest));
        }
        Part {
            items,
            is_cut_above,
            is_cut_below,
        }
    }
}
