"""Which host names are this machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback, by itself and not by DNS."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
