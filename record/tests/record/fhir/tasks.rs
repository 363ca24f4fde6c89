//! `Task`: what staff have to do, read by systems that may.

use baton_core::device_api::{CREATE_PATH, Create, SpaceGrant};
use baton_core::id::{OpId, PatientId, SpaceId};
use baton_core::op::Body;
use baton_core::op::message::Priority;
use baton_core::op::role::{Defined, RoleOp, Taken};
use baton_core::op::space::SpaceKind;
use baton_core::op::task::{self, Assignee, Cancelled, Commented, Completed, Started, TaskOp};
use baton_core::time::At;
use serde_json::{Value, json};

use super::stage::{Answer, Stage, patient};
use crate::place::{TestDevice, append_one, new_seq};

/// Somebody does something, and the record takes it.
pub(super) async fn act(stage: &Stage, space: SpaceId, who: &TestDevice, body: Body) -> OpId {
    let mut ring = who.keys(&stage.place, space).await;
    let sealed = who.seal(&stage.place, &mut ring, body);
    let id = sealed.op.op_id;
    new_seq(&append_one(&stage.place.cx, space, sealed).await);
    id
}

fn created(title: &str, about: Option<&str>, to: Assignee) -> Body {
    Body::Task(TaskOp::Created(task::Created {
        title: title.into(),
        details: "Potassium was 6.1".into(),
        about: about.map(|patient| patient.parse::<PatientId>().unwrap()),
        place: "Bay 2".into(),
        priority: Priority::Urgent,
        due: Some(At::from_millis(1_800_003_600_000)),
        to,
        checklist: vec![],
        from: None,
    }))
}

async fn search(stage: &Stage, query: &str) -> Answer {
    stage
        .ask("work", "GET", &format!("Task?{query}"), &[], None)
        .await
}

