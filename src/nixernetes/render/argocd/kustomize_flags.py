"""The flags that Argo CD gives to ``kustomize build``: ``kustomize.buildOptions`` of ``argocd-cm``."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Final, Literal

from nixernetes.errors import InputError

__all__ = ["KustomizeFlags", "kustomize_flags"]

_SUBJECT: Final = "ConfigMap argocd-cm, kustomize.buildOptions"
_RESTRICTORS: Final[dict[str, Literal["rootOnly", "none"]]] = {
    "LoadRestrictionsRootOnly": "rootOnly",
    "LoadRestrictionsNone": "none",
}
_WITHOUT_EFFECT: Final = frozenset(("--enable-alpha-plugins", "--enable-helm=false", "--enable-alpha-plugins=true"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KustomizeFlags:
    """Flags of ``kustomize build``.

    Attributes:
        load_restrictor: whether files outside the folder of their kustomization may be read.
        enable_helm: whether ``helmCharts`` are rendered.

    """

    load_restrictor: Literal["rootOnly", "none"] = "rootOnly"
    enable_helm: bool = False


def kustomize_flags(text: str) -> KustomizeFlags:
    """Read flags. Built-in plugins need no flag, others are refused where they are used; helm is the one at hand.

    Raises:
        InputError: a flag that is not known here, or has another value.

    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InputError(f"{error}", subject=_SUBJECT) from error
    restrictor: Literal["rootOnly", "none"] = "rootOnly"
    enable_helm = False
    rest = iter(words)
    for word in rest:
        flag, has_value, value = word.partition("=")
        if flag in ("--load-restrictor", "--helm-command") and not has_value:
            value = next(rest, "")
        if flag == "--load-restrictor" and value in _RESTRICTORS:
            restrictor = _RESTRICTORS[value]
        elif word in ("--enable-helm", "--enable-helm=true"):
            enable_helm = True
        elif flag != "--helm-command" and word not in _WITHOUT_EFFECT:
            raise InputError(f"{word!r} is not known here: leave it out", subject=_SUBJECT)
    return KustomizeFlags(load_restrictor=restrictor, enable_helm=enable_helm)
