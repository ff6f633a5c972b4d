//! Which addresses a webhook may be sent to: those of the public internet, and the networks that the operator allows.
//!
//! It is asked about the address that is really used, when the connection is made.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// A text is no network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidNetwork(String);

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no network such as 10.0.0.0/8 or fd00::/8", self.0)
    }
}

impl std::error::Error for InvalidNetwork {}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let invalid = || InvalidNetwork(text.to_owned());
        let (base, bits) = text.split_once('/').unwrap_or((text, ""));
        let base: IpAddr = base.parse().map_err(|_| invalid())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() && !text.contains('/') {
            most
        } else {
            bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(invalid)?
        };
        Ok(Self { base, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

impl Network {
    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let rest = 32 - u32::from(self.bits);
                let of = |address: Ipv4Addr| u64::from(address.to_bits()) >> rest;
                of(base) == of(address)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let differs = base.to_bits() ^ address.to_bits();
                differs.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The networks that an operator allows beside the public internet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(pub Vec<Network>);

impl Allowed {
    /// Whether a connection to this address may be made.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        // An IPv4 address written as IPv6 reaches the same machine.
        let reached = address.to_canonical();
        is_public(reached) || self.0.iter().any(|network| network.contains(reached))
    }
}

/// IPv4 that is not the public internet (RFC 6890 and later entries of its registry).
const NOT_PUBLIC_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, reserved and broadcast.
    ([224, 0, 0, 0], 3),
];

/// Whether an address is of the public internet, and so is every address that it carries in itself: those of IPv4 as IPv6, of
/// 6to4, of NAT64 and of Teredo.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let of = |address: Ipv4Addr, bits: u32| address.to_bits() >> (32 - bits);
    !NOT_PUBLIC_V4.iter().any(|&(base, bits)| of(base.into(), bits) == of(address, bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let carried = |high: u16, low: u16| {
        is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
    };
    match parts {
        // These carry an IPv4 address: a mapped one; NAT64 with the well-known prefix (with a network's own prefix it is none of the
        // internet's); 6to4, in the second and the third part.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => carried(high, low),
        // ORCHID, Teredo, benchmarking and the rest of 2001::/23; 2001:db8::/32 and 3fff::/20 are for documents.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // A machine's own name for an IPv4 address below any prefix (ISATAP).
        [.., 0 | 0x200, 0x5efe, high, low] if !carried(high, low) => false,
        // The rest of the internet is 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn what_is_not_the_public_internet_is_refused_in_each_form() {
        for refused in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.31.0.1",
            "192.168.0.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001:0:1:2::3",
            "2001:db8::1",
            "2a00:1:2:3:0:5efe:10.0.0.1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip(refused)), "{refused}");
            assert!(!Allowed::default().permits(ip(refused)), "{refused}");
        }
        for public in
            ["8.8.8.8", "172.32.0.1", "2606:4700::1", "64:ff9b::8.8.8.8", "2002:808:808::1"]
        {
            assert!(is_public(ip(public)), "{public}");
        }
        assert!(Allowed::default().permits(ip("::ffff:8.8.8.8")));
    }

    #[test]
    fn an_allowed_network_opens_what_is_in_it_and_no_more() {
        let networks = ["10.0.0.0/8", "127.0.0.1", "fd00::/8", "0.0.0.0/0"];
        let networks = networks.map(|text| text.parse().expect("a network"));
        let allowed = Allowed(networks[..3].to_vec());
        for (address, is_in) in [
            ("10.255.0.1", true),
            ("11.0.0.1", true),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("::ffff:10.0.0.1", true),
            ("::ffff:192.168.0.1", false),
            ("fd00::1", true),
            ("fc00::1", false),
            // What carries it is not in it.
            ("2002:a00:1::", false),
        ] {
            assert_eq!(allowed.permits(ip(address)), is_in, "{address}");
        }
        assert!(networks[3].contains(ip("192.168.0.1")));
        for text in ["", "10.0.0.0/33", "10.0.0.0/", "fd00::/129", "10.0/8", "a/8", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    /// The forms of IPv6 that carry an IPv4 address.
    fn carriers(address: Ipv4Addr) -> [Ipv6Addr; 3] {
        let bits = u128::from(address.to_bits());
        [
            Ipv6Addr::from_bits(0xffff << 32 | bits),
            Ipv6Addr::from_bits(0x64_ff9b << 96 | bits),
            Ipv6Addr::from_bits(0x2002 << 112 | bits << 80),
        ]
    }

    proptest! {
        #[test]
        fn an_address_in_another_form_is_judged_like_itself(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            // By the library's own words, which know fewer networks.
            let is_private = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_unspecified() || address.is_multicast() || address.is_broadcast();
            prop_assert!(!(is_private && is_public(address.into())));
            for form in carriers(address) {
                prop_assert_eq!(is_public(form.into()), is_public(address.into()));
            }
        }

        #[test]
        fn nothing_outside_the_internets_own_block_is_public(bits: u128) {
            let address = Ipv6Addr::from_bits(bits);
            let carries = address.to_ipv4_mapped().is_some() || bits >> 32 == 0x64_ff9b << 64;
            prop_assert!(!is_public(address.into()) || bits >> 125 == 1 || carries);
        }

        #[test]
        fn a_network_has_the_addresses_that_begin_like_it(base: u128, bits in 0..=128u8, address: u128) {
            let network = Network { base: Ipv6Addr::from_bits(base).into(), bits };
            let begins = (0..bits).all(|bit| (base ^ address) >> (127 - bit) & 1 == 0);
            prop_assert_eq!(network.contains(Ipv6Addr::from_bits(address).into()), begins);
        }
    }
}
