"""From where somebody asks, as coarse as a limit needs it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

# Whoever has one IPv6 address has at least this whole network of them.
_OWN_NETWORK = 64
UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one as its /64; `unknown` for anything else."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), _OWN_NETWORK), strict=False))
    return str(parsed)


def address_or_none(address: str) -> str | None:
    """What the trail can keep of an address: one that is none, nothing."""
    try:
        return str(ip_address(address))
    except ValueError:
        return None
