//! Roles of teams at the record: who is on call now, and who held what when.

use std::time::Duration;

use baton_core::chain::Seq;
use baton_core::device_api::{
    ON_CALL_PATH, OnCall, OnCallAnswer, OnCallRole, READ_ROTA_PATH, ReadRota, ReadRotaAnswer, RotaFormat,
    RotaLine, RotaRefusal,
};
use baton_core::id::{OpId, SpaceId, UserId};
use baton_core::op::Body;
use baton_core::op::handover::{self, HandoverOp, To, Which};
use baton_core::op::member::{Left, MemberOp};
use baton_core::op::role::{
    Accepted, Archived, Defined, Fallback, FallbackSet, Offered, Released, RoleOp, RotaSet, Taken,
};
use baton_core::op::space::{Renamed, SpaceOp};
use baton_record::log::verify::{self, Fault};

use crate::lists::patient;
use crate::place::{Place, TestDevice, append_one, new_seq};

/// A team of RX1, and its people.
struct Team {
    place: Place,
    space: SpaceId,
    amina: TestDevice,
    tom: TestDevice,
    siobhan: TestDevice,
}

impl Team {
    async fn open(name: &str) -> Option<Self> {
        let place = Place::open(name).await?;
        let space = place
            .team("Acute medicine", &["amina"], &["tom", "siobhan"])
            .await;
        Some(Self {
            amina: place.device("amina").await,
            tom: place.device("tom").await,
            siobhan: place.device("siobhan").await,
            space,
            place,
        })
    }

    /// Somebody does something a second later, and the record takes it.
    async fn act(&self, who: &TestDevice, body: Body) -> OpId {
        self.place.clock.pass(Duration::from_secs(1));
        let mut ring = who.keys(&self.place, self.space).await;
        let sealed = who.seal(&self.place, &mut ring, body);
        let id = sealed.op.op_id;
        new_seq(&append_one(&self.place.cx, self.space, sealed).await);
        id
    }

    async fn role(&self, who: &TestDevice, op: RoleOp) -> OpId {
        self.act(who, Body::Role(op)).await
    }

    async fn defined(&self, title: &str) -> OpId {
        let (title, fallback) = (title.into(), None);
        let defined = RoleOp::Defined(Defined { title, fallback });
        self.role(&self.amina, defined).await
    }

    async fn on_call(&self, who: &TestDevice, typed: &str) -> OnCallAnswer {
        let asked = OnCall { text: typed.into() };
        who.get(&self.place, ON_CALL_PATH, &asked).await
    }

    /// The titles of what is found.
    async fn found(&self, who: &TestDevice, typed: &str) -> Vec<String> {
        let answer = self.on_call(who, typed).await;
        let titles = answer.roles.iter().map(|role| role.title.as_str().to_owned());
        titles.collect()
    }

    /// How a role stands, as one of its team sees it.
    async fn stands(&self, role: OpId) -> Option<OnCallRole> {
        let answer = self.on_call(&self.siobhan, "").await;
        answer.roles.into_iter().find(|stands| stands.role == role)
    }

    /// What the audit has of who held a role: the event, who, at which millisecond.
    async fn held(&self, role: OpId) -> Vec<(String, UserId, u64)> {
        let rows: Vec<(String, uuid::Uuid, i64)> = sqlx::query_as(
            "SELECT event, user_id, at FROM audit
             WHERE event LIKE 'role.%' AND subject = $1 AND space = $2 ORDER BY id",
        )
        .bind(role.uuid())
        .bind(self.space.uuid())
        .fetch_all(&self.place.cx.pool)
        .await
        .unwrap();
        rows.into_iter()
            .map(|(event, user, at)| (event, UserId::from_uuid(user), u64::try_from(at).unwrap()))
            .collect()
    }

    fn now(&self) -> u64 {
        self.place.cx.now().millis()
    }
}

fn taken(role: OpId, from: Option<UserId>) -> RoleOp {
    RoleOp::Taken(Taken { role, from })
}

