"""Writes small files in the MMDB format, for the client that reads those of publishers.

Source: MaxMind DB File Format Specification 2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Network, ip_network
from typing import Any

_MARK = b"\xab\xcd\xefMaxMind.com"
_APART = bytes(16)


def mmdb(told: Mapping[str, Any]) -> bytes:
    """Return a file of what is told of networks, those of the old protocol below ::/96."""
    nodes: list[list[int | None]] = [[None, None]]
    leaves: list[tuple[int, int, int]] = []
    data = b""
    for network, record in told.items():
        node, bits = 0, _bits(network)
        for bit in bits[:-1]:
            following = nodes[node][bit]
            if following is None:
                following = nodes[node][bit] = len(nodes)
                nodes.append([None, None])
            node = following
        leaves.append((node, bits[-1], len(data)))
        data += _value(record)
    count = len(nodes)
    for node, bit, offset in leaves:
        nodes[node][bit] = count + len(_APART) + offset
    tree = b"".join(
        (count if to is None else to).to_bytes(3, "big") for node in nodes for to in node
    )
    about = {
        "binary_format_major_version": _u16(2),
        "binary_format_minor_version": _u16(0),
        "build_epoch": _u64(1),
        "database_type": "Test",
        "description": {"en": "Test"},
        "ip_version": _u16(6),
        "languages": [],
        "node_count": _u32(count),
        "record_size": _u16(24),
    }
    return tree + _APART + data + _MARK + _value(about)


def _bits(network: str) -> list[int]:
    found = ip_network(network)
    whole = int(found.network_address)
    length = found.prefixlen if isinstance(found, IPv6Network) else found.prefixlen + 96
    return [whole >> (127 - place) & 1 for place in range(length)]


def _value(value: Any) -> bytes:
    if isinstance(value, dict):
        return bytes([7 << 5 | len(value)]) + b"".join(
            _value(part) for item in value.items() for part in item
        )
    if isinstance(value, str):
        return bytes([2 << 5 | len(value)]) + value.encode()
    return bytes([len(value), 4]) if isinstance(value, list) else value


def _u16(number: int) -> bytes:
    return bytes([5 << 5 | 2]) + number.to_bytes(2, "big")


def _u32(number: int) -> bytes:
    return bytes([6 << 5 | 4]) + number.to_bytes(4, "big")


def _u64(number: int) -> bytes:
    return bytes([8, 2]) + number.to_bytes(8, "big")
