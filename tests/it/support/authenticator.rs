//! A device that makes and uses passkeys, in software: P-256, attestation "none". What a test wants wrong with it, it changes.

use super::app::Browser;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::StatusCode;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HOLDS_CREDENTIAL: u8 = 0x40;

/// A device with one passkey in it.
pub struct Authenticator {
    /// What the browser says where it stands.
    pub origin: String,
    /// The name that it makes the passkey for.
    pub rp: String,
    /// Whether it asks for a finger, a face or a PIN.
    pub verifies: bool,
    /// Whether the passkey is copied to other devices.
    pub is_synced: bool,
    /// What it says how often it was used.
    pub counter: u32,
    /// Its name for the passkey.
    pub id: Vec<u8>,
    /// Whose passkey it is.
    pub handle: Option<Vec<u8>>,
    key: EcdsaKeyPair,
}

impl Authenticator {
    pub fn new() -> Self {
        Self {
            origin: super::app::ORIGIN.to_owned(),
            rp: "localhost".to_owned(),
            verifies: true,
            is_synced: false,
            counter: 0,
            id: rand::random::<[u8; 32]>().to_vec(),
            handle: None,
            key: key(),
        }
    }

    /// Another private key under the same name: what a thief would have who knows everything else.
    pub fn forget_key(&mut self) {
        self.key = key();
    }

    /// Makes a passkey, as `navigator.credentials.create` does with these options.
    pub fn makes(&mut self, options: &Value) -> Value {
        self.handle = options["user"]["id"]
            .as_str()
            .and_then(|id| BASE64_URL_SAFE_NO_PAD.decode(id).ok());
        let mut data = self.data(HOLDS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        let client = self.client_data("webauthn.create", options);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "attestationObject": text(&object), "clientDataJSON": text(&client), "transports": ["internal", "hybrid"],
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
    }

    /// Makes a passkey for whoever is signed in there.
    pub async fn is_added(&mut self, browser: &Browser<'_>) {
        let options = browser.reads("/api/auth/passkey/generate-register-options");
        let made = self.makes(&options.await.is(StatusCode::OK).json());
        let body = json!({ "response": made, "name": "Laptop" });
        let answer = browser.calls("/api/auth/passkey/verify-registration", &body);
        answer.await.is(StatusCode::OK);
    }

    /// Uses the passkey, as `navigator.credentials.get` does with these options.
    pub fn uses(&self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature = self
            .key
            .sign(&SystemRandom::new(), &signed)
            .expect("a signature");
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.as_ref()), "userHandle": self.handle.as_deref().map(text),
            },
            "clientExtensionResults": {},
        })
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let mut flags = USER_PRESENT | more;
        if self.verifies {
            flags |= USER_VERIFIED;
        }
        if self.is_synced {
            flags |= BACKUP_ELIGIBLE | BACKED_UP;
        }
        let mut data = Sha256::digest(&self.rp).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    /// As COSE writes it: EC2, ES256, P-256, x and y.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(&point[33..]);
        key
    }
}

fn key() -> EcdsaKeyPair {
    let (kind, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).expect("the same key")
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
