"""What the kinds of Argo CD have in common: they live in the namespace of the control plane."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, StrictInt, StrictStr

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Namespace
from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["ArgoResource", "GoDuration", "IntOrText", "SecondsOrDuration"]

_DAYS = re.compile(r"(\d+)\s*(d|days?|w|weeks?)")


class ArgoResource(Resource):
    """An object that a controller of Argo CD reads."""

    API_VERSION: ClassVar[str] = ARGOPROJ_V1ALPHA1

    namespace: Namespace | None = guide(ARGOCD_NAMESPACE, required=False)
    """The namespace. Default: `argocd`, where Argo CD itself runs."""


def _duration(value: str) -> str:
    try:
        found = parse_duration(value)
    except ValueError:
        days = _DAYS.fullmatch(value)
        advice = f": write {int(days[1]) * (168 if days[2][0] == 'w' else 24)}h" if days else ""
        raise ValueError(f"must be a duration such as 30s, 5m or 1h30m{advice}") from None
    if found < timedelta():
        raise ValueError("must not be negative")
    return value


def _seconds(value: str) -> str:
    return value if value.isdigit() else _duration(value)


GoDuration: TypeAlias = Annotated[StrictStr, AfterValidator(_duration)]
SecondsOrDuration: TypeAlias = Annotated[StrictStr, AfterValidator(_seconds)]  # a bare number means seconds
IntOrText: TypeAlias = StrictInt | StrictStr
