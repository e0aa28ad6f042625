"""A document that SOPS encrypted, opened: its values in plain text, or placeholders of the same types.

With a key SOPS's own rules hold: what its rule says is encrypted must be, and nothing else is touched. Without one all
that looks encrypted is replaced. The MAC over the whole document is not checked, as Flux does not: Kustomize has
changed the document; each value is authenticated together with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.sops.keys import Keys, NoKeyError
from nixernetes.render.sops.metadata import Metadata, metadata_of
from nixernetes.render.sops.sealed import Sealed, is_sealed, placeholder, sealed, typed

__all__ = ["FIELD", "Opened", "Path", "opened"]

FIELD: Final = "sops"

Path: TypeAlias = tuple[str | int, ...]
_Leaf: TypeAlias = Callable[[Json, Path], Json]
_COMMENT: Final = ",type:comment]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An opened document.

    Attributes:
        data: the document without its ``sops`` block.
        paths: where its encrypted values are.
        reason: why placeholders stand there, ``""`` where the values are plain.

    """

    data: Json
    paths: tuple[Path, ...]
    reason: str = ""


def opened(document: Json, keys: Keys) -> Opened:
    """Return a document with its encrypted values in plain text, or with placeholders.

    Args:
        document: a mapping with a ``sops`` block.
        keys: who decrypts.

    Raises:
        InputError: the block is malformed, or a value does not fit the data key. No value is part of the message.

    """
    rest = {name: value for name, value in document.items() if name != FIELD}
    paths: list[Path] = []
    try:
        metadata = metadata_of(document[FIELD])
        key = keys.data_key(metadata)
    except NoKeyError as error:
        return Opened(data=_walked(rest, (), _replacing(paths)), paths=tuple(paths), reason=error.message)
    except InputError as error:
        if keys.configured:
            raise
        return Opened(data=_walked(rest, (), _replacing(paths)), paths=tuple(paths), reason=error.message)
    return Opened(data=_walked(rest, (), _decrypting(keys, key, metadata, paths)), paths=tuple(paths))


def _replacing(paths: list[Path]) -> _Leaf:
    def leaf(value: Json, path: Path) -> Json:
        if not is_sealed(value):
            return value
        paths.append(path)
        return placeholder(value)

    return leaf


def _decrypting(keys: Keys, key: bytes, metadata: Metadata, paths: list[Path]) -> _Leaf:
    def leaf(value: Json, path: Path) -> Json:
        names = [step for step in path if isinstance(step, str)]
        if value is None or value == "":
            return value
        encrypted = is_sealed(value) if metadata.by_comments() else metadata.encrypts(names)
        if not encrypted:
            return value
        found = _sealed(value, names)
        paths.append(path)
        return typed(found.type, keys.plain(key, found, f"{':'.join(names)}:".encode()))

    return leaf


def _sealed(value: Json, names: Sequence[str]) -> Sealed:
    found = sealed(value) if isinstance(value, str) else None
    if found is None:
        fact = "is not encrypted although it must be by the rule of its sops block: encrypt the file again"
        raise InputError(f"Could not decrypt value: {'.'.join(names)} {fact}")
    return found


def _walked(value: Json, path: Path, leaf: _Leaf) -> Json:
    if isinstance(value, dict):
        return {name: _walked(each, (*path, name), leaf) for name, each in value.items()}
    if isinstance(value, list):
        kept = [each for each in value if not (is_sealed(each) and each.endswith(_COMMENT))]
        return [_walked(each, (*path, index), leaf) for index, each in enumerate(kept)]
    return leaf(value, path)
