use super::*;

fn good() -> BTreeMap<String, String> {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let verify = {
        use base64::Engine;
        let public = SigningKey::from_bytes(&[7; 32]).verifying_key();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(public.to_bytes())
    };
    [
        ("BATON_DATABASE_URL", "postgres://baton:hidden-word@127.0.0.1/baton"),
        ("BATON_LISTEN", "127.0.0.1:8081"),
        ("BATON_OPS_LISTEN", "127.0.0.1:8082"),
        ("BATON_KEK", key),
        ("BATON_SIGNING_KEY", key),
        ("BATON_OHTTP_KEY", key),
        ("BATON_EDGE_URL", "http://127.0.0.1:8787"),
        ("BATON_EDGE_VERIFY_KEY", &verify),
        ("BATON_APP_ORIGIN", "http://localhost:8787"),
        ("BATON_OIDC_ISSUER", "http://127.0.0.1:9000"),
        ("BATON_OIDC_CLIENT_ID", "baton"),
        (
            "BATON_OIDC_CLIENT_KEY",
            "-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\\n-----END PRIVATE KEY-----",
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[test]
fn good_settings_are_read() {
    let config = Config::read(None, good().into_iter()).unwrap();
    assert_eq!(config.redirect_uri(), "http://localhost:8787/signed-in");
    assert_eq!(config.identity.scopes, "openid profile");
    assert_eq!(
        config.identity.client_key.algorithm,
        jsonwebtoken::Algorithm::EdDSA
    );
}

#[test]
fn devices_behave_as_the_organisation_says() {
    let policy = |more: &[(&str, &str)]| {
        let mut values = good();
        values.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Config::read(None, values.into_iter()).map(|config| config.policy)
    };
    assert_eq!(policy(&[]).unwrap(), Policy::default());
    let own = policy(&[
        ("BATON_OFFLINE_LEASE_HOURS", "24"),
        ("BATON_IDLE_LOCK_SECONDS", "30"),
        ("BATON_LOCK_ON_HIDE", "yes"),
        ("BATON_KEEP_ALLOWED", "FALSE"),
    ]);
    let expected = Policy {
        offline_lease: 24 * 60 * 60 * 1000,
        idle_lock: 30_000,
        lock_on_hide: true,
        keep_allowed: false,
    };
    assert_eq!(own.unwrap(), expected);
    for (name, wrong) in [
        ("BATON_OFFLINE_LEASE_HOURS", "0"),
        ("BATON_OFFLINE_LEASE_HOURS", "721"),
        ("BATON_OFFLINE_LEASE_HOURS", "72h"),
        ("BATON_IDLE_LOCK_SECONDS", "3601"),
        ("BATON_IDLE_LOCK_SECONDS", "-1"),
        ("BATON_LOCK_ON_HIDE", "perhaps"),
        ("BATON_KEEP_ALLOWED", "1"),
    ] {
        let told = policy(&[(name, wrong)]).unwrap_err().to_string();
        assert!(told.contains(name), "{name}={wrong}: {told}");
        assert!(POLICY_SETTINGS.contains(name));
    }
}

#[test]
fn every_wrong_setting_is_named_at_once_and_no_value_is_shown() {
    let mut values = good();
    values.remove("BATON_LISTEN");
    values.insert("BATON_KEK".into(), "hidden-kek".into());
    values.insert("BATON_DATABASE_URL".into(), "mysql://hidden-word".into());
    values.insert("BATON_OIDC_CLIENT_KEY".into(), "hidden-pem".into());
    values.insert("BATON_TLS_KEY".into(), "key.pem".into());
    let told = Config::read(None, values.into_iter()).unwrap_err().to_string();
    for name in [
        "BATON_LISTEN",
        "BATON_KEK",
        "BATON_DATABASE_URL",
        "BATON_OIDC_CLIENT_KEY",
        "BATON_TLS_KEY",
    ] {
        assert!(told.contains(name), "{told}");
    }
    assert!(!told.contains("hidden"), "{told}");
}

#[test]
fn a_file_gives_what_the_environment_does_not() {
    let mut values = good();
    let file = std::env::temp_dir().join(format!("baton-config-{}.toml", std::process::id()));
    let key = values.remove("BATON_KEK").unwrap();
    std::fs::write(
        &file,
        format!("BATON_KEK = \"{key}\"\nBATON_LISTEN = \"wrong\"\nBATON_LOCK_ON_HIDE = true\n"),
    )
    .unwrap();
    let read = Config::read(Some(&file), values.into_iter());
    std::fs::write(&file, "BATON_KEK = hidden").unwrap();
    let told = Config::read(Some(&file), good().into_iter())
        .unwrap_err()
        .to_string();
    std::fs::remove_file(&file).unwrap();
    assert!(read.unwrap().policy.lock_on_hide);
    assert!(told.contains("line 1") && !told.contains("hidden"), "{told}");
}

#[test]
fn the_hl7_door_is_closed_unless_it_is_asked_for() {
    let config = Config::read(None, good().into_iter()).unwrap().hl7;
    assert_eq!((config.listen, config.tls.is_none()), (None, true));
    assert_eq!((config.max_message_bytes, config.connections), (1 << 20, 64));
    assert_eq!(config.processing, Processing::Production);
    assert!(config.feeds.is_empty());
}

#[test]
fn the_hl7_door_is_set_and_each_wrong_setting_is_named() {
    let hl7 = |more: &[(&str, &str)]| {
        let mut values = good();
        values.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Config::read(None, values.into_iter()).map(|config| config.hl7)
    };
    let own = hl7(&[
        ("BATON_HL7_LISTEN", "127.0.0.1:2575"),
        ("BATON_HL7_TLS_CERTIFICATE", "c.pem"),
        ("BATON_HL7_TLS_KEY", "k.pem"),
        ("BATON_HL7_TLS_CLIENT_CA", "ca.pem"),
        ("BATON_HL7_FEEDS", "PAS|RX1, CAREPLAN|VM7X2"),
        ("BATON_HL7_PROCESSING", "T"),
        ("BATON_HL7_IDLE_SECONDS", "60"),
    ])
    .unwrap();
    assert_eq!(own.feeds, ["PAS|RX1", "CAREPLAN|VM7X2"]);
    assert_eq!(own.idle, std::time::Duration::from_mins(1));
    assert_eq!(own.processing, Processing::Training);
    assert!(own.tls.unwrap().client_ca.is_some());
    for (name, wrong) in [
        ("BATON_HL7_LISTEN", "2575"),
        ("BATON_HL7_TLS_CERTIFICATE", "c.pem"),
        ("BATON_HL7_TLS_CLIENT_CA", "ca.pem"),
        ("BATON_HL7_FEEDS", "PAS"),
        ("BATON_HL7_PROCESSING", "X"),
        ("BATON_HL7_MAX_MESSAGE_BYTES", "1"),
        ("BATON_HL7_CONNECTIONS", "0"),
        ("BATON_HL7_IDLE_SECONDS", "0"),
        ("BATON_HL7_MESSAGE_SECONDS", "601"),
    ] {
        let told = hl7(&[(name, wrong)]).unwrap_err().to_string();
        assert!(told.contains(name), "{name}={wrong}: {told}");
        assert!(HL7_SETTINGS.contains(name));
    }
}

#[test]
fn the_fhir_door_is_closed_unless_all_of_it_is_set() {
    let fhir = |more: &[(&str, &str)]| {
        let mut values = good();
        values.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Config::read(None, values.into_iter()).map(|config| config.fhir.is_some())
    };
    assert!(!fhir(&[]).unwrap());
    let told = fhir(&[("BATON_FHIR_LISTEN", "127.0.0.1:8083")])
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("BATON_FHIR_URL is missing") && told.contains("BATON_FHIR_CLIENTS is missing"),
        "{told}"
    );
    for (name, wrong) in [
        ("BATON_FHIR_LISTEN", "8083"),
        ("BATON_FHIR_URL", "https://record.test/fhir"),
        ("BATON_FHIR_CLIENTS", "/nowhere/clients.json"),
    ] {
        let told = fhir(&[(name, wrong)]).unwrap_err().to_string();
        assert!(told.contains(&format!("{name} ")), "{told}");
        assert!(FHIR_SETTINGS.contains(name));
    }
}
