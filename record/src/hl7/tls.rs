//! TLS of the HL7 door: its certificate, and whose certificates senders have to show.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::config::Hl7Tls;

/// Reads the files, once: what is renewed is taken at the next start.
pub(super) fn acceptor(tls: &Hl7Tls) -> Result<TlsAcceptor> {
    let chain = certificates(&tls.server.certificate).context("BATON_HL7_TLS_CERTIFICATE")?;
    let key = PrivateKeyDer::from_pem_file(&tls.server.key)
        .ok()
        .context("BATON_HL7_TLS_KEY is not a file with a private key in PEM")?;
    let config = ServerConfig::builder();
    let config = match &tls.client_ca {
        Some(file) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(file).context("BATON_HL7_TLS_CLIENT_CA")? {
                roots
                    .add(certificate)
                    .context("BATON_HL7_TLS_CLIENT_CA has a certificate that cannot be used")?;
            }
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
                .build()
                .context("BATON_HL7_TLS_CLIENT_CA cannot be used")?;
            config.with_client_cert_verifier(verifier)
        }
        None => config.with_no_client_auth(),
    };
    let config = config
        .with_single_cert(chain, key)
        .context("BATON_HL7_TLS_CERTIFICATE and BATON_HL7_TLS_KEY do not belong together")?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let read = || -> Option<Vec<CertificateDer<'static>>> {
        let certificates: Vec<_> = CertificateDer::pem_file_iter(file)
            .ok()?
            .collect::<Result<_, _>>()
            .ok()?;
        (!certificates.is_empty()).then_some(certificates)
    };
    read().context("not a file with certificates in PEM")
}
