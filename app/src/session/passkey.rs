//! Passkeys: the pseudo-random function of a WebAuthn credential (Level 3, §10.1.4) as the secret of a vault.
//!
//! A passkey is made for one vault, whose id is its user handle, under a name that tells nobody's: on a shared device the
//! system lists passkeys to whoever asks. The browser's own interface verifies the person (finger, face, device PIN).

use baton_core::id::VaultId;
use baton_core::secret::Secret;
use baton_core::vault::slot::PRF_INPUT;
use js_sys::{Array, ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{clock, web};

/// What a passkey gave.
pub struct Given {
    /// The credential's id.
    pub credential: Vec<u8>,
    /// The output of its pseudo-random function.
    pub secret: Secret<32>,
}

/// Why a passkey gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The person stopped it, or took too long.
    #[error("stopped")]
    Cancelled,
    /// This browser or this passkey has no such function.
    #[error("not supported")]
    Unsupported,
}

/// Whether this browser has passkeys at all.
pub fn is_available() -> bool {
    Reflect::has(&web::window(), &"PublicKeyCredential".into()).unwrap_or(false)
}

/// Makes a passkey for a vault. `label` is how the system lists it. One that gives nothing does not stay.
pub async fn create(vault: VaultId, label: &str) -> Result<Given, PasskeyError> {
    let user = object(&[
        ("id", bytes(vault.as_bytes())),
        ("name", label.into()),
        ("displayName", label.into()),
    ]);
    let algorithms: Array = [-7, -8, -257]
        .map(|algorithm| object(&[("type", "public-key".into()), ("alg", algorithm.into())]))
        .iter()
        .collect();
    let selection = object(&[
        ("residentKey", "required".into()),
        ("requireResidentKey", true.into()),
        ("userVerification", "required".into()),
    ]);
    let options = object(&[
        ("challenge", bytes(&clock::random::<32>())),
        ("rp", object(&[("id", host()), ("name", "Baton".into())])),
        ("user", user),
        ("pubKeyCredParams", algorithms.into()),
        ("authenticatorSelection", selection),
        ("timeout", TIMEOUT.into()),
        ("extensions", prf()),
    ]);
    let made = call("create", &options).await?;
    let credential = id_of(&made)?;
    if let Some(secret) = secret_of(&made) {
        return Ok(Given { credential, secret });
    }
    // Many authenticators give the function's output only when they are asked for it later.
    let given = open(Some(&credential)).await;
    if given.is_err() {
        forget(&credential).await;
    }
    given
}

/// Has the browser give up a passkey that opens nothing, where it knows how to (WebAuthn Level 3, `signalUnknownCredential`).
pub async fn forget(credential: &[u8]) {
    let id = web::to_base64url(credential);
    let options = object(&[("rpId", host()), ("credentialId", id.into())]);
    let class = Reflect::get(&web::window(), &"PublicKeyCredential".into());
    let asked = class.and_then(|class| ask(&class, "signalUnknownCredential", &options));
    if let Ok(promise) = asked {
        _ = JsFuture::from(promise).await;
    }
}

/// Asks for a passkey: the one of this id, or any that the person has here.
pub async fn open(credential: Option<&[u8]>) -> Result<Given, PasskeyError> {
    let allowed: Array = credential
        .map(|id| object(&[("type", "public-key".into()), ("id", bytes(id))]))
        .into_iter()
        .collect();
    let options = object(&[
        ("challenge", bytes(&clock::random::<32>())),
        ("allowCredentials", allowed.into()),
        ("userVerification", "required".into()),
        ("timeout", TIMEOUT.into()),
        ("extensions", prf()),
    ]);
    let got = call("get", &options).await?;
    Ok(Given {
        credential: id_of(&got)?,
        secret: secret_of(&got).ok_or(PasskeyError::Unsupported)?,
    })
}

async fn call(method: &str, options: &JsValue) -> Result<JsValue, PasskeyError> {
    let credentials = Reflect::get(&web::window().navigator(), &"credentials".into());
    let options = object(&[("publicKey", options.clone())]);
    let promise = credentials
        .and_then(|credentials| ask(&credentials, method, &options))
        .map_err(|_| PasskeyError::Unsupported)?;
    JsFuture::from(promise).await.map_err(|error| {
        let name = Reflect::get(&error, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        match name.as_deref() {
            Some("AbortError" | "NotAllowedError") => PasskeyError::Cancelled,
            _ => PasskeyError::Unsupported,
        }
    })
}

fn ask(target: &JsValue, method: &str, options: &JsValue) -> Result<Promise, JsValue> {
    let method: Function = Reflect::get(target, &method.into())?.dyn_into()?;
    method.call1(target, options)?.dyn_into()
}

fn host() -> JsValue {
    web::window().location().hostname().unwrap_or_default().into()
}

fn prf() -> JsValue {
    let input: [u8; 32] = Sha256::digest(PRF_INPUT).into();
    let eval = object(&[("first", bytes(&input))]);
    object(&[("prf", object(&[("eval", eval)]))])
}

fn id_of(credential: &JsValue) -> Result<Vec<u8>, PasskeyError> {
    let id = Reflect::get(credential, &"rawId".into()).map_err(|_| PasskeyError::Unsupported)?;
    Ok(Uint8Array::new(&id).to_vec())
}

fn secret_of(credential: &JsValue) -> Option<Secret<32>> {
    let results: Function = Reflect::get(credential, &"getClientExtensionResults".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let mut value = results.call0(credential).ok()?;
    for name in ["prf", "results", "first"] {
        value = Reflect::get(&value, &name.into())
            .ok()
            .filter(JsValue::is_object)?;
    }
    let first: ArrayBuffer = value.dyn_into().ok()?;
    let bytes = zeroize::Zeroizing::new(Uint8Array::new(&first).to_vec());
    Some(Secret::new(bytes.as_slice().try_into().ok()?))
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The person has so many milliseconds.
const TIMEOUT: u32 = 120_000;
