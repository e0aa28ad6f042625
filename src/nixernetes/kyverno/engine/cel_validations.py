"""CEL of policies: environments, variables, match conditions and validations (Kyverno, ``pkg/cel``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment, Program

__all__ = ["Expressions", "first_line", "told_message"]

_VARIABLES: Final = ("object", "oldObject", "request", "params", "namespaceObject", "variables", "exceptions")
_LONGEST_MESSAGE: Final = 5 * 1024


class _NothingKnown:
    """Answers nothing: what a policy asks of the cluster is not evaluated yet, and is not guessed."""

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Json:
        del api_version, namespace
        raise _unknown(f"resource.get of {resource}/{name}")

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Json]:
        del api_version, namespace, labels
        raise _unknown(f"resource.list of {resource}")

    def entry(self, name: str, projection: str) -> Json:
        del projection
        raise _unknown(f"globalContext.get of {name}")


def _unknown(what: str) -> InputError:
    from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few policies are of this kind

    return EvaluationError(f"not evaluated: {what}: what is in the cluster is not known here")


@cache
def _environment(*, is_kyverno: bool) -> Environment:
    from nixernetes.languages.cel.hosts.kubernetes import kubernetes  # noqa: PLC0415  # few policies are of this kind
    from nixernetes.languages.cel.hosts.kyverno import kyverno  # noqa: PLC0415  # same
    from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # same

    if is_kyverno:
        return kyverno(_NothingKnown())
    return kubernetes().declaring(dict.fromkeys(_VARIABLES, DYN))


@lru_cache(maxsize=4096)
def _program(text: str, *, is_kyverno: bool) -> Program:
    return _environment(is_kyverno=is_kyverno).compile(text)


def first_line(error: InputError) -> str:
    """Return the words of an error without the picture of the place below them."""
    return error.message.partition("\n")[0].removeprefix("ERROR: ")


class Expressions:
    """The expressions of one policy on one object; variables are evaluated once, when they are first read.

    Args:
        known: values by name.
        variables: name and expression of each of ``variables``.
        is_kyverno: whether Kyverno's own kinds are evaluated, and not ``validate.cel``.

    """

    __slots__ = ("_is_kyverno", "_known")

    def __init__(self, known: dict[str, Json], variables: list[dict[str, Json]], *, is_kyverno: bool) -> None:
        from nixernetes.languages.cel import LazyMap  # noqa: PLC0415  # few policies are of this kind

        self._known = known
        self._is_kyverno = is_kyverno
        texts = {text_at(each, "name"): text_at(each, "expression") for each in variables}
        known["variables"] = LazyMap({name: lambda text=text: self._variable(text) for name, text in texts.items()})  # type: ignore[misc]

    def _variable(self, text: str) -> Json:
        from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few policies are of this kind

        try:
            return self.value(text)
        except EvaluationError:
            raise
        except InputError as error:
            raise EvaluationError(error.message) from error

    def value(self, text: str) -> Json:
        """Return the value of an expression.

        Raises:
            InputError: it does not compile, or has no value.

        """
        return _program(text, is_kyverno=self._is_kyverno).evaluate(self._known)

    def compiles(self, text: str) -> str:
        """Return why an expression does not compile, ``""`` if it does."""
        try:
            _program(text, is_kyverno=self._is_kyverno)
        except InputError as error:
            return first_line(error)
        return ""


def told_message(validation: Mapping[str, Json], expressions: Expressions, fallback: str) -> str:
    """Return the message of a validation of ``validate.cel`` that does not hold."""
    words = text_at(validation, "message").strip() or fallback
    told = text_at(validation, "messageExpression")
    if not told:
        return words
    try:
        made = expressions.value(told)
    except InputError:
        return words
    is_usable = isinstance(made, str) and made.strip() and "\n" not in made.strip() and len(made) <= _LONGEST_MESSAGE
    return str(made).strip() if is_usable else words
