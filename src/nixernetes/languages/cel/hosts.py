"""The environments of those who evaluate CEL: Kubernetes' and Flux' own choice of libraries and rules.

A host adds its variables with ``declaring``, and its libraries with ``adding``. Each function makes an environment of
its own, with its own memory of programs: keep it as long as you use it.
"""

from __future__ import annotations

from nixernetes.languages.cel.environment import Environment, Rules
from nixernetes.languages.cel.libraries import (
    BINDING,
    ENCODERS,
    LISTS,
    OPTIONAL,
    SETS,
    STANDARD,
    TWO_VARIABLE_MACROS,
    strings,
)
from nixernetes.languages.cel.libraries.kubernetes import (
    FORMATS,
    KUBERNETES_LISTS,
    NETWORKS,
    QUANTITIES,
    SEMVERS,
    URLS,
)
from nixernetes.languages.cel.libraries.regexes import KUBERNETES_REGEX

__all__ = ["flux", "kubernetes"]


def kubernetes() -> Environment:
    """Return the environment of Kubernetes 1.34 (``pkg/cel/environment/base.go``)."""
    return Environment(
        libraries=(
            STANDARD,
            OPTIONAL,
            BINDING,
            TWO_VARIABLE_MACROS,
            strings(version=2),
            SETS,
            LISTS,
            URLS,
            KUBERNETES_REGEX,
            KUBERNETES_LISTS,
            QUANTITIES,
            NETWORKS,
            FORMATS,
            SEMVERS,
        ),
        rules=Rules(homogeneous=True, literals=True, fold=True),
    )


def flux() -> Environment:
    """Return the environment of Flux (fluxcd/pkg ``runtime/cel/expression.go``)."""
    return Environment(
        libraries=(STANDARD, OPTIONAL, strings(), SETS, ENCODERS),
        rules=Rules(homogeneous=True, fold=True),
    )
