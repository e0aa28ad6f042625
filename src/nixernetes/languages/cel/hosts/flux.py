"""CEL as Flux has it: health checks and dependencies."""

from __future__ import annotations

from nixernetes.languages.cel.environment import Environment, Rules
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.sets import SETS
from nixernetes.languages.cel.libraries.standard import OPTIONAL, STANDARD
from nixernetes.languages.cel.libraries.strings import strings

__all__ = ["flux"]


def flux() -> Environment:
    """Return the environment of Flux (fluxcd/pkg ``runtime/cel/expression.go``)."""
    return Environment(
        libraries=(STANDARD, OPTIONAL, strings(), SETS, ENCODERS),
        rules=Rules(homogeneous=True, fold=True),
    )
