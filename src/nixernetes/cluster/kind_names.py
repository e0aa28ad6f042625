"""What people call a kind: in lower case, as a plural, by its short names, with its group where that tells it apart."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.identity import GroupKind
from nixernetes.schemas.short_names import SHORT_NAMES

__all__ = ["named_kinds", "words_for"]

_WORKLOADS: Final = ("Pod", "Service", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet", "CronJob", "Job")
_FLUX: Final = ".fluxcd.io"
_COMMON: Final = (
    *("ks", "hr", "gitrepo", "helmrepo", "ocirepo", "app", "appset", "appproj"),
    *("deploy", "sts", "po", "svc", "cm", "secret", "ns"),
)


def words_for(kind: GroupKind, more: Sequence[str] = ()) -> tuple[str, ...]:
    """Return every word for a kind, the shortest last.

    Args:
        kind: the kind.
        more: short names that its definition gives.

    """
    plural = resource_name(kind)
    single = kind.kind.lower()
    grouped = (f"{single}.{kind.group}", plural) if kind.group else ()
    return (single, plural.partition(".")[0], *grouped, *SHORT_NAMES.get(kind.kind, ()), *more)


def named_kinds(word: str, served: Iterable[GroupKind], short: Mapping[GroupKind, Sequence[str]]) -> list[GroupKind]:
    """Return the kinds that a word means: one, several of one name, or those of a category (all, flux, argocd).

    Args:
        word: what the user wrote; case does not count.
        served: the kinds there are.
        short: short names that definitions give, by kind.

    Raises:
        InputError: no kind is called so; with the word that was perhaps meant.

    """
    kinds, wanted = sorted(set(served)), word.lower()
    category = [kind for kind in kinds if wanted in _categories(kind)]
    if category:
        return category
    words = {kind: words_for(kind, short.get(kind, ())) for kind in kinds}
    found = [kind for kind in kinds if wanted in words[kind]]
    if not found:
        raise InputError(_unknown(word, {each for names in words.values() for each in names}))
    builtin = [kind for kind in found if "." not in kind.group or kind.group.endswith(".k8s.io")]
    ours = [kind for kind in found if kind.group.endswith(_FLUX) or kind.group == ARGOPROJ]
    return ours or builtin or found


def _categories(kind: GroupKind) -> tuple[str, ...]:
    if kind.kind in _WORKLOADS and kind.group in ("", "apps", "batch"):
        return ("all",)
    if kind.group == ARGOPROJ:
        return ("argocd",)
    if kind.group.endswith(_FLUX):
        is_source = kind.group.startswith("source.")
        return ("flux", "sources", "source") if is_source else ("flux",)
    return ()


def _unknown(word: str, words: set[str]) -> str:
    near = difflib.get_close_matches(word.lower(), sorted(words), n=1)
    if word.lower() in _COMMON:
        return f"kind {word!r} is not served here: what defines it is not installed in any of the clusters"
    common = ", ".join(each for each in _COMMON if each in words)
    advice = f"did you mean {near[0]}?" if near else f"common ones are {common}"
    return f"unknown kind {word!r}: {advice}"
