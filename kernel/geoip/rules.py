"""Which network an address belongs to, and how it is written: wide enough to find nobody."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

# How much of an address is kept, in bits, by the version of the protocol.
KEPT = {4: 24, 6: 48}
# Networks that no other house can be reached at: whoever is seen from one stands beside us.
_OWN: tuple[Network, ...] = (
    IPv4Network("10.0.0.0/8"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::/48"),
    IPv6Network("fc00::/7"),
    IPv6Network("fe80::/10"),
)


def network_of(address: str) -> Network | None:
    """Return the network around an address, or around a small one; None for what is neither."""
    try:
        network = ip_network(address, strict=False)
    except ValueError:
        return None
    first = network.network_address
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped is not None:
        first = network.network_address.ipv4_mapped
    return ip_network((first, KEPT[first.version]), strict=False)


def is_own(network: Network) -> bool:
    """Whether a network is one of those that every house has for itself."""
    return any(network.version == own.version and network.overlaps(own) for own in _OWN)


def shown(network: Network) -> str:
    """Return a network as people read one: 203.0.113.x, 2001:db8:1:x."""
    if isinstance(network, IPv4Network):
        return f"{str(network.network_address).rpartition('.')[0]}.x"
    groups = network.network_address.exploded.split(":")[: KEPT[6] // 16]
    return ":".join([*(f"{int(group, 16):x}" for group in groups), "x"])
