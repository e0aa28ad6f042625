"""The clusters that a user means, opened by the contexts of a kubeconfig."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.adapters.kube.contexts import KubeContext
from nixernetes.adapters.kube.kubeconfig_files import read_kubeconfig

__all__ = ["Contexts", "chosen_contexts", "each_at_once", "opened"]

_AT_ONCE: Final = 8  # clusters that are asked at the same time
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """Which clusters are meant.

    Attributes:
        kubeconfig: the file; None for those of the environment.
        names: the contexts; none: the current one.
        are_all: whether all contexts are meant.

    """

    kubeconfig: Path | None = None
    names: tuple[str, ...] = ()
    are_all: bool = False


def chosen_contexts(wanted: Contexts) -> list[str]:
    """Return the names of the contexts that are meant, each once; ``""`` for the current one is told by its name.

    Raises:
        InputError: there is no kubeconfig, or no such context.

    """
    config = read_kubeconfig(wanted.kubeconfig, os.environ)
    if wanted.are_all:
        return list(config.names)
    return [config.named(name) for name in dict.fromkeys(wanted.names or ("",))]


@contextmanager
def opened(wanted: Contexts, name: str) -> Iterator[tuple[KubeContext, KubeClient]]:
    """Give a context and a client of it that only reads.

    Raises:
        InputError: what the kubeconfig says of it cannot be used.

    """
    context = read_kubeconfig(wanted.kubeconfig, os.environ).context(name)
    client = KubeClient(ApiConnection(context))
    try:
        yield context, client
    finally:
        client.close()


def each_at_once(names: Sequence[str], ask: Callable[[str], _Answer]) -> list[_Answer]:
    """Return the answers of several clusters in their order; one that is slow holds up no other."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(ask, names))
