//! The loopback provider signs people in for a client that is no browser, and keeps them signed in.

use std::{env, fs, process};

use xtask::stack::keys::Keys;
use xtask::stack::oidc::Oidc;
use xtask::stack::oidc::visit::Visitor;
use xtask::stack::ports::free_port;

#[test]
fn a_visitor_is_asked_once_who_they_are() {
    let state = env::temp_dir().join(format!("baton-oidc-{}", process::id()));
    fs::create_dir_all(&state).unwrap();
    let keys = Keys::kept_in(&state.join("keys.json")).unwrap();
    let people = xtask::project::root().join("xtask/demo/people.json");
    let mut oidc = Oidc::new(
        &state,
        free_port().unwrap(),
        "http://localhost:8787",
        &people,
        &keys,
    )
    .unwrap();
    oidc.start().unwrap();
    let ask = format!("{}/auth?client_id=baton&{ASK}", oidc.issuer());
    let quietly = format!("{ask}&prompt=none");

    let refused = Visitor::new().sign_in(&quietly, "amina.khan").unwrap();
    let mut amina = Visitor::new();
    let first = amina.sign_in(&ask, "amina.khan").unwrap();
    let second = amina.sign_in(&quietly, "amina.khan").unwrap();
    let nobody = Visitor::new().sign_in(&ask, "nobody.atall");

    oidc.stop().unwrap();
    fs::remove_dir_all(&state).unwrap();
    assert!(refused.contains("error=login_required"), "{refused}");
    assert!(
        first.starts_with("http://localhost:8787/signed-in?code=") && first.contains("state=there"),
        "{first}"
    );
    assert!(
        second.starts_with("http://localhost:8787/signed-in?code="),
        "{second}"
    );
    assert!(nobody.is_err());
}

const ASK: &str = "response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A8787%2Fsigned-in&scope=openid+profile\
                   &state=there&nonce=once&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
                   &code_challenge_method=S256";
