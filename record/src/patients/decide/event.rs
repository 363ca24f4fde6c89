//! Each kind of event, on those whom it names.

use baton_core::id::PatientId;
use baton_core::patient::Report;
use baton_core::time::At;

use super::work::Work;
use super::{EventRefusal, Index, Outcome};
use crate::patients::change::{Subject, VisitDetails, VisitEvent, VisitNumber};

impl Index {
    pub(super) fn one(
        &mut self,
        at: At,
        digest: u64,
        subject: &Subject,
        visit: Option<(Option<VisitEvent>, &VisitDetails)>,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        let patient = work.find_or_make(subject, make)?;
        if !work.is_seen(&[patient]) {
            work.tell(patient, &subject.details);
            if let Some((event, details)) = visit {
                work.say(patient, event, details);
            }
        }
        Ok(work.done(
            Some(patient),
            matches!(visit, Some((Some(VisitEvent::Cancel(_)), _))),
        ))
    }

    pub(super) fn merge(
        &mut self,
        at: At,
        digest: u64,
        survivor: &Subject,
        retired: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(survivor)?;
        work.index.is_named_at_all(retired)?;
        let into = work.find_or_make(survivor, make)?;
        let away = work.find_retired(retired, into, make)?;
        if away == into {
            // Only an NHS number of theirs that holds no more.
            work.tell(into, &survivor.details);
            return Ok(work.done(Some(into), false));
        }
        if !work.is_seen(&[into, away]) {
            // One person's NHS number is no doubt, so they are joined first.
            work.claim(away, &retired.details.identifiers);
            work.join(away, into);
            work.tell(into, &survivor.details);
        }
        Ok(work.done(Some(into), false))
    }

    pub(super) fn unmerge(
        &mut self,
        at: At,
        digest: u64,
        retired: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        let patient = work.find_or_make(retired, make)?;
        if !work.is_seen(&[patient]) {
            work.part(patient);
            work.tell(patient, &retired.details);
        }
        Ok(work.done(Some(patient), false))
    }

    pub(super) fn link(
        &mut self,
        at: At,
        digest: u64,
        one: &Subject,
        other: &Subject,
        are_linked: bool,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(one)?;
        work.index.is_named(other)?;
        let first = work.find_or_make(one, make)?;
        let second = work.find_or_make(other, make)?;
        if first == second {
            return Err(work.refuse(EventRefusal::SamePatient));
        }
        if !work.is_seen(&[first, second]) {
            // Unlinking what was merged is an unmerge: feeds use one message for both.
            if !are_linked {
                work.part_from(second, first);
            }
            work.tell(first, &one.details);
            work.tell(second, &other.details);
            work.set_link(first, second, are_linked);
            work.set_link(second, first, are_linked);
        }
        Ok(work.done(Some(first), false))
    }

    pub(super) fn swap(
        &mut self,
        at: At,
        digest: u64,
        one: &(Subject, VisitDetails),
        other: &(Subject, VisitDetails),
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(&one.0)?;
        work.index.is_named(&other.0)?;
        let first = work.find_or_make(&one.0, make)?;
        let second = work.find_or_make(&other.0, make)?;
        if first == second {
            return Err(work.refuse(EventRefusal::SamePatient));
        }
        if !work.is_seen(&[first, second]) {
            for (patient, (subject, visit)) in [(first, one), (second, other)] {
                work.tell(patient, &subject.details);
                work.say(patient, Some(VisitEvent::Transfer), visit);
            }
        }
        Ok(work.done(Some(first), false))
    }

    pub(super) fn move_visit(
        &mut self,
        at: At,
        digest: u64,
        (from, number): (&Subject, &VisitNumber),
        (to, becomes): (&Subject, &VisitNumber),
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        let mut work = Work::new(self, at, digest);
        work.index.is_named(from)?;
        work.index.is_named(to)?;
        let to_whom = work.find_or_make(to, make)?;
        let Some(whose) = work.index.find(&from.details, from.patient)? else {
            work.tell(to_whom, &to.details);
            return Ok(work.done(Some(to_whom), false));
        };
        if !work.is_seen(&[to_whom, whose]) {
            work.tell(to_whom, &to.details);
            work.move_stay(whose, number, to_whom, becomes);
        }
        Ok(work.done(Some(to_whom), false))
    }

    pub(super) fn renumber(
        &mut self,
        at: At,
        digest: u64,
        from: &Subject,
        to: &Subject,
        make: &mut impl FnMut() -> PatientId,
    ) -> Result<Outcome, EventRefusal> {
        self.is_named(to)?;
        let known = self.find(&from.details, from.patient)?;
        let mut work = Work::new(self, at, digest);
        let patient = match known {
            Some(patient) => {
                work.touch(patient);
                patient
            }
            None => work.find_or_make(to, make)?,
        };
        if !work.is_seen(&[patient]) {
            work.claim(patient, &from.details.identifiers);
            work.tell(patient, &to.details);
        }
        Ok(work.done(Some(patient), false))
    }

    /// Results of somebody whom the index knows, and whose date of birth or name bears that out. Whose date of birth or given name
    /// is another is not them: a result is shown beside the wrong patient by nothing more easily than by a number that was mistyped.
    pub(super) fn report(
        &mut self,
        at: At,
        digest: u64,
        subject: &Subject,
        reports: &[Report],
    ) -> Result<Outcome, EventRefusal> {
        self.is_named(subject)?;
        let found = self.find(&subject.details, subject.patient)?;
        let found = found.filter(|patient| self.is_borne_out(subject, *patient));
        let mut work = Work::new(self, at, digest);
        if let Some(patient) = found
            && !work.is_seen(&[patient])
        {
            work.report(patient, reports);
        }
        Ok(work.done(found, false))
    }

    pub(super) fn remove(&mut self, at: At, digest: u64, subject: &Subject) -> Result<Outcome, EventRefusal> {
        self.is_named(subject)?;
        let found = self.find(&subject.details, subject.patient)?;
        let mut work = Work::new(self, at, digest);
        if let Some(patient) = found
            && !work.is_seen(&[patient])
        {
            work.held(patient).history.removed.take(at, true);
        }
        Ok(work.done(found, false))
    }
}
