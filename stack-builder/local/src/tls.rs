//! A certificate for this machine, made once and kept with the state.

use crate::Error;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use stack_builder_local_core::{State, write_atomically};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};

/// The authority that a browser must trust.
const AUTHORITY: &str = "authority.pem";
/// Names that the certificate is good for.
const NAMES: [&str; 4] = ["localhost", "*.localhost", "127.0.0.1", "::1"];

/// Where Linux distributions keep the authorities that programs trust.
const SYSTEM: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// What TLS needs.
pub(crate) struct Secured {
    pub(crate) config: Arc<ServerConfig>,
    /// The authorities that handlers trust, as PEM: the system's and ours.
    pub(crate) bundle: PathBuf,
    /// Removes the files at the end when nothing is kept.
    _temporary: Option<TempDir>,
}

/// Reads the certificate that an earlier run made, or makes one.
///
/// The authority's own key is thrown away once it has signed, so nobody can make another certificate that whoever
/// trusts it would believe.
pub(crate) fn prepare(state: &State) -> Result<Secured, Error> {
    let failed = |source| Error::State { path: "tls".into(), source };
    let kept = state.folder("tls").map_err(failed)?;
    let temporary = match kept {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("stack-builder-local-").tempdir().map_err(failed)?),
    };
    let folder =
        kept.or_else(|| temporary.as_ref().map(|folder| folder.path().to_owned())).unwrap_or_default();
    let (chain, key) = match read(&folder) {
        Some(kept) => kept,
        None => make(&folder)?,
    };
    let config = configure(&chain, &key).map_err(Error::Certificate)?;
    Ok(Secured { config: Arc::new(config), bundle: bundle(&folder)?, _temporary: temporary })
}

/// Writes what handlers trust.
fn bundle(folder: &Path) -> Result<PathBuf, Error> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let system = named
        .into_iter()
        .chain(SYSTEM.map(PathBuf::from))
        .find_map(|file| std::fs::read_to_string(file).ok());
    let ours = std::fs::read_to_string(folder.join(AUTHORITY)).unwrap_or_default();
    let path = folder.join("bundle.pem");
    let content = format!("{}{ours}", system.unwrap_or_default());
    match write_atomically(&path, content.as_bytes()) {
        Ok(()) => Ok(path),
        Err(source) => Err(Error::State { path, source }),
    }
}

fn read(folder: &Path) -> Option<(String, String)> {
    let text = |name| std::fs::read_to_string(folder.join(name)).ok();
    Some((text("certificate.pem")?, text("key.pem")?))
}

fn make(folder: &Path) -> Result<(String, String), Error> {
    let (authority, certificate, key) = sign().map_err(|error| Error::Certificate(error.to_string()))?;
    let chain = format!("{certificate}{authority}");
    for (name, content) in [(AUTHORITY, &authority), ("certificate.pem", &chain), ("key.pem", &key)] {
        let path = folder.join(name);
        write_atomically(&path, content.as_bytes()).map_err(|source| Error::State { path, source })?;
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
        let authority =
            std::fs::read_to_string(folder.path().join("tls/authority.pem")).expect("the authority");
        let bundle = std::fs::read_to_string(&first.bundle).expect("what handlers trust");
        assert!(bundle.ends_with(&authority));
        let fleeting = prepare(&State::Ephemeral).expect("another").bundle.clone();
        assert!(!fleeting.exists());
    }
}
