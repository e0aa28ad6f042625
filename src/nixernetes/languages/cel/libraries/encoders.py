"""The encoders extension: base64 (cel-go ``ext/encoders.go``)."""

from __future__ import annotations

import base64
import binascii
import re

from nixernetes.languages.cel.budget import Meter
from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function

__all__ = ["ENCODERS"]

_ILLEGAL = re.compile(r"[^A-Za-z0-9+/\r\n]")


def _decode(meter: Meter, text: str) -> bytes:
    meter.text(len(text))
    bare = text.replace("\n", "").replace("\r", "")
    unpadded = bare.rstrip("=")
    illegal = _ILLEGAL.search(unpadded)
    if illegal is not None:
        raise EvaluationError(f"illegal base64 data at input byte {illegal.start()}")
    # Padding may be left out, but not be there in part.
    if len(unpadded) % 4 == 1 or (bare != unpadded and len(bare) % 4):
        raise EvaluationError(f"illegal base64 data at input byte {len(bare)}")
    try:
        return base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True)
    except binascii.Error:
        raise EvaluationError(f"illegal base64 data at input byte {len(bare)}") from None


def _encode(meter: Meter, data: bytes) -> str:
    meter.text(len(data) * 2)
    return base64.b64encode(data).decode()


ENCODERS = Library(
    name="encoders",
    functions=(
        function("base64.decode", "(string) -> bytes", _decode, metered=True),
        function("base64.encode", "(bytes) -> string", _encode, metered=True),
    ),
)
