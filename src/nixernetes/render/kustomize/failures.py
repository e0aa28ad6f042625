"""What goes wrong in a build: one error, with the place and Kustomize's words."""

from __future__ import annotations

from nixernetes.errors import InputError

__all__ = ["KustomizeError", "OutsideTreeError", "outside_of_tree", "wrap"]


class KustomizeError(InputError):
    """A build that Kustomize refuses, or that asks for something that is not run here."""


class OutsideTreeError(KustomizeError):
    """A path leads out of the tree that is built from; a larger tree may hold it."""


def outside_of_tree(error: BaseException | None) -> bool:
    """Tell whether a build failed, at its root, because a path leads out of the tree."""
    while error is not None:
        if isinstance(error, OutsideTreeError):
            return True
        error = error.__cause__
    return False


def wrap(prefix: str, error: InputError) -> KustomizeError:
    """Return the error with a prefix in front of its message, its place kept (Go's ``errors.WrapPrefixf``)."""
    found = KustomizeError(f"{prefix}: {error.message}", subject=error.subject, place=error.place)
    found.__cause__ = error
    return found
