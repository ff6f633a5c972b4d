//! The guard of outgoing connections: no address is called that reaches a private network, in whatever form, unless the operator allows it.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use callslot_webhooks::{Allowed, Network, is_public};
use libfuzzer_sys::fuzz_target;

// The first 16 bytes are an address; the rest, up to a zero byte, is what an operator might allow.
fuzz_target!(|bytes: &[u8]| {
    let Some((&address, rest)) = bytes.split_first_chunk::<16>() else { return };
    let v6 = Ipv6Addr::from(address);
    let v4 = Ipv4Addr::new(address[0], address[1], address[2], address[3]);
    for address in [IpAddr::V6(v6), IpAddr::V4(v4)] {
        assert_eq!(Allowed::default().permits(address), is_public(address.to_canonical()));
        assert!(!(is_public(address) && is_inside(address)), "{address} is not public");
    }
    // However it is carried.
    for form in carriers(v4) {
        assert!(!(is_public(form.into()) && is_inside(v4.into())), "{form} carries {v4}");
    }
    let text = rest.split(|byte| *byte == 0).next().unwrap_or_default();
    let Some(network) = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()) else {
        return;
    };
    judge(network, v6.into());
    judge(network, v4.into());
});

/// What is allowed is what begins like the network, and what is public anyway.
fn judge(network: Network, address: IpAddr) {
    let again: Network = network.to_string().parse().expect("it is written as it is read");
    assert_eq!(again, network);
    let reached = address.to_canonical();
    let permitted = Allowed(vec![network]).permits(address);
    assert_eq!(permitted, is_public(reached) || network.contains(reached));
    assert!(!network.contains(reached) || network.to_string().contains(':') == reached.is_ipv6());
}

/// By the words of the standard library and of RFC 4291, and not by ours.
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_unspecified()
                || it.is_multicast()
                || it.is_broadcast()
                || it.is_documentation()
                || it.octets()[0] == 0
                || (it.octets()[0] == 100 && it.octets()[1] & 0xc0 == 64)
        }
        IpAddr::V6(it) => {
            let is_carried = it.to_ipv4_mapped().is_some_and(|it| is_inside(it.into()));
            let is_compatible = it.to_bits() >> 32 == 0;
            it.is_loopback()
                || it.is_unspecified()
                || it.is_multicast()
                || it.is_unique_local()
                || it.is_unicast_link_local()
                || is_carried
                || is_compatible
        }
    }
}

/// Mapped, compatible, NAT64, 6to4 and ISATAP.
fn carriers(address: Ipv4Addr) -> [Ipv6Addr; 6] {
    let bits = u128::from(address.to_bits());
    [
        bits,
        0xffff << 32 | bits,
        0x64_ff9b << 96 | bits,
        0x2002 << 112 | bits << 80,
        0x2a00_0001 << 96 | 0x5efe << 32 | bits,
        0x2a00_0001 << 96 | 0x0200_5efe << 32 | bits,
    ]
    .map(Ipv6Addr::from_bits)
}
