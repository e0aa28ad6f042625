"""Flags for Kustomize in Argo CD's settings."""

import pytest

from nixernetes.errors import InputError
from nixernetes.render.argocd.kustomize_flags import KustomizeFlags, kustomize_flags


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("", KustomizeFlags()),
        ("--enable-alpha-plugins --helm-command /bin/helm", KustomizeFlags()),
        ("--enable-helm", KustomizeFlags(enable_helm=True)),
        ("--load-restrictor LoadRestrictionsNone", KustomizeFlags(load_restrictor="none")),
        ("--load-restrictor=LoadRestrictionsRootOnly --enable-helm=true", KustomizeFlags(enable_helm=True)),
    ],
)
def test_flags_are_read_in_either_form(text: str, flags: KustomizeFlags) -> None:
    assert kustomize_flags(text) == flags


@pytest.mark.parametrize("text", ["--enable-exec", "--load-restrictor", "--load-restrictor=x", "'--enable-helm"])
def test_a_flag_that_is_not_known_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match=r"argocd-cm, kustomize\.buildOptions"):
        kustomize_flags(text)
