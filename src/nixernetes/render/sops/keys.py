"""Who holds keys: the port that decrypts, and what a build knows of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.render.references import Lookup
from nixernetes.render.sops.metadata import Metadata
from nixernetes.render.sops.sealed import Sealed

__all__ = ["NO_KEYS", "Decryptor", "Keys", "NoKeyError"]

_AGE_KEYS: Final = ".agekey"
_IDENTITY: Final = "AGE-SECRET-KEY-"


class NoKeyError(InputError):
    """Nobody here can decrypt a document; the message says which keys would."""


class Decryptor(Protocol):
    """Finds the data key of a document among the keys of the user, and decrypts with it."""

    @property
    def name(self) -> str:
        """Stands for the keys of the user, in keys of caches; it gives nothing away of them."""
        ...

    def data_key(self, metadata: Metadata, identities: Sequence[str]) -> bytes:
        """Return the data key (32 bytes).

        Args:
            metadata: the ``sops`` block.
            identities: age identities besides those of the user.

        Raises:
            NoKeyError: no key fits.

        """
        ...

    def plain(self, key: bytes, sealed: Sealed, about: bytes) -> bytes:
        """Return a decrypted value.

        Args:
            key: the data key.
            sealed: the value.
            about: the additional data that the tag covers.

        Raises:
            InputError: key, value and additional data do not belong together.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of one build.

    Attributes:
        decryptor: what decrypts with the keys of the user; None holds none.
        identities: age identities that a Secret of the cluster holds.
        configured: whether the delivery decrypts at all.
        why: what is said of a delivery that does not.

    """

    decryptor: Decryptor | None = None
    identities: tuple[str, ...] = field(default=(), repr=False)
    configured: bool = False
    why: str = "decryption is not configured, and Flux refuses the Secret"

    def of(self, spec: manifests.Json, namespace: str, lookup: Lookup) -> Keys:
        """Return these keys as a Kustomization has them.

        Args:
            spec: the spec of the Kustomization.
            namespace: its namespace.
            lookup: reads the Secret that ``spec.decryption.secretRef`` names, if it is there.

        """
        decryption = spec.get("decryption")
        if not isinstance(decryption, dict):
            return replace(self, configured=False)
        name = (decryption.get("secretRef") or {}).get("name")
        held = lookup("Secret", namespace, name) if name else None
        texts = [text for entry, text in sorted((held or {}).items()) if entry.endswith(_AGE_KEYS)]
        words = tuple(word for text in texts for word in text.split() if word.startswith(_IDENTITY))
        return replace(self, identities=words, configured=True)

    @property
    def name(self) -> str:
        """Stands for the keys, in keys of caches."""
        user = self.decryptor.name if self.decryptor is not None else ""
        return manifests.digest([self.configured, user, list(self.identities)])

    def data_key(self, metadata: Metadata) -> bytes:
        """Return the data key of a document.

        Raises:
            NoKeyError: nobody here has it.

        """
        if not self.configured:
            raise NoKeyError(self.why)
        if self.decryptor is None:
            raise NoKeyError("no keys are at hand")
        return self.decryptor.data_key(metadata, self.identities)

    def plain(self, key: bytes, sealed: Sealed, about: bytes) -> bytes:
        """Return a decrypted value, as :meth:`Decryptor.plain`."""
        if self.decryptor is None:
            raise NoKeyError("not decrypted")
        return self.decryptor.plain(key, sealed, about)


NO_KEYS: Final = Keys()
