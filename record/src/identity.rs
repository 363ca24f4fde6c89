//! The OpenID Connect client: an authorization code in, who it is that the provider vouches for out. The record is a
//! confidential client and proves itself by `private_key_jwt` (RFC 7523); the code is bound by PKCE to the device that asked
//! for it, and the ID token by its `nonce` to that device's keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::context::Context;

pub mod claims;
pub mod discovery;
pub mod exchange;
pub mod provider;

/// What is known of the provider, so that it is not asked each time.
#[derive(Default)]
pub struct Identity {
    known: tokio::sync::Mutex<Option<discovery::Known>>,
}

/// Whom the provider vouches for.
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// What it calls them.
    pub subject: String,
}

/// Exchanges a code. `nonce` is the commitment that the ID token has to carry.
pub async fn exchange(
    cx: &Context,
    code: &str,
    verifier: &str,
    nonce: &[u8; 32],
) -> Result<Vouched, IdentityError> {
    let mut known = discovery::known(cx).await?;
    let token = exchange::redeem(cx, &known, code, verifier).await?;
    if claims::key_of(&token, &known.keys)?.is_none() {
        // The provider may have changed its keys.
        known = discovery::again(cx).await?;
    }
    let expected = claims::Expected {
        issuer: &cx.config.identity.issuer,
        client_id: &cx.config.identity.client_id,
        nonce: &URL_SAFE_NO_PAD.encode(nonce),
        acr: cx.config.identity.acr.as_deref(),
        now: cx.now(),
    };
    Ok(Vouched {
        subject: claims::verify(&token, &known.keys, &expected)?,
        issuer: expected.issuer.to_owned(),
    })
}

/// Why nobody is vouched for. Holds nothing of what the provider said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The token is for another client.
    #[error("the ID token is for another client")]
    Audience,
    /// The provider does not take the code or the verifier.
    #[error("the provider did not take the code")]
    Code,
    /// The token has run out, or is from the future.
    #[error("the ID token is not good now")]
    Expired,
    /// The token is another provider's.
    #[error("the ID token is another issuer's")]
    Issuer,
    /// The person did not sign in strongly enough.
    #[error("not the level of authentication that is needed")]
    Level,
    /// Not a token with the claims that are needed.
    #[error("not an ID token")]
    Malformed,
    /// The token is not bound to this device's keys.
    #[error("the ID token is not bound to this device")]
    Nonce,
    /// The provider cannot be reached, or does not answer as it should.
    #[error("the provider does not answer as it should")]
    Provider,
    /// The signature does not verify, or the algorithm is not one of those that are taken.
    #[error("the ID token's signature does not verify")]
    Signature,
}

impl IdentityError {
    /// As in a problem document and in counters.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Code => "code",
            Self::Expired => "expired",
            Self::Issuer => "issuer",
            Self::Level => "level",
            Self::Malformed => "id-token",
            Self::Nonce => "nonce",
            Self::Provider => "provider-unavailable",
            Self::Signature => "signature",
        }
    }
}
