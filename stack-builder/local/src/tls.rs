//! A certificate for this machine, made once and kept with the state.

use crate::Error;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use stack_builder_local_core::{State, write_atomically};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// Names that the certificate is good for.
const NAMES: [&str; 4] = ["localhost", "*.localhost", "127.0.0.1", "::1"];

/// What TLS needs.
pub(crate) struct Tls {
    pub(crate) config: Arc<ServerConfig>,
    /// The authorities that handlers must trust, as PEM; `None` while nothing is kept on disk.
    pub(crate) bundle: Option<PathBuf>,
}

/// Reads the certificate that an earlier run made, or makes one.
///
/// The authority's own key is thrown away once it has signed, so nobody can make another certificate that whoever
/// trusts it would believe.
pub(crate) fn prepare(state: &State) -> Result<Tls, Error> {
    let folder = state.folder("tls").map_err(|source| Error::State { path: "tls".into(), source })?;
    let (chain, key) = match folder.as_deref().map(read) {
        Some(Some(kept)) => kept,
        _ => make(folder.as_deref())?,
    };
    let config = configure(&chain, &key).map_err(Error::Certificate)?;
    let bundle = folder.map(|folder| folder.join("authority.pem"));
    Ok(Tls { config: Arc::new(config), bundle })
}

fn read(folder: &Path) -> Option<(String, String)> {
    let text = |name| std::fs::read_to_string(folder.join(name)).ok();
    Some((text("certificate.pem")?, text("key.pem")?))
}

fn make(folder: Option<&Path>) -> Result<(String, String), Error> {
    let (authority, certificate, key) = sign().map_err(|error| Error::Certificate(error.to_string()))?;
    let chain = format!("{certificate}{authority}");
    if let Some(folder) = folder {
        for (name, content) in [("authority.pem", &authority), ("certificate.pem", &chain), ("key.pem", &key)]
        {
            let path = folder.join(name);
            write_atomically(&path, content.as_bytes()).map_err(|source| Error::State { path, source })?;
        }
    }
    Ok((chain, key))
}

fn sign() -> Result<(String, String, String), rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, "stack-builder local");
    let authority_key = KeyPair::generate()?;
    let root = authority.self_signed(&authority_key)?;
    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(NAMES.map(str::to_owned))?;
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key))?;
    Ok((root.pem(), leaf.pem(), key.serialize_pem()))
}

fn configure(chain: &str, key: &str) -> Result<ServerConfig, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
    let chain = chain.map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|error| error.to_string())?;
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_outlives_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = State::Folder(folder.path().to_owned());
        let first = prepare(&state).expect("a certificate");
        let key = || std::fs::read(folder.path().join("tls/key.pem")).expect("the key");
        let kept = key();
        prepare(&state).expect("the same");
        assert_eq!(key(), kept);
        assert!(first.bundle.expect("a path").is_file());
    }
}
