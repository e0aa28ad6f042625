"""The keys of issuers of tokens (OpenID Connect) that the user gives: nobody is asked for them here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.errors import InputError
from nixernetes.objects.fields import objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Issuers", "key_set"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuers:
    """The keys of issuers, each a JSON Web Key Set, by the URL of the issuer."""

    keys: Mapping[str, Sequence[Json]] = field(default_factory=dict)


def key_set(text: str, subject: str) -> tuple[Json, ...]:
    """Return the keys of a JSON Web Key Set.

    Raises:
        InputError: it is none.

    """
    try:
        found = tuple(objects_at(json.loads(text), "keys"))
    except (ValueError, RecursionError):
        found = ()
    if not any(text_at(each, "kty") in ("RSA", "EC") for each in found):
        raise InputError('not a JSON Web Key Set: write {"keys": [...]} with keys of kty RSA or EC', subject=subject)
    return found
