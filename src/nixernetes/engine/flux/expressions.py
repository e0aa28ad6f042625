"""CEL expressions of Flux: ``healthCheckExprs`` (section 8.3) and ``readyExpr`` of a dependency (section 2.4).

The CEL package is imported on first use: most platforms have no expression.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib import import_module

from nixernetes.engine.flux import kstatus
from nixernetes.engine.flux.kstatus import Status, Verdict
from nixernetes.errors import InputError
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["HealthExpressions", "evaluate"]

# Kubernetes' own libraries that the CEL package does not have: refused by name rather than found unready for ever.
_MISSING = re.compile(
    r"\b(sets|base64|math|lists)\.|\.(charAt|indexOf|lastIndexOf|lowerAscii|upperAscii|replace|join)\("
)


@lru_cache(maxsize=1_000)
def _compile(source: str) -> Json:
    missing = _MISSING.search(source)
    if missing is not None:
        raise InputError(f"CEL expression {source!r}: {missing[0].strip('.(')} is not implemented by this engine")
    try:
        return import_module("cel").compile(source)
    except ValueError as error:
        raise InputError(f"failed to parse the CEL expression {source!r}: {error}") from error


def evaluate(source: str, variables: Mapping[str, Json]) -> bool:
    """Evaluate an expression.

    Raises:
        InputError: it does not parse, does not evaluate, or is not a boolean.

    """
    try:
        result = _compile(source).execute(dict(variables))
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(f"failed to evaluate the CEL expression {source!r}: {error}") from error
    if not isinstance(result, bool):
        raise InputError(f"failed to evaluate the CEL expression {source!r}: it gives no boolean")
    return result


class HealthExpressions:
    """The ``healthCheckExprs`` of one object, compiled.

    Args:
        rules: the list as written in the spec.

    Raises:
        InputError: an expression does not parse.

    """

    def __init__(self, rules: Sequence[Json]) -> None:
        self._rules = rules
        for rule in rules:
            for word in ("current", "inProgress", "failed"):
                if rule.get(word):
                    _compile(rule[word])

    def compute(self, live: Manifest, now: datetime) -> Verdict:
        """Return the status of a live object: by its expressions when some apply, else by kstatus."""
        if not self._rules:
            return kstatus.compute(live, now)
        group = split_api_version(live.get("apiVersion") or "")[0]
        for rule in self._rules:
            if split_api_version(rule["apiVersion"])[0] == group and rule.get("kind") in (None, "", live.get("kind")):
                return _by_rule(rule, live)
        return kstatus.compute(live, now)


def _by_rule(rule: Json, live: Manifest) -> Verdict:
    observed = (live.get("status") or {}).get("observedGeneration")
    if isinstance(observed, int) and observed != live["metadata"].get("generation"):
        return Verdict(status=Status.IN_PROGRESS, reason="LatestGenerationNotObserved")
    words = (("inProgress", Status.IN_PROGRESS), ("failed", Status.FAILED), ("current", Status.CURRENT))
    for word, status in words:
        try:
            if rule.get(word) and evaluate(rule[word], live):
                return Verdict(status=status, reason="Expression", message=rule[word])
        except InputError as error:
            return Verdict(status=Status.IN_PROGRESS, reason="Expression", message=error.message)
    return Verdict(status=Status.IN_PROGRESS, reason="Expression", message="no expression holds")
