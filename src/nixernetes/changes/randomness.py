"""Values that a chart makes anew at each rendering: they differ on the two sides, whatever the change is about."""

from __future__ import annotations

import re
from typing import Final

from nixernetes.changes.sides import Side
from nixernetes.verify.objects import Placed

__all__ = ["is_random"]

# Sprig's functions that give another value each time.
_RANDOM: Final = re.compile(
    r"\b(?:rand(?:Alpha|Numeric|AlphaNum|Ascii|Bytes|Int)|gen(?:PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey"
    r"|SignedCert|SignedCertWithKey)|uuidv4|htpasswd|bcrypt|now)\b"
)


def is_random(item: Placed, side: Side) -> bool:
    """Tell whether the template that an object comes from makes values anew, as far as it is in the repository."""
    origin = side.view.origin(item)
    if not origin.file or "templates/" not in origin.file:
        return False
    return _RANDOM.search(side.view.places.text(origin.file)) is not None