/// What is to be done, of all that was found.
fn titles(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let entries = answer.body["entry"].as_array();
    let mut titles: Vec<&str> = entries
        .into_iter()
        .flatten()
        .map(|entry| entry["resource"]["description"].as_str().unwrap())
        .collect();
    titles.sort_unstable();
    titles
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_read_as_it_stands_by_patient_owner_and_status() {
    let Some(stage) = Stage::open("tasks").await else {
        return;
    };
    let ada = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let eve = stage.made("Patient", patient("2", "OKONKWO", "Eve")).await;
    let space = stage.place.team("Ward 7", &["amina"], &["tom"]).await;
    let (amina, tom) = (stage.place.device("amina").await, stage.place.device("tom").await);
    let (title, fallback) = ("FY1 on call".into(), None);
    let role = Body::Role(RoleOp::Defined(Defined { title, fallback }));
    let role = act(&stage, space, &amina, role).await;
    let bloods = created("Bloods", Some(&ada), Assignee::Person(tom.user));
    let bloods = act(&stage, space, &amina, bloods).await;
    act(
        &stage,
        space,
        &amina,
        created("Cannula", Some(&eve), Assignee::Role(role)),
    )
    .await;
    act(&stage, space, &amina, created("Stock", None, Assignee::Team)).await;

    let of_ada = format!("patient=Patient/{ada}");
    let found = search(&stage, &of_ada).await;
    assert_eq!(titles(&found), ["Bloods"]);
    let resource = found.body["entry"][0]["resource"].clone();
    let id = resource["id"].as_str().unwrap().to_owned();
    let read = stage.ask("work", "GET", &format!("Task/{id}"), &[], None).await;
    assert_eq!((read.status, &read.body), (200, &resource));
    let uuid = |device: &TestDevice| format!("urn:uuid:{}", device.user.uuid());
    let expected = [
        ("/status", json!("requested")),
        ("/intent", json!("order")),
        ("/priority", json!("urgent")),
        ("/for/reference", json!(format!("Patient/{ada}"))),
        ("/owner/identifier/value", json!(uuid(&tom))),
        ("/owner/display", json!("Dr Tom Fletcher")),
        ("/requester/display", json!("Dr Amina Khan")),
        ("/restriction/period/end", json!("2027-01-15T09:00:00.000Z")),
        ("/location/display", json!("Bay 2")),
        ("/note/0/text", json!("Potassium was 6.1")),
    ];
    for (place, value) in expected {
        assert_eq!(resource.pointer(place), Some(&value), "{place}");
    }

    let task = bloods;
    act(&stage, space, &tom, Body::Task(TaskOp::Started(Started { task }))).await;
    assert_eq!(
        titles(&search(&stage, &format!("{of_ada}&status=in-progress,accepted")).await),
        ["Bloods"]
    );
    let text = "Haemolysed".into();
    act(
        &stage,
        space,
        &tom,
        Body::Task(TaskOp::Commented(Commented { task, text })),
    )
    .await;
    let (note, round) = ("5.2 now".into(), None);
    let completed = Body::Task(TaskOp::Completed(Completed { task, note, round }));
    act(&stage, space, &tom, completed).await;
    let etag = read.header("etag").to_owned();
    let done = stage
        .ask(
            "work",
            "GET",
            &format!("Task/{id}"),
            &[("if-none-match", &etag)],
            None,
        )
        .await;
    assert_eq!(
        (done.status, &done.body["status"]),
        (200, &json!("completed")),
        "another version"
    );
    let said: Vec<&Value> = (0..3).map(|n| &done.body["note"][n]["text"]).collect();
    assert_eq!(
        said,
        [
            &json!("Potassium was 6.1"),
            &json!("Haemolysed"),
            &json!("5.2 now")
        ]
    );
    let etag = done.header("etag").to_owned();
    let same = stage
        .ask(
            "work",
            "GET",
            &format!("Task/{id}"),
            &[("if-none-match", &etag)],
            None,
        )
        .await;
    assert_eq!(same.status, 304);

    // A role's task is with who holds it.
    let owner = format!("owner:identifier=urn:ietf:rfc:3986%7C{}", uuid(&tom));
    assert_eq!(titles(&search(&stage, &owner).await), ["Bloods"]);
    let vacant = search(&stage, &format!("patient={eve}")).await;
    assert_eq!(
        vacant.body["entry"][0]["resource"]["owner"]["display"],
        "FY1 on call (vacant)"
    );
    let taken = Body::Role(RoleOp::Taken(Taken { role, from: None }));
    act(&stage, space, &tom, taken).await;
    assert_eq!(
        titles(&search(&stage, &format!("{owner}&status=requested")).await),
        ["Cannula"]
    );
    assert_eq!(
        titles(&search(&stage, &format!("{owner}&{of_ada}")).await),
        ["Bloods"]
    );
    assert!(titles(&search(&stage, &format!("{owner}&status=failed")).await).is_empty());
    let cannula = search(&stage, &format!("patient={eve}")).await;
    let cannula = &cannula.body["entry"][0]["resource"];
    assert_eq!(cannula["owner"]["display"], "FY1 on call: Dr Tom Fletcher");
    let reason = "Not needed".into();
    let task = stage_task(cannula);
    act(
        &stage,
        space,
        &tom,
        Body::Task(TaskOp::Cancelled(Cancelled { task, reason })),
    )
    .await;
    let cancelled = search(&stage, &format!("patient={eve}&status=cancelled")).await;
    assert_eq!(
        cancelled.body["entry"][0]["resource"]["statusReason"]["text"],
        "Not needed"
    );

    // Who was merged into another is found by either.
    let mut merged = patient("2", "OKONKWO", "Eve");
    merged["id"] = json!(eve);
    merged["link"] = json!([{ "other": { "reference": format!("Patient/{ada}") }, "type": "replaced-by" }]);
    assert_eq!(stage.put(&format!("Patient/{eve}"), merged).await.status, 200);
    for id in [&ada, &eve] {
        let both = search(&stage, &format!("patient={id}")).await;
        assert_eq!(titles(&both), ["Bloods", "Cannula"], "{both:?}");
        assert_eq!(
            both.body["entry"][1]["resource"]["for"]["reference"],
            format!("Patient/{ada}")
        );
    }
}

/// The operation that made a task, by the resource's id.
fn stage_task(resource: &Value) -> OpId {
    let id = resource["id"].as_str().unwrap();
    OpId::from_uuid(uuid::Uuid::try_parse(id.get(32..).unwrap()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_for_systems_that_may_see_them_and_ones_own_for_nobody() {
    let Some(stage) = Stage::open("tasks_may").await else {
        return;
    };
    let ada = stage.made("Patient", patient("1", "KHAN", "Ada")).await;
    let space = stage.place.team("Ward 7", &["amina"], &[]).await;
    let amina = stage.place.device("amina").await;
    act(
        &stage,
        space,
        &amina,
        created("Bloods", Some(&ada), Assignee::Team),
    )
    .await;
    let asked = Create {
        request: stage.place.cx.make_op_id(),
        kind: SpaceKind::Own,
        title: "".into(),
        members: vec![],
        about: None,
    };
    let own: SpaceGrant = amina.get(&stage.place, CREATE_PATH, &asked).await;
    act(
        &stage,
        own.space,
        &amina,
        created("Ask about Ada", Some(&ada), Assignee::Team),
    )
    .await;

    let of_ada = format!("Task?patient={ada}");
    assert_eq!(
        titles(&stage.ask("work", "GET", &of_ada, &[], None).await),
        ["Bloods"]
    );
    for system in ["pas", "reader", "index"] {
        let refused = stage.ask(system, "GET", &of_ada, &[], None).await;
        assert_eq!(refused.refusal().0, 403, "{system}");
    }
    let patient = stage
        .ask("index", "GET", &format!("Patient/{ada}"), &[], None)
        .await;
    assert_eq!(patient.status, 200);
    let refusals = [
        ("GET", "Task".to_owned(), (400, "too-costly")),
        ("GET", "Task?status=requested".to_owned(), (400, "too-costly")),
        ("GET", "Task?owner:identifier=amina".to_owned(), (400, "value")),
        ("GET", format!("Task/{}", "0".repeat(64)), (404, "not-found")),
        ("GET", "Task/1".to_owned(), (404, "not-found")),
        ("PUT", "Task/1".to_owned(), (405, "not-supported")),
        ("POST", "Task".to_owned(), (405, "not-supported")),
    ];
    for (method, path, expected) in refusals {
        let refused = stage
            .ask("work", method, &path, &[], json!({ "resourceType": "Task" }))
            .await;
        let (status, code, _) = refused.refusal();
        assert_eq!((status, code), expected, "{method} {path}");
    }
    // What was asked, and of whom it was shown, is remembered.
    let (shown,): (i64,) = sqlx::query_as("SELECT count(*) FROM fhir_access WHERE event = 'task.searched'")
        .fetch_one(&stage.place.cx.pool)
        .await
        .unwrap();
    assert_eq!(shown, 1);
}
