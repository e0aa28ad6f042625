"""CEL as Kyverno has it: ValidatingPolicy and the other kinds of ``policies.kyverno.io``."""

from __future__ import annotations

from typing import Final

from nixernetes.languages.cel.environment import Environment
from nixernetes.languages.cel.functions import Library, function
from nixernetes.languages.cel.hosts.kubernetes import kubernetes
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.kyverno.documents import DOCUMENTS
from nixernetes.languages.cel.libraries.kyverno.images import IMAGES
from nixernetes.languages.cel.libraries.kyverno.questions import Answers, questions
from nixernetes.languages.cel.libraries.lists import FIRST_AND_LAST
from nixernetes.languages.cel.libraries.math import MATH
from nixernetes.languages.cel.libraries.regexes import REGEX
from nixernetes.languages.cel.types import DYN, STRING, Type, list_of, map_of

__all__ = ["kyverno"]

_ANY_OR_VALUE: Final = Library(
    name="kyverno.optional", functions=(function("orValue", "dyn.(dyn) -> dyn", lambda value, _: value),)
)
_INPUTS: Final[dict[str, Type]] = {
    **dict.fromkeys(("object", "oldObject", "request", "namespaceObject"), DYN),
    "exceptions.allowedImages": list_of(STRING),
    "exceptions.allowedValues": list_of(STRING),
}


def kyverno(
    answers: Answers, *, is_namespaced: bool = False, has_variables: bool = True, is_homogeneous: bool = True
) -> Environment:
    """Return the environment of a policy's expressions (kyverno/kyverno ``pkg/cel/compiler/env.go``).

    Its variables are ``object``, ``oldObject``, ``request``, ``namespaceObject``, ``variables``, and
    ``exceptions.allowedImages`` and ``exceptions.allowedValues``, which are given under these names.

    Args:
        answers: what is known of the cluster.
        is_namespaced: whether the policies have a namespace.
        is_homogeneous: whether the elements of a list have one type; those of a GeneratingPolicy need not.
        has_variables: whether ``variables`` can be read. In match conditions of a ValidatingPolicy they cannot.

    """
    added = (ENCODERS, MATH, REGEX, FIRST_AND_LAST, _ANY_OR_VALUE, IMAGES, DOCUMENTS)
    variables = {"variables": map_of(STRING, DYN)} if has_variables else {}
    base = kubernetes(is_homogeneous=is_homogeneous).adding(*added, questions(answers, is_namespaced=is_namespaced))
    return base.declaring({**_INPUTS, **variables})
