//! Signatures over evidence in OpenSSH's own format, so that `ssh-keygen -Y verify` checks them without this program.
//!
//! Format: <https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig>, read 2026-11-24. Ed25519 keys only.

use optout_core::evidence::bundle::NAMESPACE;
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::file;

const KEY_HELP: &str = "make one with `ssh-keygen -t ed25519 -N '' -f evidence-key`; keys with a passphrase or in an agent sign the finished archive: `ssh-keygen -Y sign -n optout-evidence -f KEY ARCHIVE`";

/// A key that signs; its secret never leaves this value.
pub(crate) struct Signer {
    key: PrivateKey,
}

impl Signer {
    /// Reads the key from its file.
    pub(crate) fn load(path: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Error::failed(format!("cannot sign with `{path}`: {why}"), KEY_HELP);
        let bytes = Zeroizing::new(file::read(path, file::LARGEST_TEXT)?);
        let key = PrivateKey::from_openssh(&*bytes).map_err(|_| refuse("it is not an OpenSSH private key"))?;
        if key.is_encrypted() {
            return Err(refuse("it has a passphrase"));
        }
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(refuse("it is not an Ed25519 key"));
        }
        Ok(Self { key })
    }

    /// The signature over `message`, as text.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, Error> {
        let signed = self.key.sign(NAMESPACE, HashAlg::Sha512, message).and_then(|it| it.to_pem(LineEnding::LF));
        signed.map_err(|error| Error::failed(format!("cannot sign: {error}"), KEY_HELP))
    }

    /// By what others know the key.
    pub(crate) fn fingerprint(&self) -> String {
        self.key.fingerprint(HashAlg::Sha256).to_string()
    }
}

/// The public keys of those who may sign, from a file: `.pub` files, or the lines of an `allowed_signers` file.
pub(crate) fn signers(path: &str) -> Result<Vec<PublicKey>, Error> {
    let text = file::source(path, file::LARGEST_TEXT)?.text;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Option<Vec<PublicKey>> = lines.map(public_key).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(|| {
        Error::failed(
            format!("`{path}` does not hold public keys"),
            "name a `.pub` file as `ssh-keygen` writes it, or an `allowed_signers` file",
        )
    })
}

/// The key of a line, before which principals and options may stand.
fn public_key(line: &str) -> Option<PublicKey> {
    let start = line.find("ssh-ed25519 ")?;
    let mut words = line.get(start..)?.split_whitespace();
    PublicKey::from_openssh(&format!("{} {}", words.next()?, words.next()?)).ok()
}

/// By whom of `signers` a message was signed: the fingerprint.
///
/// # Errors
/// Why it was by none of them.
pub(crate) fn signed_by(signers: &[PublicKey], message: &[u8], signature: &[u8]) -> Result<String, String> {
    let signature = SshSig::from_pem(signature).map_err(|_| "the signature is none of OpenSSH's".to_owned())?;
    let by = signers.iter().find(|key| key.verify(NAMESPACE, message, &signature).is_ok());
    by.map(|key| key.fingerprint(HashAlg::Sha256).to_string())
        .ok_or_else(|| "it was not made by any of the signers over these sums".to_owned())
}
