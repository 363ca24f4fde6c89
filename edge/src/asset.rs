//! Serves the built app from the `ASSETS` binding, with strict headers on every answer.
//!
//! What a file is, how long it is kept and whether a Brotli sibling is asked for are decided by its name alone, since
//! `workerd`'s disk service knows no content types. Names with a hash (`app-0123456789abcdef_bg.wasm`) never change;
//! everything else is asked for anew each time. Paths without an extension are the app's own routes.

use worker::{EncodeBody, Env, Response, ResponseBuilder};

use crate::refuse::Refusal;
use crate::runtime::{refuse, with_headers};

/// Serves `path`; `brotli` says that the client takes it.
pub(crate) async fn serve(env: &Env, path: &str, brotli: bool, head: bool) -> Response {
    let Some(file) = File::parse(path) else {
        return refuse(Refusal::Unknown, None);
    };
    let found = if brotli && file.compresses() {
        fetch(env, &format!("{}.br", file.path)).await
    } else {
        None
    };
    let (found, encoded) = match found {
        Some(found) => (Some(found), true),
        None => (fetch(env, &file.path).await, false),
    };
    let Some(found) = found else {
        return refuse(Refusal::Unknown, None);
    };
    let (_, body) = found.into_parts();
    let answer = ResponseBuilder::new();
    let answer = if head { answer.empty() } else { answer.body(body) };
    let mut headers = vec![
        ("content-type", file.content_type().to_owned()),
        ("cache-control", file.cache_control().to_owned()),
    ];
    if file.compresses() {
        headers.push(("vary", "accept-encoding".to_owned()));
    }
    let answer = with_headers(answer, headers);
    if encoded {
        let answer = with_headers(answer, vec![("content-encoding", "br".to_owned())]);
        return answer.with_encode_body(EncodeBody::Manual);
    }
    answer
}

/// Says whether an `Accept-Encoding` takes Brotli.
pub(crate) fn takes_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim() == "br" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

async fn fetch(env: &Env, path: &str) -> Option<Response> {
    let assets = env
        .get_binding::<worker::Fetcher>("ASSETS")
        .or_else(|_| env.assets("ASSETS"))
        .ok()?;
    let found = assets.fetch(format!("http://assets{path}"), None).await.ok()?;
    (found.status_code() == 200).then_some(found)
}

/// A file of the app, by its path.
#[derive(Debug, PartialEq, Eq)]
struct File {
    path: String,
}

impl File {
    /// Finds the file that a path stands for; `None` when no file of the app can have such a name.
    fn parse(path: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte);
        if !path.starts_with('/') || !path.bytes().all(plain) || path.contains("//") || path.contains("/.") {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let path = if name.contains('.') { path } else { "/index.html" };
        path.rsplit('.')
            .next()
            .is_none_or(|last| last != "br")
            .then(|| Self {
                path: path.to_owned(),
            })
    }

    fn extension(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    fn content_type(&self) -> &'static str {
        match self.extension() {
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "ico" => "image/x-icon",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "png" => "image/png",
            "svg" => "image/svg+xml",
            "txt" => "text/plain; charset=utf-8",
            "wasm" => "application/wasm",
            "webmanifest" => "application/manifest+json",
            "webp" => "image/webp",
            "woff2" => "font/woff2",
            _ => "application/octet-stream",
        }
    }

    fn compresses(&self) -> bool {
        matches!(
            self.extension(),
            "css" | "html" | "js" | "json" | "mjs" | "svg" | "txt" | "wasm" | "webmanifest"
        )
    }

