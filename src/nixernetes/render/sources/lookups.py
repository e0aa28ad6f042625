"""``lookup`` in charts: what a chart asks of its cluster, and the answers, written into its text before helm reads it.

``helm template`` has no cluster, so that its ``lookup`` finds nothing. Flux's helm-controller renders in one. What will
be asked is only known while templates run: a question that has no answer yet ends the run and tells itself, and the
chart is rendered again with one answer more. After helm.sh/helm/v4, ``pkg/engine/lookup_func.go``: an object, a list of
objects where no name is given, and an empty map for what is not there.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.manifest import Json
from nixernetes.render.rendered import Rendered
from nixernetes.render.sources.charts import Chart, ChartOptions, ChartRenderer

__all__ = [
    "Look",
    "LookingCharts",
    "LookupQuestion",
    "answering_template",
    "asks_for_objects",
    "question_in",
    "with_lookups",
]

_MOST: Final = 100  # questions of one chart: each is a run of helm
_ACTION: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_LOOKUP: Final = re.compile(r"(?<![\w.$|\"`-])(?<!\| )lookup(?=\s)")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`', re.DOTALL)
_HELPER: Final = "nixernetes.lookup"
_ANSWERS: Final = "nixernetes.lookups"
_ASKED: Final = "nixernetes asks: "
_QUESTION: Final = re.compile(r"nixernetes asks: (\[.*?\])(?=$|\n)")


class LookupQuestion(NamedTuple):
    """What a chart asks for: one object, or those of a namespace (``""``: of all) where there is no name."""

    api_version: str
    kind: str
    namespace: str
    name: str


Look = Callable[[LookupQuestion], Json]
"""Answers a question: an object, a list, or an empty map."""


class LookingCharts:
    """Renders charts that look into a cluster.

    What they see may be secret, so that nothing of it is written to a cache.

    Args:
        charts: renders.
        look: answers.

    """

    def __init__(self, charts: ChartRenderer, look: Look) -> None:
        self._charts = charts
        self._look = look

    def template(self, chart: Chart, options: ChartOptions) -> list[Rendered]:
        """Return the manifests of a chart.

        Raises:
            InputError: it asks too much.
            RemoteError: helm is missing or failed; the message is helm's own.

        """
        known: dict[LookupQuestion, str] = {}
        for _ in range(_MOST):
            told = tuple((json.dumps(asked, separators=(",", ":")), answer) for asked, answer in sorted(known.items()))
            try:
                return self._charts.template(
                    chart, replace(options, lookups=told, is_private=options.is_private or bool(told))
                )
            except RemoteError as error:
                question = question_in(error.message)
                if question is None or question in known:
                    raise
                known[question] = json.dumps(self._look(question), sort_keys=True, separators=(",", ":"))
        raise InputError(f"the chart looks more than {_MOST} objects up", subject=f"{chart.name}-{chart.version}")


def asks_for_objects(text: bytes) -> bool:
    """Tell whether a template looks objects up."""
    return b"lookup" in text


def question_in(message: str) -> LookupQuestion | None:
    """Return what a run that ended for want of an answer asked for, or None."""
    found = _QUESTION.search(message)
    try:
        parts = json.loads(found[1]) if found is not None else None
    except ValueError:
        return None
    if (
        not isinstance(parts, list)
        or len(parts) != len(LookupQuestion._fields)
        or not all(isinstance(p, str) for p in parts)
    ):
        return None
    return LookupQuestion(*parts)


def answering_template(answers: Iterable[tuple[str, str]]) -> str:
    """Return a template file that answers, for the calls that :func:`with_lookups` writes.

    Args:
        answers: questions as JSON, and their answers as JSON.

    """
    whole = "{" + ",".join(f"{json.dumps(question)}:{answer}" for question, answer in answers) + "}"
    text = base64.b64encode(whole.encode()).decode()  # answers may hold what looks like a template
    return (
        f'{{{{- define "{_ANSWERS}" -}}}}{text}{{{{- end -}}}}'
        f'{{{{- define "{_HELPER}" -}}}}'
        f'{{{{- $asked := toRawJson . -}}}}{{{{- $known := fromJson (b64dec (include "{_ANSWERS}" dict)) -}}}}'
        "{{- if hasKey $known $asked -}}{{ toRawJson (index $known $asked) }}"
        f'{{{{- else -}}}}{{{{ fail (printf "{_ASKED}%s" $asked) }}}}{{{{- end -}}}}{{{{- end -}}}}'
    )


def with_lookups(text: str) -> str:
    """Return a template whose lookups are answered by :func:`answering_template`."""
    return _ACTION.sub(lambda action: _answered(action[0]), text)


def _answered(action: str) -> str:
    """Return an action with its lookups rewritten, inner ones first; a comment stays as it is."""
    if action.lstrip("{- \n").startswith("/*"):
        return action
    strings = [(found.start(), found.end()) for found in _STRING.finditer(action)]
    for found in reversed([*_LOOKUP.finditer(action)]):
        if any(start <= found.start() < end for start, end in strings):
            continue
        end = _end_of_arguments(action, found.end())
        call = f'(fromJson (include "{_HELPER}" (list {action[found.end() : end].strip()})))'
        tail = action[end:]
        action = f"{action[: found.start()]}{call}{'' if tail[:1] in (')', '|') else ' '}{tail}"
    return action


def _end_of_arguments(action: str, start: int) -> int:
    """Return where the arguments of a call end: at a pipe, at the parenthesis that closes it, or with its action."""
    depth, position = 0, start
    while position < len(action):
        string = _STRING.match(action, position)
        if string is not None:
            position = string.end()
            continue
        letter = action[position]
        is_over = action.startswith(("}}", "-}}"), position) or letter in "|)"
        if is_over and depth == 0:
            return position
        depth += (letter == "(") - (letter == ")")
        position += 1
    return len(action)
