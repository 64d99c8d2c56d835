"""Say which IP addresses are never asked: everything that is not a plain host of the public Internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# by value: `ipaddress.is_global` calls multicast, NAT64 and 6to4 addresses global
_V4 = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "a cloud's own services",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_V6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "100::/64": "discard-only",
    "2001::/32": "Teredo",
    "2001::/23": "reserved",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_REFUSED_V4 = [(IPv4Network(network), reason) for network, reason in _V4.items()]
_REFUSED_V6 = [(IPv6Network(network), reason) for network, reason in _V6.items()]
_PUBLIC_V6 = IPv6Network("2000::/3")


def refusal(address: str) -> str | None:
    """Return why `address` is never asked ("loopback"), or None for a public one. What is no address is refused."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "not an address"
    if isinstance(parsed, IPv6Address):
        return _refusal_v6(parsed)
    return _refusal_v4(parsed)


def _refusal_v4(address: IPv4Address) -> str | None:
    return next((reason for network, reason in _REFUSED_V4 if address in network), None)


def _refusal_v6(address: IPv6Address) -> str | None:
    if address.ipv4_mapped:
        return _refusal_v4(address.ipv4_mapped)
    if address.scope_id:
        return "link-local"
    reason = next((reason for network, reason in _REFUSED_V6 if address in network), None)
    return reason or (None if address in _PUBLIC_V6 else "reserved")
