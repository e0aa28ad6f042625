"""The guide's four ways to sync, in words that both engines share.

A preset says how often, whether what left the repository leaves the cluster, and whether a sync counts as done only
when everything is healthy. Each kind translates it (``Resource.preset_fields``): for a Flux Kustomization it is
``interval``, ``prune`` and ``wait``. Apply one with ``resource | presets.standard`` (the preset wins), or as keywords
with ``Kustomization(..., **presets.standard)`` (the other keywords win).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ALL", "Preset", "aggressive", "conservative", "development", "standard"]


@dataclass(frozen=True, kw_only=True)
class Preset(Mapping[str, Any]):
    """A way to sync.

    Attributes:
        name: its name in this module.
        interval: how often to sync, as a Go duration.
        prune: whether objects are deleted when they are deleted from the repository; False leaves that to people.
        prune_last: whether to prune only after everything else was applied.
        wait: whether a sync is done only when all objects are healthy.

    """

    name: str
    interval: str
    prune: bool
    prune_last: bool
    wait: bool

    def __getitem__(self, key: str) -> Any:
        if key != "preset":
            raise KeyError(key)
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(("preset",))

    def __len__(self) -> int:
        return 1


aggressive = Preset(name="aggressive", interval="1m", prune=True, prune_last=False, wait=True)
standard = Preset(name="standard", interval="10m", prune=True, prune_last=True, wait=True)
conservative = Preset(name="conservative", interval="1h", prune=False, prune_last=False, wait=False)
# A broken app on a developer's cluster must not hold up the next change, so nothing waits.
development = Preset(name="development", interval="1m", prune=True, prune_last=False, wait=False)

ALL = (aggressive, standard, conservative, development)
