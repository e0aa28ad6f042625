"""The expressions of one ValidatingAdmissionPolicy on one request, for whoever asks them.

After k8s.io/apiserver v0.34.4, ``policy/validating/validator.go``, ``webhook/matchconditions/matcher.go`` and
``cel/composition.go``. Kyverno's command line, the embedded API server and ``check`` differ in what they know and in
what they do with a verdict; what an expression says is the same to all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cel_validations import first_line
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment

__all__ = ["AdmissionExpressions", "AdmissionVerdict"]

_LONGEST_MESSAGE: Final = 5 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionVerdict:
    """A validation that does not hold.

    Attributes:
        index: its number.
        expression: its expression.
        message: the words.
        reason: the reason of the refusal.
        is_error: whether the expression has no value, so that ``failurePolicy`` says what becomes of it.

    """

    index: int
    expression: str
    message: str
    reason: str = "Invalid"
    is_error: bool = False


class AdmissionExpressions:
    """The expressions of a policy, with the values that they read.

    Args:
        policy: the policy, or a webhook with ``matchConditions``.
        known: ``object``, ``oldObject``, ``request``, ``namespaceObject``, ``params`` and ``authorizer``.
        has_authorizer: whether ``authorizer`` is among them.

    """

    def __init__(self, policy: Manifest, known: Mapping[str, Json], *, has_authorizer: bool) -> None:
        from nixernetes.languages.cel import LazyMap  # noqa: PLC0415  # few platforms have such a policy

        self._spec = mapping_at(policy, "spec")
        self._has_authorizer = has_authorizer
        self._known = dict(known)
        texts = {text_at(each, "name"): text_at(each, "expression") for each in objects_at(self._spec, "variables")}
        if texts:
            self._known["variables"] = LazyMap({name: self._later(name, text) for name, text in texts.items()})
        self._names = tuple(texts)

    def _later(self, name: str, text: str) -> Callable[[], Json]:
        def value() -> Json:
            from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few platforms have such a policy

            try:
                return self.value(text)
            except InputError as error:
                told = f'composited variable "{name}" fails to evaluate: {first_line(error)}'
                raise EvaluationError(told) from error

        return value

    def _environment(self, *, is_condition: bool) -> Environment:
        from nixernetes.languages.cel.hosts.admission import admission  # noqa: PLC0415  # as above
        from nixernetes.languages.cel.types import DYN  # noqa: PLC0415  # as above

        has_variables = self._names and not is_condition
        return admission(
            has_params="paramKind" in self._spec,
            has_authorizer=self._has_authorizer,
            variables=dict.fromkeys(self._names, DYN) if has_variables else None,
        )

    def value(self, text: str, *, is_condition: bool = False) -> Json:
        """Return the value of an expression; a match condition may not read ``variables``.

        Raises:
            InputError: it does not compile, or has no value.

        """
        return self._environment(is_condition=is_condition).compile(text).evaluate(self._known)

    def problem(self, text: str, *, is_condition: bool = False) -> str:
        """Return why an expression does not compile, ``""`` if it does."""
        try:
            self._environment(is_condition=is_condition).compile(text)
        except InputError as error:
            return error.message
        return ""

    def condition(self, conditions: Sequence[Mapping[str, Json]]) -> tuple[bool, str]:
        """Tell whether match conditions hold, and what is wrong with those that have no value.

        One that is false decides, whatever is wrong with the others.
        """
        broken = []
        for each in conditions:
            text = text_at(each, "expression").strip()
            try:
                if self.value(text, is_condition=True) is False:
                    return False, ""
            except InputError as error:
                broken.append(told_error(text, error))
        return True, f"[{', '.join(dict.fromkeys(broken))}]" if len(set(broken)) > 1 else "".join(broken[:1])

    def verdicts(self, *, is_asked: Callable[[str], bool] = lambda _: True) -> Iterator[AdmissionVerdict]:
        """Yield the validations that do not hold.

        Args:
            is_asked: whether an expression is asked at all.

        """
        for index, each in enumerate(objects_at(self._spec, "validations")):
            text = text_at(each, "expression")
            if not is_asked(text):
                continue
            reason = text_at(each, "reason") or "Invalid"
            try:
                if self.value(text) is True:
                    continue
            except InputError as error:
                message = told_error(text.strip(), error)
                yield AdmissionVerdict(index=index, expression=text, message=message, reason=reason, is_error=True)
                continue
            yield AdmissionVerdict(index=index, expression=text, message=self._message(each), reason=reason)

    def _message(self, validation: Mapping[str, Json]) -> str:
        told = text_at(validation, "messageExpression").strip()
        try:
            made = self.value(told) if told else None
        except InputError:
            made = None
        text = made.strip() if isinstance(made, str) else ""
        if "\n" in text or len(text.encode()) > _LONGEST_MESSAGE:
            text = ""
        own = text_at(validation, "message").strip()
        return text or own or f"failed expression: {text_at(validation, 'expression').strip()}"


def told_error(text: str, error: InputError) -> str:
    """Return the words of an API server about an expression without a value."""
    return f"expression '{text}' resulted in error: {first_line(error)}"
