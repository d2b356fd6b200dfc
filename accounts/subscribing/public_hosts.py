"""Which IP addresses and host names are out on the internet.

The lists are IANA's special-purpose address registries (RFC 6890) and special-use domain names (RFC 6761) of 2026, and
not Python's `ip_address(…).is_global`, which differs between its releases (192.0.0.0/24, 3fff::/20).
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # as last label, it makes the host an IPv4 address (WHATWG URL)

# RFC 6761, 6762, 7686, 8375, 9476; `.internal` by ICANN's resolution of 2024
_NOT_PUBLIC_NAMES = (
    ".alt",
    ".home.arpa",
    ".internal",
    ".invalid",
    ".local",
    ".localdomain",
    ".localhost",
    ".onion",
)

_SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast and reserved
        ),
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")  # the only block of global unicast addresses (RFC 4291, 2.4)
_SPECIAL_IPV6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network reaches an IPv4 address


def is_public_address(address: str) -> bool:
    """Whether an IP address, as a resolver gives it, is out on the internet. False for text that is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip)
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _SPECIAL_IPV4)
    return not ip.scope_id and ip in _GLOBAL_IPV6 and not any(ip in network for network in _SPECIAL_IPV6)


def is_address(host: str) -> bool:
    """Whether the host of a URL is an IP address in any spelling, and no name."""
    return ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def is_public_name(host: str) -> bool:
    """Whether a host name in lower case, without its last dot, is a full one that can exist in the public DNS."""
    named = _NAME.fullmatch(host) is not None and len(host) <= 253 and not is_address(host)
    return named and not host.endswith(_NOT_PUBLIC_NAMES)


def _embedded(ip: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip
