"""What may be wrong with an expression: as it is written, or on the values that it is given."""

from __future__ import annotations

from nixernetes.errors import InputError, NixernetesError

__all__ = ["EvaluationFailure", "ExpressionError"]


class ExpressionError(InputError):
    """An expression that cannot be read, or uses what is not supported."""


class EvaluationFailure(NixernetesError):  # noqa: N818  # no error of whoever wrote it: a field may be missing for now
    """An expression has no value on these values."""
