"""What an ImageValidatingPolicy asks of registries: it compiles, and has no value (``pkg/cel/libs/imageverify``).

No registry is asked here, so that whether an image is signed, what is attested of it and what it holds is not known.
"""

from __future__ import annotations

from typing import Final, NoReturn

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Function, Library, function
from nixernetes.languages.cel.values import Value

__all__ = ["VERIFICATION"]


def _unanswered(name: str, signature: str) -> Function:
    def refused(*_: Value) -> NoReturn:
        raise EvaluationError(f"not evaluated: {name} asks a registry, and none is asked here")

    return function(name, signature, refused)


VERIFICATION: Final = Library(
    name="kyverno.imageverify",
    functions=(
        _unanswered("verifyImageSignatures", "(string, list(dyn)) -> int"),
        _unanswered("verifyAttestationSignatures", "(string, string, list(dyn)) -> int"),
        _unanswered("getImageData", "(string) -> dyn"),
        _unanswered("extractPayload", "(string, string) -> dyn"),
    ),
)
