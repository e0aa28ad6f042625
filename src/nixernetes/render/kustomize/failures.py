"""What goes wrong in a build: one error, with the place and Kustomize's words."""

from __future__ import annotations

from nixernetes.errors import InputError
from nixernetes.languages.kyaml.failures import KustomizeError

__all__ = [
    "KustomizeError",
    "NestedError",
    "NotYamlError",
    "OutsideTreeError",
    "RepeatedKeysError",
    "cause",
    "nest",
    "outside_of_tree",
    "told_alone",
    "words_of",
    "wrap",
]


class OutsideTreeError(KustomizeError):
    """A path leads out of the tree that is built from; a larger tree may hold it."""


def outside_of_tree(error: BaseException | None) -> bool:
    """Tell whether a build failed, at its root, because a path leads out of the tree."""
    while error is not None:
        if isinstance(error, OutsideTreeError):
            return True
        error = error.__cause__
    return False


class NestedError(KustomizeError):
    """What happened further down, with Kustomize's words about the way there; ``__cause__`` is what happened."""


class NotYamlError(KustomizeError):
    """A file is not YAML: Kustomize does not try it as a folder."""


class RepeatedKeysError(KustomizeError):
    """Keys stand twice in a manifest: Kustomize notices that when all is accumulated, and tells no way there."""


def told_alone(error: BaseException | None) -> bool:
    """Tell whether Kustomize tells a failure without the way to it."""
    while error is not None:
        if isinstance(error, RepeatedKeysError):
            return True
        error = error.__cause__
    return False


def words_of(error: InputError) -> str:
    """Return all that Kustomize says of a failure."""
    return error.words if isinstance(error, KustomizeError) else error.message


def nest(way: str, error: InputError) -> NestedError:
    """Return an error that adds a step of the way to what happened, its place kept."""
    words = words_of(error) if told_alone(error) else f"{way}: {words_of(error)}"
    found = NestedError(f"{way}: {error.message}", subject=error.subject, place=error.place, words=words)
    found.__cause__ = error
    return found


def cause(error: InputError) -> InputError:
    """Return what happened with the first step of the way there: Kustomize tells each folder on it, twice."""
    found: InputError = error
    while isinstance(found, NestedError) and isinstance(found.__cause__, InputError):
        found = found.__cause__
    if found is error:
        return error
    step = error.message.partition(": ")[0]
    return KustomizeError(f"{step}: {found.message}", subject=found.subject, place=error.place or found.place)


def wrap(prefix: str, error: InputError) -> KustomizeError:
    """Return the error with a prefix in front of its message, its place kept (Go's ``errors.WrapPrefixf``)."""
    words = words_of(error) if told_alone(error) else f"{prefix}: {words_of(error)}"
    found = KustomizeError(f"{prefix}: {error.message}", subject=error.subject, place=error.place, words=words)
    found.__cause__ = error
    return found
