"""How a model server's address is reached: at once, or through a proxy that the machine names."""

import ipaddress
import urllib.request
from urllib.parse import urlsplit


def direct_routes(base_url: str) -> dict[str, None]:
    """The client's `mounts` by which a server on this machine is asked without any proxy."""
    host = urlsplit(base_url).hostname or ""
    return {f"all://{f'[{host}]' if ':' in host else host}": None} if _is_local(host) else {}


def describe_proxy(base_url: str) -> str:
    """Which proxy stands between, named by its variable, in brackets; "" if there is none."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if _is_local(host) or urllib.request.proxy_bypass(host):
        return ""
    found = urllib.request.getproxies()
    scheme = next((name for name in (parts.scheme, "all") if name in found), None)
    if scheme is None:
        return ""
    return f" (asked through the proxy in {scheme.upper()}_PROXY; NO_PROXY names exceptions)"


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().split(".")[-1] == "localhost"