fn left() -> Body {
    Body::Member(MemberOp::Left(Left {}))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_call_is_told_as_it_stands_and_how_to_reach_them() {
    let Some(mut team) = Team::open("on_call").await else {
        return;
    };
    let (tom, amina, siobhan) = (team.tom.user, team.amina.user, team.siobhan.user);
    let role = team.defined("Medical registrar on call").await;
    let stands = team.stands(role).await.unwrap();
    let titles = (stands.title.as_str(), stands.team.as_str());
    assert_eq!(titles, ("Medical registrar on call", "Acute medicine"));
    let who = (stands.space, stands.answers(), stands.since);
    assert_eq!(who, (team.space, None, None), "nobody answers");

    let consultant = team.defined("Consultant of the day").await;
    let fallback = Some(Fallback::Role(consultant));
    let falls_back = RoleOp::FallbackSet(FallbackSet { role, fallback });
    team.role(&team.amina, falls_back).await;
    team.role(&team.siobhan, taken(consultant, None)).await;
    let stands = team.stands(role).await.unwrap();
    let covered = (stands.holder, stands.cover, stands.through);
    assert_eq!(
        covered,
        (None, Some(siobhan), Some(consultant)),
        "who covers, and as what"
    );

    team.role(&team.tom, taken(role, None)).await;
    let taken_at = team.place.cx.now();
    let offered = RoleOp::Offered(Offered { role, to: amina });
    let offer = team.role(&team.tom, offered).await;
    let stands = team.stands(role).await.unwrap();
    assert_eq!((stands.holder, stands.since), (Some(tom), Some(taken_at)));
    assert_eq!((stands.cover, stands.offered_to), (None, Some(amina)));
    let answer = team.on_call(&team.siobhan, "registrar").await;
    assert_eq!((answer.at, answer.has_more), (team.place.cx.now(), false));
    let named: Vec<UserId> = answer.people.iter().map(|person| person.id).collect();
    assert_eq!(named, [tom, amina], "in the order of their names");

    let accepted = RoleOp::Accepted(Accepted { role, offer });
    team.role(&team.amina, accepted).await;
    team.role(&team.amina, RoleOp::Released(Released { role })).await;
    let stands = team.stands(role).await.unwrap();
    let vacant = (stands.holder, stands.since);
    assert_eq!(
        vacant,
        (None, Some(team.place.cx.now())),
        "since when it is vacant"
    );

    // As another replica has it, and after what is not about roles.
    let renamed = Renamed {
        title: "Acute medical unit".into(),
        base: Seq::new(1),
        after: vec![],
    };
    team.act(&team.amina, Body::Space(SpaceOp::Renamed(renamed)))
        .await;
    team.place.cx = team.place.replica(2);
    let stands = team.stands(role).await.unwrap();
    assert_eq!(stands.team.as_str(), "Acute medical unit");
    team.role(&team.amina, RoleOp::Archived(Archived { role })).await;
    assert_eq!(team.stands(role).await, None);
    team.act(&team.siobhan, left()).await;
    let answer = team.on_call(&team.tom, "consultant").await;
    assert_eq!(answer.roles[0].answers(), None, "who left holds nothing");
    team.place.assert_verified(team.space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_come_first_and_others_are_found_by_role_team_organisation_or_name() {
    let Some(team) = Team::open("on_call_found").await else {
        return;
    };
    let registrar = team.defined("Medical registrar").await;
    team.role(&team.tom, taken(registrar, None)).await;
    let liam = team.place.device("liam").await;
    let community = team.place.team("Community nurses", &["liam"], &[]).await;
    let mut ring = liam.keys(&team.place, community).await;
    let (title, fallback) = ("Duty nurse".into(), None);
    let defined = Body::Role(RoleOp::Defined(Defined { title, fallback }));
    let sealed = liam.seal(&team.place, &mut ring, defined);
    new_seq(&append_one(&team.place.cx, community, sealed).await);

    assert_eq!(
        team.found(&liam, "").await,
        ["Duty nurse"],
        "of one's own organisation"
    );
    assert_eq!(team.found(&team.siobhan, " ").await, ["Medical registrar"]);
    for typed in [
        "MEDICAL reg",
        "acute",
        "rx1 registrar",
        "fletcher",
        "organisation rx1",
    ] {
        assert_eq!(team.found(&liam, typed).await, ["Medical registrar"], "{typed}");
    }
    let both = ["Duty nurse", "Medical registrar"];
    assert_eq!(team.found(&liam, "organisation").await, both);
    assert_eq!(team.found(&team.tom, "organisation").await, [both[1], both[0]]);
    assert!(team.found(&liam, "surgical").await.is_empty());
    let long = OnCall {
        text: "x".repeat(201).as_str().into(),
    };
    let refused = liam.refused(&team.place, ON_CALL_PATH, &long).await;
    assert_eq!(refused, (400, "malformed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_kept_sealed_and_a_row_that_was_moved_is_found() {
    let Some(team) = Team::open("roles_sealed").await else {
        return;
    };
    team.defined("Medical registrar").await;
    team.defined("Duty nurse").await;
    let pool = &team.place.cx.pool;
    let (rows,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM role AS row WHERE row::text ILIKE '%registrar%'")
            .fetch_one(pool)
            .await
            .unwrap();
    assert_eq!((rows, team.place.count("role").await), (0, 2));
    team.place.assert_verified(team.space).await;
    sqlx::query("UPDATE role SET sealed = other.sealed FROM role AS other WHERE other.role <> role.role")
        .execute(pool)
        .await
        .unwrap();
    let asked = OnCall { text: "".into() };
    let (status, _) = team.siobhan.ask(&team.place, ON_CALL_PATH, &asked).await;
    assert_eq!(status, 500, "nothing is told rather than something wrong");
    let verified = verify::space(&team.place.cx, team.space).await;
    assert_eq!(verified.unwrap().unwrap().faults, [Fault::Roles]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_has_who_held_what_when_to_the_second() {
    let Some(team) = Team::open("role_audit").await else {
        return;
    };
    let (tom, amina, siobhan) = (team.tom.user, team.amina.user, team.siobhan.user);
    let role = team.defined("Medical registrar on call").await;
    assert!(team.held(role).await.is_empty());
    team.role(&team.tom, taken(role, None)).await;
    let first = team.now();
    team.role(&team.amina, taken(role, Some(tom))).await;
    let second = team.now();

    // With the patients, in one step.
    let offered = HandoverOp::Offered(Box::new(handover::Offered {
        patients: vec![patient(&team.place, 1).await],
        list: None,
        to: To::Person(siobhan),
        tasks: vec![],
        roles: vec![role],
        place: "".into(),
        note: "".into(),
        present: vec![],
        unsent: vec![],
    }));
    let offer = team.act(&team.amina, Body::Handover(offered)).await;
    let holder = team.stands(role).await.unwrap().holder;
    assert_eq!(holder, Some(amina), "an offer moves nothing");
    let accepted = HandoverOp::Accepted(handover::Accepted {
        handover: offer,
        patients: Which::All,
    });
    team.act(&team.siobhan, Body::Handover(accepted)).await;
    let third = team.now();
    assert_eq!(team.stands(role).await.unwrap().holder, Some(siobhan));
    team.act(&team.siobhan, left()).await;

    let held = |user, at| ("role.held".to_owned(), user, at);
    let ended = |user, at| ("role.ended".to_owned(), user, at);
    let expected = [
        held(tom, first),
        ended(tom, second),
        held(amina, second),
        ended(amina, third),
        held(siobhan, third),
        ended(siobhan, team.now()),
    ];
    assert_eq!(team.held(role).await, expected);
    assert_eq!(second - first, 1000);
    team.place.assert_verified(team.space).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rota_in_a_file_is_read_by_the_record_and_set_by_an_administrator() {
    let Some(team) = Team::open("rota_file").await else {
        return;
    };
    let role = team.defined("Medical registrar on call").await;
    let asked = ReadRota {
        space: team.space,
        format: RotaFormat::Csv,
        file: "person,from,until\n\
               Dr Tom Fletcher,2026-01-31T08:00,2026-01-31T20:00\n\
               Liam O'Neill,2026-01-31T20:00,2026-02-01T08:00\n"
            .into(),
    };
    let read: ReadRotaAnswer = team.amina.get(&team.place, READ_ROTA_PATH, &asked).await;
    let refused = RotaLine {
        line: 3,
        why: RotaRefusal::Nobody,
    };
    assert_eq!(read.refused, [refused], "he does not belong to the team");
    let who: Vec<UserId> = read.shifts.iter().map(|shift| shift.who).collect();
    assert_eq!(who, [team.tom.user]);
    let (from, until) = (read.shifts[0].from, read.shifts[0].until);
    let set = RotaSet {
        role,
        from,
        until,
        shifts: read.shifts,
        base: None,
    };
    team.role(&team.amina, RoleOp::RotaSet(set)).await;
    assert_eq!(
        team.stands(role).await.unwrap().holder,
        None,
        "a rota is a plan: it moves no role"
    );

    let refused = team.tom.refused(&team.place, READ_ROTA_PATH, &asked).await;
    assert_eq!(refused, (403, "not-admin".to_owned()));
    let liam = team.place.device("liam").await;
    let refused = liam.refused(&team.place, READ_ROTA_PATH, &asked).await;
    assert_eq!(refused, (403, "not-member".to_owned()));
}
