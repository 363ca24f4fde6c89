//! A stolen disk tells nothing: names and texts that are planted through the real parts, and the shares of vaults, are
//! searched for in PostgreSQL's files and its write-ahead log, in the edge's storage and in every log.

use std::time::Duration;

use baton_core::device_api::{VAULT_PATH, Vault, VaultAnswer};
use baton_core::id::VaultId;
use baton_tests::client::record;
use baton_tests::stage::{Cast, Stage};
use baton_tests::{clock, log, scan};
use xtask::record_build::Profile;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_disk_tells_nothing() {
    let family = "Quillfeather";
    let title = "Heronsgate rapid response";
    let text = "Mrs Thistlewood has a potassium of 6.8";
    let draft = "Bed fourteen smells of marzipan";
    let cast = Cast {
        people: 3,
        teams: vec![(title.to_owned(), vec![0, 1, 2])],
        planted: family.to_owned(),
    };
    let stage = Stage::open("disk", Profile::Dev, &cast).await.unwrap();
    let clients = stage.sign_in(0..3).await.unwrap();
    let space = clients[0]
        .look(|sync| sync.spaces().next().map(baton_core::sync::Space::id))
        .await
        .unwrap()
        .unwrap();
    for client in &clients {
        for _ in 0..10 {
            client.post(space, text).await.unwrap().unwrap();
            client.post(space, draft).await.unwrap().unwrap();
        }
        client
            .change(move |sync, now, rng| sync.typing(space, now, rng))
            .await
            .unwrap();
    }
    for client in &clients {
        let held = client.until("60 messages", Duration::from_secs(30), move |sync| {
            let space = sync.space(space)?;
            let texts = space
                .confirmed()
                .timeline
                .messages()
                .filter(|message| message.text() == text)
                .count();
            (texts == 30 && sync.waiting() == 0).then_some(texts)
        });
        held.await.unwrap();
        client
            .change(move |sync, now, _| {
                let head = sync.space(space).map(|space| space.confirmed().head.seq);
                sync.read_up_to(space, head.unwrap_or_default(), now);
            })
            .await
            .unwrap();
    }
    let mut shares = Vec::new();
    for client in &clients {
        let vault = Vault {
            vault: VaultId::from_bytes(clock::random()),
            kept: true,
        };
        let lent: VaultAnswer = record::ask(&stage.deployment, &client.seat().device, VAULT_PATH, &vault)
            .await
            .unwrap();
        shares.push(*lent.share.expose());
    }
    import_patients(&stage).await;
    // Everything that is in memory goes to the files.
    log::connect(&stage.database_url)
        .await
        .unwrap()
        .batch_execute("CHECKPOINT")
        .await
        .unwrap();

    let planted: Vec<String> = [family, title, text, draft, "Thistlewood", "marzipan"]
        .into_iter()
        .chain(PATIENT)
        .map(str::to_owned)
        .collect();
    let mut files = 0;
    for folder in ["postgres", "edge", "log"] {
        let scan = scan::search(&stage.state.join(folder), &planted).unwrap();
        println!("{folder}: {} files, {} bytes", scan.files, scan.bytes);
        assert_eq!(scan.found, [], "{folder} tells");
        assert!(scan.files > 0, "{folder} was not there");
        let keys = scan::search_keys(&stage.state.join(folder), &shares).unwrap();
        assert_eq!(keys.found, [], "{folder} has a share in plain");
        files += scan.files;
    }
    assert!(files > 500, "PostgreSQL alone has more files than {files}");
    // The search itself finds them where they are meant to be.
    let known = scan::search(&stage.state, &[family.to_owned()]).unwrap();
    assert!(known.found.iter().all(|(path, _)| path.ends_with("people.json")) && !known.found.is_empty());
}

/// What is known of a patient.
const PATIENT: [&str; 8] = [
    "Featherstonehaugh",
    "FEATHERSTONEHAUGH",
    "Persephone",
    "9000000009",
    "900 000 0009",
    "Tanglewood Cottage",
    "YO31 9ZZ",
    "Harebell Ward",
];

#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
async fn import_patients(stage: &Stage) {
    let file = format!(
        "assigner,number,family,given,nhs_number,born,address,postcode,ward,visit\n\
         RX1,T4711,{},{},{},1961-02-01,{},{},{},admitted\n",
        PATIENT[1], PATIENT[2], PATIENT[4], PATIENT[5], PATIENT[6], PATIENT[7]
    );
    let path = stage.state.join("patients.csv");
    std::fs::write(&path, file).unwrap();
    let printed = stage
        .with(move |stack| {
            stack
                .record
                .command(&["patients", "import", &path.to_string_lossy()])
        })
        .await
        .unwrap();
    assert!(printed.contains("1 patients added"), "{printed}");
}
