"""What goes wrong in a build: one error, with the place and Kustomize's words."""

from __future__ import annotations

from nixernetes.errors import InputError

__all__ = ["KustomizeError", "wrap"]


class KustomizeError(InputError):
    """A build that Kustomize refuses, or that asks for something that is not run here."""


def wrap(prefix: str, error: InputError) -> KustomizeError:
    """Return the error with a prefix in front of its message, its place kept (Go's ``errors.WrapPrefixf``)."""
    found = KustomizeError(f"{prefix}: {error.message}", subject=error.subject, place=error.place)
    found.__cause__ = error
    return found
