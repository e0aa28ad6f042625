"""What is wrong with an expression."""

from __future__ import annotations

from nixernetes.errors import InputError

__all__ = ["JmesPathError", "UnknownKeyError", "WorkError"]


class JmesPathError(InputError):
    """An expression does not parse, or has no value."""


class UnknownKeyError(JmesPathError):
    """A map has no such field; most places take this for null."""


class WorkError(JmesPathError):
    """An expression wants more than it may have."""
