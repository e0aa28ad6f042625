"""Recommendations for containers: the JSON of KRR (``krr simple -f json``), and VerticalPodAutoscalers with a status.

KRR counts cores and bytes. What it does not know is ``?``, and left alone; a limit of ``null`` is one that it takes
away. Amounts are rounded up: to thousandths of a core, and to MiB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Final

from nixernetes.cost.amounts import decimal_of
from nixernetes.cost.pods.requests import amount_of
from nixernetes.errors import InputError
from nixernetes.languages.quantities import NANO, Family, Quantity
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["Recommendation", "read_recommendations"]

_MOST_BYTES: Final = 64 << 20
_STEPS: Final = {"cpu": NANO // 1000, "memory": NANO << 20}  # a thousandth of a core, a MiB
_UNKNOWN: Final = ("?", "")
_FORM: Final = "is neither the JSON of KRR, with scans, nor of VerticalPodAutoscalers, with items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What a container is recommended to ask for.

    Attributes:
        cluster: the cluster as the recommender names it, or ``""``.
        kind: the kind of the workload.
        namespace: its namespace.
        name: its name.
        container: the container.
        requests: quantities by resource.
        limits: quantities by resource; None for a limit that is taken away.

    """

    cluster: str = ""
    kind: str
    namespace: str
    name: str
    container: str
    requests: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name} {self.container}"


def read_recommendations(data: bytes, file: str = "recommendations.json") -> tuple[Recommendation, ...]:
    """Return the recommendations of a text, those alone that say something.

    Args:
        data: the JSON of KRR, or of one or several VerticalPodAutoscalers.
        file: its name, for messages.

    Raises:
        InputError: it is something else, or a value is not an amount.

    """
    if len(data) > _MOST_BYTES:
        raise InputError(f"is larger than {_MOST_BYTES >> 20} MiB", subject=file)
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {error}", place=file) from error
    try:
        rows = list(_recommended(found))
    except InputError as error:
        raise InputError(error.message, subject=error.subject, place=file) from error
    return tuple(each for each in rows if each.requests or each.limits)


def _recommended(found: Json) -> Iterator[Recommendation]:
    if isinstance(found, list):
        found = {"items": found}
    if isinstance(at(found, "scans"), list):
        for scan in objects_at(found, "scans"):
            yield _scanned(scan)
    elif isinstance(at(found, "items"), list):
        for item in objects_at(found, "items"):
            yield from _autoscaled(item)
    elif text_at(found, "kind") == "VerticalPodAutoscaler":
        yield from _autoscaled(found)
    else:
        raise InputError(_FORM)


def _scanned(scan: Json) -> Recommendation:
    subject = mapping_at(scan, "object")
    about = f"{text_at(subject, 'kind')}/{text_at(subject, 'namespace')}/{text_at(subject, 'name')}"
    advice = mapping_at(scan, "recommended")
    return Recommendation(
        cluster=text_at(subject, "cluster"),
        kind=text_at(subject, "kind"),
        namespace=text_at(subject, "namespace"),
        name=text_at(subject, "name"),
        container=text_at(subject, "container"),
        requests={key: value for key, value in _values(advice, "requests", about) if value is not None},
        limits=dict(_values(advice, "limits", about)),
    )


def _values(advice: Mapping[str, Json], name: str, about: str) -> Iterator[tuple[str, str | None]]:
    for resource, said in mapping_at(advice, name).items():
        if resource not in _STEPS or not isinstance(said, dict) or "value" not in said:
            continue
        value = said["value"]
        if value is None:
            yield resource, None
        elif not (isinstance(value, str) and value in _UNKNOWN):
            yield resource, _rounded(resource, decimal_of(value, f"{about}: {name}.{resource}"))


def _rounded(resource: str, value: Decimal) -> str:
    step = _STEPS[resource]
    steps = int((value * NANO / step).to_integral_value(ROUND_CEILING))
    return str(Quantity(nano=max(steps, 1) * step, family=Family.BINARY if resource == "memory" else Family.DECIMAL))


def _autoscaled(item: Json) -> Iterator[Recommendation]:
    target = mapping_at(item, "spec", "targetRef")
    for each in objects_at(item, "status", "recommendation", "containerRecommendations"):
        about = f"{text_at(target, 'name')} {text_at(each, 'containerName')}"
        yield Recommendation(
            kind=text_at(target, "kind"),
            namespace=text_at(item, "metadata", "namespace"),
            name=text_at(target, "name"),
            container=text_at(each, "containerName"),
            requests={
                resource: _rounded(resource, Decimal(amount_of(value, f"{about}: target.{resource}")) / NANO)
                for resource, value in mapping_at(each, "target").items()
                if resource in _STEPS
            },
        )
