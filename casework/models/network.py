"""Networks in CIDR notation, and whether an address lies in one of them."""

import ipaddress
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def inside(address: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in any of the networks; what is no address lies in none."""
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(asked, ipaddress.IPv6Address) and asked.ipv4_mapped is not None:
        asked = asked.ipv4_mapped  # as a socket for both kinds writes an IPv4 address
    return any(asked in ipaddress.ip_network(network) for network in networks)


def check_networks(networks: object) -> None:
    """A list of networks as ``ipaddress`` writes them: 10.20.0.0/16, 2001:db8::/32."""
    if not isinstance(networks, list) or len(networks) > 100:
        raise ValidationError(_("最多填写100个网段。"))
    for network in networks:
        try:
            written = str(ipaddress.ip_network(network))
        except ValueError:
            raise ValidationError(_("“%(network)s”不是网段，例如 10.20.0.0/16。") % {"network": network}) from None
        if written != network:
            raise ValidationError(_("“%(network)s”应当写成 %(written)s。") % {"network": network, "written": written})
