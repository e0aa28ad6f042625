"""CEL expressions of Flux: ``healthCheckExprs`` (section 8.3) and ``readyExpr`` of a dependency (section 2.4).

Health expressions are parsed only: any field of the object at its root is a variable. An expression about a dependency
is checked too, with the objects ``self`` and ``dep``, and must be known to give a boolean. CEL is imported on first
use: most platforms have no expression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from nixernetes.errors import InputError
from nixernetes.gitops.flux.health import HealthCheckExpr
from nixernetes.health import kstatus
from nixernetes.health.kstatus import Status, Verdict
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

if TYPE_CHECKING:
    from nixernetes.languages.cel import Environment, Program

__all__ = ["NO_EXPRESSIONS", "HealthExpressions", "NoValueError", "expression_for", "holds", "is_ready", "unreadable"]


class NoValueError(InputError):
    """An expression has no value for these objects; with others it may have one."""


@cache
def _health() -> Environment:
    from nixernetes.languages.cel.hosts.flux import flux  # noqa: PLC0415  on first use

    return flux()


@cache
def _dependency() -> Environment:
    from nixernetes.languages.cel.types import DYN, STRING, map_of  # noqa: PLC0415  on first use

    anything = map_of(STRING, DYN)
    return _health().declaring({"self": anything, "dep": anything})


def _health_program(source: str) -> Program:
    try:
        return _health().parse(source)
    except InputError as error:
        raise InputError(f"failed to parse the CEL expression '{source}': {error.message}") from error


def _boolean(program: Program, variables: Mapping[str, Json]) -> bool:
    try:
        result = program.evaluate(variables)
    except InputError as error:
        raise NoValueError(f"failed to evaluate the CEL expression '{program.text}': {error.message}") from error
    if not isinstance(result, bool):
        raise NoValueError(f"failed to evaluate CEL expression as boolean: '{program.text}'")
    return result


def unreadable(source: str) -> str:
    """Return why an expression about the health of an object does not parse, ``""`` where it does."""
    try:
        _health_program(source)
    except InputError as error:
        return error.message.partition("\n")[0]
    return ""


def holds(source: str, manifest: Manifest) -> bool:
    """Return what an expression says whose variables are the fields of an object.

    Raises:
        NoValueError: it has no value now.
        InputError: it does not parse.

    """
    return _boolean(_health_program(source), manifest)


def is_ready(source: str, subject: Manifest, dependency: Manifest) -> bool:
    """Return what a ``readyExpr`` says of a dependency.

    Args:
        source: the expression.
        subject: ``self``, who depends.
        dependency: ``dep``.

    Raises:
        NoValueError: it has no value now.
        InputError: it does not parse, its types do not fit, or it is not known to give a boolean.

    """
    from nixernetes.languages.cel.hosts.flux import compiled  # noqa: PLC0415  on first use
    from nixernetes.languages.cel.types import BOOL  # noqa: PLC0415  same

    return _boolean(compiled(_dependency(), source, BOOL), {"self": subject, "dep": dependency})


class HealthExpressions:
    """The ``healthCheckExprs`` of one object, compiled.

    Args:
        rules: the expressions.

    Raises:
        InputError: an expression does not parse.

    """

    def __init__(self, rules: Sequence[HealthCheckExpr] = ()) -> None:
        self._rules = rules
        for position, rule in enumerate(rules):
            for name, source in (("Current", rule.current), ("InProgress", rule.in_progress), ("Failed", rule.failed)):
                _check(position, name, source)

    def compute(self, live: Manifest, now: datetime) -> Verdict:
        """Return the status of a live object: by its expressions when some apply, else by kstatus."""
        if not self._rules:
            return kstatus.compute(live, now)
        rule = expression_for(live, self._rules)
        return kstatus.compute(live, now) if rule is None else _by_rule(rule, live)


def _check(position: int, name: str, source: str | None) -> None:
    """Refuse an expression that does not parse, as ``NewStatusReader`` of fluxcd/pkg/runtime v0.110 (``cel``) does."""
    if source:
        try:
            _health_program(source)
        except InputError as error:
            about = f"failed to create custom status evaluator for healthchecks[{position}]"
            raise InputError(f"{about}: failed to parse the expression {name}: {error.message}") from error


def expression_for(live: Manifest, rules: Sequence[HealthCheckExpr]) -> HealthCheckExpr | None:
    """Return the first rule that is about an object: by group and kind, whatever the version; None for none."""
    group = split_api_version(live.get("apiVersion") or "")[0]
    for rule in rules:
        if split_api_version(rule.api_version)[0] == group and rule.kind in (None, "", live.get("kind")):
            return rule
    return None


NO_EXPRESSIONS: Final = HealthExpressions()


def _by_rule(rule: HealthCheckExpr, live: Manifest) -> Verdict:
    observed = mapping_at(live, "status").get("observedGeneration")
    if isinstance(observed, int) and observed != live["metadata"].get("generation"):
        return Verdict(status=Status.IN_PROGRESS, reason="LatestGenerationNotObserved")
    words = ((rule.in_progress, Status.IN_PROGRESS), (rule.failed, Status.FAILED), (rule.current, Status.CURRENT))
    for source, status in words:
        try:
            if source and _boolean(_health_program(source), live):
                return Verdict(status=status, reason="Expression", message=source)
        except InputError as error:
            return Verdict(status=Status.UNKNOWN, reason="Expression", message=error.message)
    return Verdict(status=Status.IN_PROGRESS, reason="Expression", message="no expression holds")
