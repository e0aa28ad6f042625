"""Addresses as they may be shown: without the credentials that some people write into them."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["shown_address"]

_CREDENTIALS: Final = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)
_SIGNED: Final = re.compile(r"\?.*$")
_USER: Final = re.compile(r"^(ssh://)([^/@:]+)@", re.IGNORECASE)


def shown_address(url: str) -> str:
    """Return a URL without user, password and query; the user of SSH is no secret, and stays."""
    user = _USER.match(url)
    if user is not None:
        return _SIGNED.sub("", url)
    return _SIGNED.sub("", _CREDENTIALS.sub(r"\1", url))
