"""CEL of policies: environments, variables, match conditions and validations (Kyverno, ``pkg/cel``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import NOTHING_KNOWN, ClusterAnswers
from nixernetes.kyverno.engine.cluster.asking import Asking, CurrentAnswers, asking
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment, Program

__all__ = ["Expressions", "conditions_met", "first_line", "told_message"]

_VARIABLES: Final = ("object", "oldObject", "request", "params", "namespaceObject", "variables", "exceptions")
_LONGEST_MESSAGE: Final = 5 * 1024


@cache
def _environment(  # what kind of expressions they are
    *,
    is_kyverno: bool,
    is_namespaced: bool,
    is_condition: bool,
    is_mutating: bool,
    is_generating: bool,
    is_imaging: bool,
) -> Environment:
    from nixernetes.languages.cel.hosts.kubernetes import kubernetes  # noqa: PLC0415  # few policies are of this kind
    from nixernetes.languages.cel.hosts.kyverno import kyverno  # noqa: PLC0415  # same
    from nixernetes.languages.cel.libraries.kubernetes.mutations import MUTATION  # noqa: PLC0415  # same
    from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # same

    if is_kyverno:
        found = kyverno(
            CurrentAnswers(),
            is_namespaced=is_namespaced,
            has_variables=not is_condition,
            is_homogeneous=not is_generating,
        )
    else:
        found = kubernetes().declaring(dict.fromkeys(_VARIABLES, DYN))
    if is_imaging:
        from nixernetes.languages.cel.libraries.kyverno.verification import VERIFICATION  # noqa: PLC0415  # same

        found = found.adding(VERIFICATION).declaring(dict.fromkeys(("images", "attestors", "attestations", "ref"), DYN))
    return found.adding(MUTATION) if is_mutating else found


@lru_cache(maxsize=4096)
def _program(text: str, **where: bool) -> Program:
    return _environment(**where).compile(text)


def first_line(error: InputError) -> str:
    """Return the words of an error without the picture of the place below them."""
    return error.message.partition("\n")[0].removeprefix("ERROR: ")


class Expressions:
    """The expressions of one policy on one object; variables are evaluated once, when they are first read.

    Args:
        known: values by name.
        variables: name and expression of each of ``variables``.
        is_kyverno: whether Kyverno's own kinds are evaluated, and not ``validate.cel``.
        answers: what is answered when the cluster or a server is asked.
        namespace: of a policy that has one; ``""`` for the others.
        is_mutating: whether they may make objects and JSON patches; match conditions may then read ``variables``.
        is_generating: whether lists may hold values of several types.
        is_imaging: whether they may read ``images`` and ``attestors`` and ask registries.

    """

    __slots__ = ("_asking", "_is_generating", "_is_imaging", "_is_kyverno", "_is_mutating", "_known")

    def __init__(  # noqa: PLR0913  # what kind of expressions they are
        self,
        known: dict[str, Json],
        variables: list[dict[str, Json]],
        *,
        is_kyverno: bool,
        answers: ClusterAnswers = NOTHING_KNOWN,
        namespace: str = "",
        is_mutating: bool = False,
        is_generating: bool = False,
        is_imaging: bool = False,
    ) -> None:
        from nixernetes.languages.cel import LazyMap  # noqa: PLC0415  # few policies are of this kind

        self._known = known
        self._is_kyverno = is_kyverno
        self._is_mutating = is_mutating
        self._is_generating = is_generating
        self._is_imaging = is_imaging
        self._asking = Asking(answers, namespace)
        texts = {text_at(each, "name"): text_at(each, "expression") for each in variables}
        known["variables"] = LazyMap(
            {name: lambda name=name, text=text: self._variable(name, text) for name, text in texts.items()}  # type: ignore[misc]
        )

    def _variable(self, name: str, text: str) -> Json:
        from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few policies are of this kind

        try:
            return self.value(text)
        except InputError as error:
            if isinstance(error, EvaluationError) and self._is_kyverno:
                raise
            told = first_line(error)
            if not self._is_kyverno:  # Kubernetes names the variable (``plugin/cel/composition.go``)
                told = f'composited variable "{name}" fails to evaluate: {told}'
            raise EvaluationError(told) from error

    def value(self, text: str) -> Json:
        """Return the value of an expression.

        Raises:
            InputError: it does not compile, or has no value.

        """
        program = self._program(text, is_condition=False)
        with asking(self._asking):
            return program.evaluate(self._known)

    @property
    def not_given(self) -> tuple[str, ...]:
        """What was asked for and nobody gave."""
        return tuple(dict.fromkeys(self._asking.not_given))

    @property
    def generated(self) -> list[tuple[str, list[Json]]]:
        """What ``generator.apply`` was given: namespaces and objects."""
        return self._asking.generated

    def generate(self, namespace: str, objects: list[Json]) -> None:
        """Take note of objects as ``generator.apply`` would."""
        self._asking.generated.append((namespace, objects))

    def holds(self, text: str) -> bool:
        """Tell whether a match condition holds; of Kyverno's own kinds it may not read ``variables``.

        Raises:
            InputError: it does not compile, or has no value.

        """
        program = self._program(text, is_condition=self._is_kyverno and not self._is_mutating)
        with asking(self._asking):
            return program.evaluate(self._known) is True

    def all_hold(self, conditions: Sequence[Mapping[str, Json]], *, sees_variables: bool = False) -> bool:
        """Tell whether match conditions hold: one that is false decides, whatever is wrong with the others.

        Args:
            conditions: with ``expression``.
            sees_variables: whether they may read ``variables`` where match conditions may not.

        Raises:
            InputError: some have no value, and none is false; all that is wrong is told.

        """
        broken = []
        for each in conditions:
            text = text_at(each, "expression")
            try:
                if not (self.value(text) is True if sees_variables else self.holds(text)):
                    return False
            except InputError as error:
                broken.append(first_line(error))
        if broken:
            raise InputError("; ".join(broken))
        return True

    def annotations(self, annotations: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
        """Return ``auditAnnotations`` by their keys, without those that are empty.

        Raises:
            InputError: one has no value, or no text.

        """
        found: dict[str, Json] = {}
        for each in annotations:
            key = text_at(each, "key")
            try:
                value = self.value(text_at(each, "valueExpression"))
            except InputError as error:
                raise InputError(f"failed to evaluate auditAnnotation '{key}': {first_line(error)}") from error
            if not isinstance(value, str):
                raise InputError(f"failed to convert auditAnnotation '{key}' expression: it gives no text")
            if value:
                found[key] = value
        return found

    def _program(self, text: str, *, is_condition: bool) -> Program:
        is_namespaced = bool(self._asking.namespace)
        return _program(
            text,
            is_kyverno=self._is_kyverno,
            is_namespaced=is_namespaced,
            is_condition=is_condition,
            is_mutating=self._is_mutating,
            is_generating=self._is_generating,
            is_imaging=self._is_imaging,
        )

    def compiles(self, text: str) -> str:
        """Return why an expression does not compile, ``""`` if it does."""
        try:
            self._program(text, is_condition=False)
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


def conditions_met(conditions: Sequence[Mapping[str, Json]], expressions: Expressions) -> tuple[bool, str]:
    """Tell whether match conditions hold, and what is wrong with those that have no value.

    One that is false decides, whatever is wrong with the others (Kubernetes, ``webhook/matchconditions``).
    """
    broken = []
    for each in conditions:
        text = text_at(each, "expression")
        try:
            if expressions.value(text) is False:
                return False, ""
        except InputError as error:
            broken.append(f"expression '{text}' resulted in error: {first_line(error)}")
    return True, f"[{', '.join(dict.fromkeys(broken))}]" if len(set(broken)) > 1 else "".join(broken[:1])
