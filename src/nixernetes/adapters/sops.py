"""Keys of the user that open what SOPS encrypted: age identities where ``sops`` looks for them, and GnuPG.

Nobody else is asked: a file in a repository may name any key service, and would get the user's login. ``gpg`` is
started without a shell, at most once for a data key, and never asks for a passphrase (an agent may know it).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.render.sops.keys import NoKeyError
from nixernetes.render.sops.metadata import Metadata, Wrapped
from nixernetes.render.sops.sealed import Sealed

if TYPE_CHECKING:
    import pyrage

__all__ = ["UserKeys"]

_IDENTITY: Final = "AGE-SECRET-KEY-"
_GPG_SECONDS: Final = 20
_MOST_BYTES: Final = 1 << 20  # of a file of identities, and of a wrapped data key
_KEY_BYTES: Final = 32
_SSH: Final = ("id_ed25519", "id_rsa")


class UserKeys:
    """Decrypts with the keys that the user has at hand.

    Age identities: ``SOPS_AGE_KEY``, the file that ``SOPS_AGE_KEY_FILE`` names, ``sops/age/keys.txt`` in the folder of
    configurations (``XDG_CONFIG_HOME``, else ``~/.config``), and the SSH key that ``SOPS_AGE_SSH_PRIVATE_KEY_FILE``
    names, else ``~/.ssh/id_ed25519`` and ``~/.ssh/id_rsa``. PGP keys: those that ``gpg`` finds.

    Args:
        environment: the environment variables.

    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._home = Path(environment.get("HOME") or "/")
        self._opened: dict[tuple[str, tuple[str, ...]], bytes | None] = {}

    @cached_property
    def name(self) -> str:
        """Stands for the keys, in keys of caches; it gives nothing away of them."""
        found = hashlib.sha256()
        for text in (*self._texts, *map(str, self._ssh_files)):
            found.update(hashlib.sha256(text.encode()).digest())
        private = self._gnupg / "private-keys-v1.d"
        found.update(str(private.stat().st_mtime_ns if private.is_dir() else 0).encode())
        return found.hexdigest()

    def data_key(self, metadata: Metadata, identities: Sequence[str]) -> bytes:
        """Return the data key of a document.

        Raises:
            NoKeyError: none of the keys fits.

        """
        if metadata.grouped:
            raise NoKeyError("its data key is split between groups of keys, which are not put together here")
        for wrapped in metadata.age:
            found = self._once(wrapped, tuple(identities))
            if found is not None:
                return found
        for wrapped in metadata.pgp:
            found = self._once(wrapped, None)
            if found is not None:
                return found
        raise NoKeyError(_missing(metadata))

    def plain(self, key: bytes, sealed: Sealed, about: bytes) -> bytes:
        """Return a decrypted value.

        Raises:
            InputError: key, value and additional data do not belong together.

        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # only who has a key pays for it
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # same

        try:
            return AESGCM(key).decrypt(sealed.iv, sealed.data + sealed.tag, about)
        except (InvalidTag, ValueError):
            path = about.decode(errors="replace").rstrip(":").replace(":", ".")
            fact = "it was moved or changed after it was encrypted"
            raise InputError(f"Could not decrypt with AES_GCM: the value of {path}: {fact}") from None

    def _once(self, wrapped: Wrapped, identities: tuple[str, ...] | None) -> bytes | None:
        """Return a data key; None where no key of the user fits. ``identities`` None asks GnuPG."""
        asked = (wrapped.text, identities or ()) if identities is not None else (f"pgp {wrapped.text}", ())
        if asked not in self._opened:
            fits = len(wrapped.text) <= _MOST_BYTES
            found = None
            if fits:
                found = self._gpg(wrapped) if identities is None else self._age(wrapped, identities)
            self._opened[asked] = found if found is not None and len(found) == _KEY_BYTES else None
        return self._opened[asked]

    def _age(self, wrapped: Wrapped, identities: Sequence[str]) -> bytes | None:
        words = [word for text in self._texts for word in text.split() if word.startswith(_IDENTITY)]
        if not (words or identities or self._ssh_files):
            return None
        import pyrage  # noqa: PLC0415  # only who has a key pays for it

        known: list[pyrage.x25519.Identity | pyrage.ssh.Identity] = []
        for word in (*words, *identities):
            try:
                known.append(pyrage.x25519.Identity.from_str(word))
            except pyrage.IdentityError:
                continue
        if wrapped.recipient.startswith("ssh-"):
            known += self._ssh_identities()
        try:
            return bytes(pyrage.decrypt(wrapped.text.encode(), known)) if known else None
        except (pyrage.DecryptError, ValueError):
            return None

    def _ssh_identities(self) -> Iterator[pyrage.ssh.Identity]:
        import pyrage  # noqa: PLC0415  # only who has a key pays for it

        for file in self._ssh_files:
            try:
                yield pyrage.ssh.Identity.from_buffer(file.read_bytes())
            except (OSError, pyrage.IdentityError):
                continue  # a key with a passphrase, or of another kind

    def _gpg(self, wrapped: Wrapped) -> bytes | None:
        program = shutil.which("gpg", path=self._environment.get("PATH"))
        if program is None or not self._gnupg.is_dir():
            return None
        command = [program, "--batch", "--no-tty", "--quiet", "--pinentry-mode", "cancel", "--decrypt"]
        try:
            done = subprocess.run(
                command,
                input=wrapped.text.encode(),
                capture_output=True,
                timeout=_GPG_SECONDS,
                env=dict(self._environment),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None

    @property
    def _gnupg(self) -> Path:
        return Path(self._environment.get("GNUPGHOME") or self._home / ".gnupg")

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """The texts that hold age identities."""
        variables, home = self._environment, Path(self._environment.get("XDG_CONFIG_HOME") or self._home / ".config")
        files = [home / "sops" / "age" / "keys.txt"]
        if variables.get("SOPS_AGE_KEY_FILE"):
            files.append(Path(variables["SOPS_AGE_KEY_FILE"]))
        return tuple(filter(None, (variables.get("SOPS_AGE_KEY", ""), *map(_text, files))))

    @cached_property
    def _ssh_files(self) -> tuple[Path, ...]:
        named = self._environment.get("SOPS_AGE_SSH_PRIVATE_KEY_FILE")
        files = [Path(named)] if named else []
        return tuple(file for file in (*files, *(self._home / ".ssh" / name for name in _SSH)) if file.is_file())


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _missing(metadata: Metadata) -> str:
    """Say which keys would decrypt a document."""
    asked = [*(f"age {each.recipient}" for each in metadata.age), *(f"PGP {each.recipient}" for each in metadata.pgp)]
    reason = f"no key at hand for {' or '.join(asked[:3])}" if asked else "no age or PGP key decrypts it"
    return f"{reason} ({', '.join(metadata.services)}: not asked)" if metadata.services else reason
