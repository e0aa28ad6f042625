"""Files that SOPS encrypted, opened in their format: YAML, JSON, dotenv, INI, or anything at all as a binary file.

YAML and JSON are written anew: the data is what it was, comments and the style of the text are not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render.sops.documents import FIELD, Opened, opened
from nixernetes.render.sops.ini import ini_sections, ini_text
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.metadata import nested

__all__ = ["Format", "OpenedFile", "format_of", "opened_file", "written_format"]

Format: TypeAlias = Literal["yaml", "json", "dotenv", "ini", "binary"]
_MARKERS: Final[dict[Format, bytes]] = {
    "yaml": b"mac: ENC[",
    "json": b'"mac": "ENC[',
    "dotenv": b"sops_mac=ENC[",
    "ini": b"[sops]",
    "binary": b'"mac": "ENC[',
}
_ENDINGS: Final[tuple[tuple[str, Format], ...]] = (
    (".yaml", "yaml"),
    (".yml", "yaml"),
    (".json", "json"),
    (".dockerconfigjson", "json"),
    (".env", "dotenv"),
    (".ini", "ini"),
)
_MOST_BYTES: Final = 5 << 20  # kustomize-controller's own limit


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """An opened file.

    Attributes:
        data: its bytes.
        values: the texts that were encrypted; empty where placeholders stand.
        reason: why placeholders stand there, or ``""``.

    """

    data: bytes
    values: tuple[str, ...] = ()
    reason: str = ""


def format_of(path: str) -> Format:
    """Return the format that a name of a file stands for."""
    return next((found for ending, found in _ENDINGS if path.endswith(ending)), "binary")


def written_format(data: bytes, path: str) -> Format | None:
    """Return the format of an encrypted file by what it holds; None for one that is not encrypted.

    Args:
        data: the file.
        path: its name, which tells a JSON file from a binary one: SOPS writes both as JSON.

    """
    if _MARKERS["json"] in data:
        return "json" if format_of(path) == "json" else "binary"
    return next((found for found in ("yaml", "dotenv", "ini") if _MARKERS[found] in data), None)


def opened_file(data: bytes, written: Format, keys: Keys, *, path: str) -> OpenedFile | None:
    """Return a file in plain text or with placeholders; None for one that is not encrypted.

    Args:
        data: the file.
        written: its format.
        keys: who decrypts.
        path: its name, for messages.

    Raises:
        InputError: it is larger than 5 MiB, malformed, or does not fit its data key.

    """
    if _MARKERS[written] not in data:
        return None
    if len(data) > _MOST_BYTES:
        raise InputError("is larger than 5 MiB, the most that Flux decrypts", place=path)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", place=path) from error
    return _OPENERS[written](text, keys, path)


def _yaml(text: str, keys: Keys, path: str) -> OpenedFile:
    found = [_opened(each.data, keys) for each in yamls.parse_all(text, file=path)]
    return _file("---\n".join(yamls.dump(each.data) for each in found).encode(), *found)


def _json(text: str, keys: Keys, path: str) -> OpenedFile:
    found = _opened(_mapping(text, path), keys)
    return _file(json.dumps(found.data, indent="\t", ensure_ascii=False).encode(), found)


def _binary(text: str, keys: Keys, path: str) -> OpenedFile:
    document = _mapping(text, path)
    found = _opened(document, keys)
    if set(found.data) != {"data"}:  # a structured file under a name without an ending
        return _json(text, keys, path)
    return _file(str(found.data["data"]).encode(), found)


def _dotenv(text: str, keys: Keys, path: str) -> OpenedFile:
    pairs: dict[str, Json] = {}
    block: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign:
            raise InputError("invalid dotenv input line", place=f"{path}:{number}")
        if name.startswith("sops_"):
            block[name.removeprefix("sops_")] = value
        else:
            pairs[name] = value.replace("\\n", "\n")
    found = _opened({**pairs, FIELD: nested(block)}, keys)
    lines = [f"{name}={_flat(value)}\n" for name, value in found.data.items()]
    return _file("".join(lines).encode(), found)


def _flat(value: Json) -> str:
    return str(value).replace("\n", "\\n")


def _ini(text: str, keys: Keys, path: str) -> OpenedFile:
    sections = ini_sections(text, path)
    block = sections.pop(FIELD, {})
    found = _opened({**sections, FIELD: nested(block)}, keys)
    return _file(ini_text(found.data).encode(), found)


_OPENERS: Final[dict[Format, Callable[[str, Keys, str], OpenedFile]]] = {
    "yaml": _yaml,
    "json": _json,
    "binary": _binary,
    "dotenv": _dotenv,
    "ini": _ini,
}


def _mapping(text: str, path: str) -> Json:
    found = yamls.parse(text, file=path)
    if not isinstance(found, dict):
        raise InputError("what SOPS encrypted must be a mapping", place=path)
    return found


def _opened(document: Json, keys: Keys) -> Opened:
    """Open a document; one of several may have no ``sops`` block of its own, and is as it is."""
    if not isinstance(document, dict) or FIELD not in document:
        return Opened(data=document, paths=())
    return opened(document, keys)


def _file(data: bytes, *found: Opened) -> OpenedFile:
    reason = next((each.reason for each in found if each.reason), "")
    values = () if reason else tuple(str(_at(each.data, path)) for each in found for path in each.paths)
    return OpenedFile(data=data, values=values, reason=reason)


def _at(data: Json, path: tuple[str | int, ...]) -> Json:
    for step in path:
        data = data[step]
    return data
