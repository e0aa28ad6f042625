"""What the LimitRanges of a namespace give to containers, as the API server fills them in.

Without ``defaultRequest`` the request is ``default``; without ``default`` that is ``max``, and without any of them the
request is ``min`` (``SetDefaults_LimitRangeItem``). Of several LimitRanges the first by name gives what it has.
"""

from __future__ import annotations

from collections.abc import Iterable

from nixernetes.cost.pods.requests import ContainerDefaults, amounts_in
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["container_defaults"]


def container_defaults(ranges: Iterable[Manifest]) -> ContainerDefaults:
    """Return what the LimitRanges of one namespace give.

    Raises:
        InputError: a quantity is not one.

    """
    requests: dict[str, int] = {}
    limits: dict[str, int] = {}
    for each in sorted(ranges, key=lambda one: text_at(one, "metadata", "name")):
        for item in objects_at(each, "spec", "limits"):
            if text_at(item, "type") != "Container":
                continue
            said = {
                name: amounts_in(mapping_at(item, name), f"LimitRange {name}")
                for name in ("max", "default", "defaultRequest", "min")
            }
            bounds = {**said["max"], **said["default"]}
            limits = {**bounds, **limits}
            requests = {**said["min"], **bounds, **said["defaultRequest"], **requests}
    return ContainerDefaults(requests, limits)
