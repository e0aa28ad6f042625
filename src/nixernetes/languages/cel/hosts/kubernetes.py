"""CEL as Kubernetes has it: rules of definitions and admission policies."""

from __future__ import annotations

from nixernetes.languages.cel.environment import Environment, Rules
from nixernetes.languages.cel.libraries.kubernetes.formats import FORMATS
from nixernetes.languages.cel.libraries.kubernetes.lists import KUBERNETES_LISTS
from nixernetes.languages.cel.libraries.kubernetes.networks import NETWORKS
from nixernetes.languages.cel.libraries.kubernetes.quantities import QUANTITIES
from nixernetes.languages.cel.libraries.kubernetes.semvers import SEMVERS
from nixernetes.languages.cel.libraries.kubernetes.urls import URLS
from nixernetes.languages.cel.libraries.lists import LISTS
from nixernetes.languages.cel.libraries.regexes import KUBERNETES_REGEX
from nixernetes.languages.cel.libraries.sets import SETS
from nixernetes.languages.cel.libraries.standard import BINDING, OPTIONAL, STANDARD, TWO_VARIABLE_MACROS
from nixernetes.languages.cel.libraries.strings import strings

__all__ = ["kubernetes"]


def kubernetes(*, is_homogeneous: bool = True) -> Environment:
    """Return the environment of Kubernetes 1.34 (k8s.io/apiserver ``pkg/cel/environment/base.go``).

    Args:
        is_homogeneous: whether the elements of a list have one type.

    """
    return Environment(
        libraries=(
            STANDARD,
            OPTIONAL,
            BINDING,
            TWO_VARIABLE_MACROS,
            strings(version=2),
            SETS,
            LISTS,
            URLS,
            KUBERNETES_REGEX,
            KUBERNETES_LISTS,
            QUANTITIES,
            NETWORKS,
            FORMATS,
            SEMVERS,
        ),
        rules=Rules(homogeneous=is_homogeneous, literals=True, fold=True),
    )
