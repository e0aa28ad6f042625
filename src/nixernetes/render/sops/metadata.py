"""The ``sops`` block of an encrypted document: who can decrypt it, and which of its values are encrypted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.regexes import linear
from nixernetes.objects.manifest import Json

__all__ = ["Metadata", "Wrapped", "metadata_of", "nested"]

_SERVICES: Final = {
    "kms": "AWS KMS",
    "gcp_kms": "GCP KMS",
    "hckms": "HuaweiCloud KMS",
    "azure_kv": "Azure Key Vault",
    "hc_vault": "Vault",
}
_RULES: Final = (
    "unencrypted_suffix",
    "encrypted_suffix",
    "unencrypted_regex",
    "encrypted_regex",
    "unencrypted_comment_regex",
    "encrypted_comment_regex",
)
_DEFAULT_SUFFIX: Final = "_unencrypted"
_MOST_KEYS: Final = 100  # recipients of one document; a team has ten
_TOKEN: Final = re.compile(r"__(map|list)_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """The data key of a document, encrypted for one recipient.

    Attributes:
        recipient: the age recipient, or the fingerprint of the PGP key.
        text: the armored cipher text.

    """

    recipient: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the ``sops`` block says.

    Attributes:
        age: the data key for age recipients.
        pgp: the data key for PGP keys.
        services: the key services that hold the data key too, by their product names, sorted.
        grouped: whether the data key is split between groups of keys (Shamir).
        rule: which values are encrypted: one of SOPS's rules, ``""`` in place of one where all are.
        pattern: the rule's suffix or regular expression.

    """

    age: tuple[Wrapped, ...] = ()
    pgp: tuple[Wrapped, ...] = ()
    services: tuple[str, ...] = ()
    grouped: bool = False
    rule: str = "unencrypted_suffix"
    pattern: str = _DEFAULT_SUFFIX

    def by_comments(self) -> bool:
        """Tell whether comments decide which values are encrypted; they are not in the data."""
        return self.rule.endswith("comment_regex")

    def encrypts(self, path: Sequence[str]) -> bool:
        """Tell whether the value at a path of keys is encrypted.

        Raises:
            InputError: the rule is not a regular expression.

        """
        if self.rule.endswith("suffix"):
            found = any(key.endswith(self.pattern) for key in path)
        else:
            try:
                matches = linear(self.pattern)
            except ValueError:
                raise InputError(f"sops.{self.rule}: not a regular expression: {self.pattern!r}") from None
            found = any(matches(key) for key in path)
        return found != self.rule.startswith("unencrypted")


def metadata_of(block: Json) -> Metadata:
    """Read a ``sops`` block.

    Raises:
        InputError: it is not of its form.

    """
    if not isinstance(block, dict):
        raise InputError("sops: must be a mapping")
    rules = [(rule, block[rule]) for rule in _RULES if block.get(rule)]
    if len(rules) > 1:
        raise InputError(f"sops: cannot use more than one of {', '.join(rule for rule, _ in rules)} in one file")
    rule, pattern = rules[0] if rules else ("unencrypted_suffix", _DEFAULT_SUFFIX)
    if not isinstance(pattern, str):
        raise InputError(f"sops.{rule}: must be a string")
    groups = block.get("key_groups")
    return Metadata(
        age=_wrapped(block, "age", "recipient"),
        pgp=_wrapped(block, "pgp", "fp"),
        services=tuple(sorted(name for field, name in _SERVICES.items() if block.get(field))),
        grouped=isinstance(groups, list) and len(groups) > 0,
        rule=rule,
        pattern=pattern,
    )


def nested(flat: Mapping[str, str]) -> Json:
    """Return the block that formats without nesting write as ``age__list_0__map_enc`` (SOPS ``stores/flatten.go``)."""
    found: dict[str, Json] = {}
    for name, value in flat.items():
        parts = _TOKEN.split(name)
        steps = [parts[0], *parts[2::2]]
        if len(steps) > 4:  # no field of the block is deeper
            continue
        at = found
        for step in steps[:-1]:
            below = at.setdefault(step, {})
            if not isinstance(below, dict):
                raise InputError(f"sops: {name} contradicts what is there")
            at = below
        at[steps[-1]] = value.replace("\\n", "\n")
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Json) -> Json:
    """Return a mapping with numbers for keys as the list that it stands for."""
    if not isinstance(value, dict) or not value or not all(key.isdigit() for key in value):
        return value
    return [value[key] for key in sorted(value, key=lambda key: (len(key), key))]


def _wrapped(block: Json, field: str, recipient: str) -> tuple[Wrapped, ...]:
    items = block.get(field) or []
    if not isinstance(items, list) or len(items) > _MOST_KEYS:
        raise InputError(f"sops.{field}: must be a list of at most {_MOST_KEYS} keys")
    return tuple(
        Wrapped(recipient=str(item.get(recipient) or ""), text=str(item["enc"]))
        for item in items
        if isinstance(item, dict) and item.get("enc")
    )