    fn cache_control(&self) -> &'static str {
        if self.is_hashed() {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }
    }

    /// True for names as Trunk makes them: a dash, sixteen hexadecimal digits, then an underscore or a dot.
    fn is_hashed(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('-').skip(1).any(|part| {
            let hash = part.split(['.', '_']).next().unwrap_or_default();
            hash.len() >= 16 && hash.len() < part.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }
}

/// The headers of every answer. `host` is the authority that the page was asked for under, `connect` what else it may
/// connect to.
pub(crate) fn security_headers(host: &str, connect: &str) -> Vec<(&'static str, String)> {
    // Safari before 15.4 does not count ws: as 'self' (CSP 3 §6.7.2.8 does), so both are named. TLS may end before us.
    let mut to = format!("'self' ws://{host} wss://{host}");
    if !connect.is_empty() {
        to.push(' ');
        to.push_str(connect);
    }
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src {to}; \
         img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let mut headers = vec![("content-security-policy", policy)];
    headers.extend(FIXED.iter().map(|(name, value)| (*name, (*value).to_owned())));
    headers
}

/// Headers that are the same for every answer.
const FIXED: &[(&str, &str)] = &[
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), \
         encrypted-media=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File::parse(path).unwrap()
    }

    #[test]
    fn a_route_of_the_app_is_the_page_and_a_file_is_itself() {
        for route in ["/", "/signed-in", "/spaces/01890a5d-ac96-774b-bcce-b302099a8057"] {
            assert_eq!(file(route).path, "/index.html");
        }
        assert_eq!(file("/config.json").path, "/config.json");
        assert_eq!(file("/fonts/frutiger.woff2").path, "/fonts/frutiger.woff2");
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_no_file() {
        for path in [
            "",
            "index.html",
            "/../x.js",
            "/.git/config",
            "/a//b.js",
            "/%2e%2e/x.js",
            "/a\\b.js",
            "/app.js.br",
        ] {
            assert_eq!(File::parse(path), None, "{path}");
        }
    }

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_ever() {
        for path in [
            "/baton-app-0123456789abcdef_bg.wasm",
            "/main-fedcba9876543210.css",
            "/x-0123456789abcdef.js",
        ] {
            assert_eq!(
                file(path).cache_control(),
                "public, max-age=31536000, immutable",
                "{path}"
            );
        }
        for path in [
            "/",
            "/config.json",
            "/manifest.webmanifest",
            "/release.json",
            "/service-worker.js",
            "/service-worker-off.js",
            "/app-012345.js",
            "/0123456789abcdef.js",
            "/icon-192.png",
        ] {
            assert_eq!(file(path).cache_control(), "no-cache", "{path}");
        }
    }

    #[test]
    fn brotli_is_for_those_who_take_it() {
        assert!(takes_brotli("gzip, deflate, br") && takes_brotli("br;q=0.5"));
        assert!(!takes_brotli("gzip") && !takes_brotli("br;q=0, gzip") && !takes_brotli(""));
    }

    #[test]
    fn the_service_worker_may_serve_the_whole_app_and_reach_only_us() {
        // Its scope is its own folder, so it needs no Service-Worker-Allowed.
        assert_eq!(file("/service-worker.js").path, "/service-worker.js");
        assert_eq!(
            file("/service-worker.js").content_type(),
            "text/javascript; charset=utf-8"
        );
        let headers = security_headers("baton.example", "");
        let policy = headers
            .iter()
            .find(|(name, _)| *name == "content-security-policy");
        let policy = policy.map(|(_, policy)| policy.as_str()).unwrap_or_default();
        for rule in ["worker-src 'self'", "manifest-src 'self'", "connect-src 'self'"] {
            assert!(policy.contains(rule), "{rule}");
        }
    }

    #[test]
    fn wasm_is_served_as_wasm() {
        assert_eq!(file("/app_bg.wasm").content_type(), "application/wasm");
        assert_eq!(file("/").content_type(), "text/html; charset=utf-8");
        assert_eq!(
            file("/manifest.webmanifest").content_type(),
            "application/manifest+json"
        );
        assert_eq!(file("/strange.xyz").content_type(), "application/octet-stream");
        assert!(file("/app_bg.wasm").compresses() && !file("/a.png").compresses());
    }

    #[test]
    fn the_policy_allows_no_inline_code_and_only_our_own_sockets() {
        let headers = security_headers("baton.example", "https://id.example");
        let policy = &headers
            .iter()
            .find(|(name, _)| *name == "content-security-policy")
            .unwrap()
            .1;
        assert!(
            policy.contains("connect-src 'self' ws://baton.example wss://baton.example https://id.example;")
        );
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        for name in [
            "strict-transport-security",
            "cross-origin-opener-policy",
            "referrer-policy",
            "permissions-policy",
        ] {
            assert!(headers.iter().any(|(have, _)| *have == name), "{name}");
        }
    }
}
