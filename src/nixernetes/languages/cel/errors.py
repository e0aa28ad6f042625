"""What can be wrong with an expression.

    InputError
    └── CelError
        ├── CompileError       it does not parse, or its types do not fit: said with line, column and a caret
        ├── EvaluationError    it has no value for these variables; ``&&``, ``||`` and ``?:`` may absorb it
        └── BudgetError        it wants more steps, or longer texts and lists, than it may have; never absorbed

The texts are those of cel-go (``common/error.go``, ``common/types/err.go``), because people search for them.
"""

from __future__ import annotations

from nixernetes.errors import InputError

__all__ = ["BudgetError", "CelError", "CompileError", "EvaluationError", "no_such_key", "no_such_overload"]


class CelError(InputError):
    """An expression cannot be used as written."""


class CompileError(CelError):
    """An expression does not parse, or its types do not fit."""


class EvaluationError(CelError):
    """An expression has no value for the variables that it was given."""


class BudgetError(CelError):
    """An expression wants more than it may have."""


def no_such_overload() -> EvaluationError:
    """Return the error of an operator that does not take values of these types."""
    return EvaluationError("no such overload")


def no_such_key(key: object) -> EvaluationError:
    """Return the error of a map without a key."""
    return EvaluationError(f"no such key: {spelled(key)}")


def spelled(value: object) -> str:
    """Return how a key or an index is spelled in an error."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
