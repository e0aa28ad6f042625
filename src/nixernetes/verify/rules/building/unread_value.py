"""``unread-value``: a chart reads the values that it is given.

A value is read when the chart's own values have its key, when a template names it or passes on what it stands in, when
it is for a chart that this one is made of, or ``global``. Only charts whose files are all in the repository are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.local_charts import ChartValues, LocalChart, installed_charts
from nixernetes.verify.places import FieldPath, path_text
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_WHOLE: Final = re.compile(r"(?<![\w$])\.Values(?![\w.])|\$\.Values(?![\w.])|\btpl\b")
_NAMED: Final = re.compile(r"\.Values((?:\.[\w-]+)+)")
_INDEXED: Final = re.compile(r"\bindex\b[^}]*")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_MAX_DEPTH: Final = 12


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery, chart, values in installed_charts(view):
        if not chart.is_whole or delivery.problem or _WHOLE.search(chart.templates):
            continue
        for given in values:
            for path in _unread(chart, given.data, chart.values, ()):
                yield Found(
                    cluster=cluster,
                    subject=delivery,
                    message=f"the chart never reads {path_text(path)}{_hint(chart, path)}",
                    path=given.path if given.is_text else (*given.path, *path),
                    place=_place(view, delivery, given, path),
                )


def _place(view: PlatformView, delivery: Delivery, given: ChartValues, path: FieldPath) -> Place | None:
    if given.is_text:
        place = given.begin or view.place(delivery, given.path)
        found = view.places.containing(place.file, str(path[-1]), place.line)
        return found if found.line else place
    return view.places.in_file(given.file, path) if given.file else None


def _unread(chart: LocalChart, given: Json, known: Json, path: FieldPath) -> Iterator[FieldPath]:
    if not isinstance(given, dict) or len(path) > _MAX_DEPTH:
        return
    for key, value in given.items():
        here = (*path, key)
        if not path and (key == "global" or _is_of_subchart(chart, key)):
            continue
        if isinstance(known, dict) and key in known:
            if isinstance(known[key], dict) and known[key] and not _is_named(chart, here, passed=True):
                yield from _unread(chart, value, known[key], here)
            continue
        if not _is_named(chart, here, passed=False):
            yield here


def _is_of_subchart(chart: LocalChart, key: str) -> bool:
    names = {text_at(each, part) for each in chart.dependencies for part in ("name", "alias")}
    conditions = {text_at(each, "condition").partition(".")[0] for each in chart.dependencies}
    return key in names | conditions | {*chart.subcharts, "tags"}


def _is_named(chart: LocalChart, path: FieldPath, *, passed: bool) -> bool:
    """Tell whether a template names a value, or passes on what it stands in.

    Args:
        chart: the chart.
        path: the value.
        passed: whether only passing on the value itself counts, not naming something in it.

    """
    names, asked = _read(chart.templates)
    texts = tuple(str(step) for step in path)
    if texts[-1] in asked:
        return True
    if passed:
        return texts in names
    return any(name[: len(texts)] == texts or texts[: len(name)] == name for name in names)


@lru_cache(maxsize=64)
def _read(templates: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Return the values that templates name, each as its path, and the texts by which they ask with ``index``."""
    names = frozenset(tuple(found[1].split(".")[1:]) for found in _NAMED.finditer(templates))
    asked = frozenset(text for found in _INDEXED.finditer(templates) for text in _QUOTED.findall(found[0]))
    return names, asked


def _hint(chart: LocalChart, path: FieldPath) -> str:
    last = str(path[-1])
    if "." in last:
        return f": one key with dots is not {last.partition('.')[0]}: {{{last.partition('.')[2]}: ...}}"
    if isinstance(chart.values, dict):
        if last in chart.values and len(path) > 1:
            return f": is it meant at the top, as {last}?"
        for key, value in chart.values.items():
            if isinstance(value, dict) and last in value:
                return f": is it {key}.{last}?"
    return ""


RULE: Final = Rule(
    name="unread-value",
    topic="helm-values",
    severity=Severity.WARNING,
    sentence="A chart reads all values that it is given.",
    check=_check,
)
