//! TLS, and certificates that senders have to show.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{ADA, Door, Sender, adt, code};

/// Certificates of a hospital, in files.
struct Papers {
    folder: PathBuf,
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Papers {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("baton-hl7-tls-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        std::fs::write(folder.join("ca.pem"), ca.pem()).unwrap();
        let papers = Self { folder, ca };
        papers.issue("server", "localhost");
        papers.issue("client", "pas.rx1.example");
        papers
    }

    fn issue(&self, name: &str, host: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.ca).unwrap();
        std::fs::write(self.path(&format!("{name}.pem")), certificate.pem()).unwrap();
        std::fs::write(self.path(&format!("{name}-key.pem")), key.serialize_pem()).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let of = |name: &str| self.path(name).to_str().unwrap().to_owned();
        vec![
            ("BATON_HL7_TLS_CERTIFICATE", of("server.pem")),
            ("BATON_HL7_TLS_KEY", of("server-key.pem")),
            ("BATON_HL7_TLS_CLIENT_CA", of("ca.pem")),
        ]
    }

    /// Connects with a certificate, or none.
    async fn dial(&self, door: &Door, own: Option<&str>) -> std::io::Result<Sender<TlsStream<TcpStream>>> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate(&self.path("ca.pem"))).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots);
        let config = match own {
            None => config.with_no_client_auth(),
            Some(name) => {
                let chain = vec![certificate(&self.path(&format!("{name}.pem")))];
                let key = PrivateKeyDer::from_pem_file(self.path(&format!("{name}-key.pem"))).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let stream = TcpStream::connect(door.address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
        Ok(Sender::new(stream))
    }
}

impl Drop for Papers {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn certificate(file: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_a_certificate_of_the_hospital_is_served_and_nobody_else() {
    let papers = Papers::new("mutual");
    let settings = papers.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let Some(door) = Door::open("tls", &settings).await else {
        return;
    };
    let message = adt("A28", "1", 570, &[ADA]);
    let mut pas = papers.dial(&door, Some("client")).await.unwrap();
    assert_eq!(pas.send(&message).await.code(), code("AA", "1"));

    // In TLS 1.3 a client is told after its own half of the handshake.
    let other = Papers::new("other");
    std::fs::copy(other.path("client.pem"), papers.path("stranger.pem")).unwrap();
    std::fs::copy(other.path("client-key.pem"), papers.path("stranger-key.pem")).unwrap();
    for (number, own) in [None, Some("stranger")].into_iter().enumerate() {
        if let Ok(mut sender) = papers.dial(&door, own).await {
            assert_eq!(sender.read().await, None, "{own:?} is served");
        }
        door.until_counted(
            "baton_hl7_connections_total{end=\"tls\"}",
            u64::try_from(number).unwrap() + 1,
        )
        .await;
    }
    // Without TLS nothing is said in plain.
    let mut plain = door.dial().await;
    plain.write(&super::framed(message.as_bytes())).await;
    let mut answer = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut plain.line, &mut answer).await;
    assert!(!answer.windows(3).any(|part| part == b"MSA"), "{answer:?}");
    assert_eq!(pas.send(&message).await.code(), code("AA", "1"));
    assert_eq!(door.place.count("hl7_seen").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_used_are_named_at_the_start() {
    let papers = Papers::new("files");
    for (name, file) in [
        ("BATON_HL7_TLS_CERTIFICATE", "client-key.pem"),
        ("BATON_HL7_TLS_KEY", "ca.pem"),
        ("BATON_HL7_TLS_CLIENT_CA", "nowhere.pem"),
        ("BATON_HL7_TLS_KEY", "client-key.pem"),
    ] {
        let wrong = papers.path(file).to_str().unwrap().to_owned();
        let mut settings = papers.settings();
        settings.push(("BATON_HL7_LISTEN", "127.0.0.1:0".to_owned()));
        settings.push((name, wrong));
        let settings: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let Some(place) = crate::place::Place::open_with("hl7_tls_files", &settings).await else {
            return;
        };
        let told = format!(
            "{:#}",
            baton_record::hl7::listener::bind(&place.cx).await.err().unwrap()
        );
        assert!(told.contains(name), "{told}");
        place.cx.pool.close().await;
    }
}
