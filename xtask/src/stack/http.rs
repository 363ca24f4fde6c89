//! The little HTTP that ready checks need.

use std::time::Duration;

use anyhow::{Result, bail};

/// Succeeds when a GET is answered with a 2xx.
pub fn answers_ok(url: &str) -> Result<()> {
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2)));
    let agent = ureq::Agent::new_with_config(config.http_status_as_error(false).build());
    let status = agent.get(url).call()?.status();
    if !status.is_success() {
        bail!("{url} answers {status}");
    }
    Ok(())
}
