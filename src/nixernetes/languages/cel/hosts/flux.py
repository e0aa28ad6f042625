"""CEL as Flux has it: health checks and dependencies."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.languages.cel.environment import Environment, Program, Rules
from nixernetes.languages.cel.libraries.encoders import ENCODERS
from nixernetes.languages.cel.libraries.sets import SETS
from nixernetes.languages.cel.libraries.standard import OPTIONAL, STANDARD
from nixernetes.languages.cel.libraries.strings import strings
from nixernetes.languages.cel.types import BOOL, Type

__all__ = ["compiled", "flux"]


def flux() -> Environment:
    """Return the environment of Flux (fluxcd/pkg ``runtime/cel/expression.go``)."""
    return Environment(
        libraries=(STANDARD, OPTIONAL, strings(), SETS, ENCODERS),
        rules=Rules(homogeneous=True, fold=True),
    )


def compiled(environment: Environment, text: str, *results: Type) -> Program:
    """Return the program of an expression, refused in the words of Flux.

    Args:
        environment: where it is evaluated.
        text: the expression.
        results: the types that a condition may be known to give; none for a value of any type.

    Raises:
        InputError: it does not parse, its types do not fit, or it gives something else.

    """
    try:
        program = environment.compile(text)
    except InputError as error:
        raise InputError(f"failed to parse the CEL expression '{text}': {error.message}") from error
    if results and program.result not in results:
        raise InputError(f"CEL expression output type mismatch: expected {BOOL}, got {program.result}")
    return program
