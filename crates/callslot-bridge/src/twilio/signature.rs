//! Who signed a request of a carrier: HMAC-SHA1 over address and form for Twilio, Ed25519 over time and body for Telnyx.
//!
//! The address is the one that the carrier called, made of the settings' `public_url`: a proxy may have rewritten what arrives here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::{hmac, signature};

/// How old a signature with a time may be, or how far ahead, in milliseconds.
const FRESH_MS: u64 = 300_000;

/// What a carrier's signatures are checked with.
#[derive(Clone)]
pub enum Signer {
    /// Twilio's: the account's auth token.
    Token(String),
    /// Telnyx's: the account's public key.
    PublicKey(Vec<u8>),
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Signer")
    }
}

/// What is looked at of a request, before anything else is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// The address without path, as in the settings, and then path and query as they arrived.
    pub(crate) base: &'a str,
    pub(crate) path_and_query: &'a str,
    pub(crate) body: &'a [u8],
    /// The header with the signature.
    pub(crate) signature: &'a str,
    /// The header with the time, where there is one.
    pub(crate) timestamp: &'a str,
}

impl Signer {
    /// A public key as Telnyx shows it: 32 bytes in base64.
    #[must_use]
    pub fn of_public_key(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        (bytes.len() == 32).then_some(Self::PublicKey(bytes))
    }

    /// The names of the headers with the signature and with its time.
    pub(crate) fn headers(&self) -> (&'static str, &'static str) {
        match self {
            Self::Token(_) => ("x-twilio-signature", "x-twilio-signature"),
            Self::PublicKey(_) => ("telnyx-signature-ed25519", "telnyx-timestamp"),
        }
    }

    /// Whether the carrier has signed this.
    pub(crate) fn has_signed(&self, signed: Signed<'_>, now_ms: u64) -> bool {
        let Ok(signature) = STANDARD.decode(signed.signature) else { return false };
        match self {
            Self::Token(token) => {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
                let form = sorted(signed.body);
                addresses(signed.base, signed.path_and_query).iter().any(|address| {
                    let text = format!("{address}{form}");
                    hmac::verify(&key, text.as_bytes(), &signature).is_ok()
                })
            }
            Self::PublicKey(key) => {
                let Ok(at_s) = signed.timestamp.parse::<u64>() else { return false };
                let text = [signed.timestamp.as_bytes(), b"|", signed.body].concat();
                at_s.saturating_mul(1000).abs_diff(now_ms) <= FRESH_MS
                    && signature::UnparsedPublicKey::new(&signature::ED25519, key)
                        .verify(&text, &signature)
                        .is_ok()
            }
        }
    }
}

/// The fields of a form, by name and then by value, each written once, without anything between them.
fn sorted(body: &[u8]) -> String {
    let mut fields: Vec<_> = form_urlencoded::parse(body).collect();
    fields.sort();
    fields.dedup();
    fields.iter().flat_map(|(name, value)| [&**name, &**value]).collect()
}

/// The address that was called, as it is and with the scheme's own port or without: carriers sign either.
fn addresses(base: &str, path_and_query: &str) -> [String; 2] {
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let port = if scheme == "http" { ":80" } else { ":443" };
    let other = match host.strip_suffix(port) {
        Some(name) => name.to_owned(),
        None if has_port(host) => host.to_owned(),
        None => format!("{host}{port}"),
    };
    [host.to_owned(), other].map(|host| format!("{scheme}://{host}{path}{path_and_query}"))
}

fn has_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use ring::signature::KeyPair as _;

    use super::*;

    /// The example of Twilio's page on security: this token, this address and these fields have this signature.
    const TOKEN: &str = "12345";
    const BASE: &str = "https://mycompany.com";
    const PATH: &str = "/myapp.php?foo=1&bar=2";
    const FORM: &[u8] = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
    const SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    fn signed<'a>(
        base: &'a str,
        path_and_query: &'a str,
        body: &'a [u8],
        signature: &'a str,
    ) -> Signed<'a> {
        Signed { base, path_and_query, body, signature, timestamp: "" }
    }

    #[test]
    fn twilios_own_example_is_signed_and_nothing_else_is() {
        let signer = Signer::Token(TOKEN.to_owned());
        let has_signed = |signed| signer.has_signed(signed, 0);
        assert!(has_signed(signed(BASE, PATH, FORM, SIGNATURE)));
        let reordered = b"To=%2B18005551212&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309";
        assert!(has_signed(signed(BASE, PATH, reordered, SIGNATURE)));
        assert!(!has_signed(signed(BASE, "/myapp.php?foo=1", FORM, SIGNATURE)));
        assert!(!has_signed(signed("https://other.com", PATH, FORM, SIGNATURE)));
        assert!(!has_signed(signed(BASE, PATH, &FORM[..FORM.len() - 1], SIGNATURE)));
        for nonsense in ["", "RSOY", "no base64!"] {
            assert!(!has_signed(signed(BASE, PATH, FORM, nonsense)));
        }
        assert!(
            !Signer::Token("12346".to_owned()).has_signed(signed(BASE, PATH, FORM, SIGNATURE), 0)
        );
    }

    #[test]
    fn the_port_of_the_scheme_may_be_written_or_not() {
        let [as_it_is, other] = addresses("https://a.example/b", "/c");
        assert_eq!((&*as_it_is, &*other), ("https://a.example/b/c", "https://a.example:443/b/c"));
        assert_eq!(addresses("http://a.example:80", "/c")[1], "http://a.example/c");
        assert_eq!(addresses("https://a.example:8443", "/c")[1], "https://a.example:8443/c");
    }

    #[test]
    fn an_ed25519_signature_holds_for_its_body_and_for_five_minutes() {
        let pair = signature::Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed");
        let public = STANDARD.encode(pair.public_key().as_ref());
        let signer = Signer::of_public_key(&public).expect("a key");
        let seal = STANDARD.encode(pair.sign(b"1000|CallSid=v3").as_ref());
        let has_signed = |body, timestamp, now_ms| {
            let sent = Signed { timestamp, ..signed(BASE, PATH, body, &seal) };
            signer.has_signed(sent, now_ms)
        };
        assert!(has_signed(b"CallSid=v3", "1000", 1_300_000));
        assert!(!has_signed(b"CallSid=v3", "1000", 1_300_001));
        assert!(!has_signed(b"CallSid=v3", "1001", 1_000_000));
        assert!(!has_signed(b"CallSid=v4", "1000", 1_000_000));
        assert!(Signer::of_public_key("c2hvcnQ=").is_none());
    }
}
