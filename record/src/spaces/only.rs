//! Spaces of which there is one for ever: of two people, of one person, around one patient.

use std::collections::BTreeSet;

use baton_core::device_api::Create;
use baton_core::id::{PatientId, SpaceId, UserId};
use baton_core::op::space::SpaceKind;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::log::LogError;

/// What there is one space of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    /// A direct conversation: the lower id first.
    Direct(UserId, UserId),
    /// One person's own space.
    Own(UserId),
    /// The people around a patient.
    Patient(PatientId),
}

impl Only {
    /// What was asked for there is one of; `None` when there may be many.
    pub(super) fn of(asked: &Create, user: UserId, others: &BTreeSet<UserId>) -> Option<Self> {
        match asked.kind {
            SpaceKind::Direct => others
                .first()
                .map(|other| Self::Direct(user.min(*other), user.max(*other))),
            SpaceKind::Own => Some(Self::Own(user)),
            SpaceKind::Patient => asked.about.map(Self::Patient),
            SpaceKind::Group | SpaceKind::Team => None,
        }
    }

    /// The space, if there is one already.
    pub(super) async fn find(self, conn: &mut PgConnection) -> Result<Option<SpaceId>, LogError> {
        let query = match self {
            Self::Direct(low, high) => {
                sqlx::query_as("SELECT space FROM direct_pair WHERE low = $1 AND high = $2")
                    .bind(low.uuid())
                    .bind(high.uuid())
            }
            Self::Own(user) => {
                sqlx::query_as("SELECT space FROM own_space WHERE user_id = $1").bind(user.uuid())
            }
            Self::Patient(patient) => {
                sqlx::query_as("SELECT space FROM patient_care_space WHERE patient = $1").bind(patient.uuid())
            }
        };
        let row: Option<(Uuid,)> = query.fetch_optional(conn).await?;
        Ok(row.map(|(space,)| SpaceId::from_uuid(space)))
    }

    /// Says that this is the one; false when somebody else was first.
    pub(super) async fn claim(self, conn: &mut PgConnection, space: SpaceId) -> Result<bool, LogError> {
        let query = match self {
            Self::Direct(low, high) => sqlx::query(
                "INSERT INTO direct_pair (low, high, space) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(low.uuid())
            .bind(high.uuid()),
            Self::Own(user) => {
                sqlx::query("INSERT INTO own_space (user_id, space) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                    .bind(user.uuid())
            }
            Self::Patient(patient) => sqlx::query(
                "INSERT INTO patient_care_space (patient, space) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(patient.uuid()),
        };
        let done = query.bind(space.uuid()).execute(conn).await?;
        Ok(done.rows_affected() == 1)
    }
}
