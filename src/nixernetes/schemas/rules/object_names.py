"""Which object is meant: a kind and a name, each as a part of a URL may be (``path.ValidatePathSegmentName``).

As autoscalers name what they scale, ingresses a backend and ingress classes their parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas import names
from nixernetes.schemas.problems import FieldPath, Problem, invalid, required

__all__ = ["kind_and_name"]


def kind_and_name(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield what is wrong with the kind and the name of a reference; both have to be given."""
    for part in ("kind", "name"):
        text = text_at(value, part)
        wrong = names.path_segment_problem(text)
        if not text:
            yield required((*path, part))
        elif wrong:
            yield invalid((*path, part), text, wrong)
