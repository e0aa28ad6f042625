"""A platform brings manifests of any shape, or says what is wrong with them; nothing else comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.wrong_types import changes

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import compile_platform
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest

_WEB: Manifest = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {"replicas": 1, "template": {"spec": {"containers": [{"name": "web", "image": "nginx:1.27"}]}}},
}
_CONFIG: Manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b"}}
_LIST: Manifest = {"apiVersion": "v1", "kind": "List", "items": [_CONFIG | {"metadata": {"name": "b"}}]}
_OVERLAY: Manifest = {
    "apiVersion": "kustomize.config.k8s.io/v1beta1",
    "kind": "Kustomization",
    "resources": ["web.yaml"],
    "images": [{"name": "nginx", "newTag": "1.28"}],
    "secretGenerator": [{"name": "s", "files": ["key=web.yaml"]}],
}
_OVERRIDES: list[dict[str, Json]] = [
    {},
    {"replicas": 2},
    {"images": {"nginx": "nginx:1.28"}},
    {"patches": [{**_WEB, "spec": {"replicas": 3}}]},
]


def _told(engine: str, app: gitops.App, files: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the files that are built, or what is wrong."""

    def read(path: Path) -> Mapping[str, bytes]:
        if path.as_posix() not in files:
            raise InputError(f"there is no {path.as_posix()}")
        return files[path.as_posix()]

    repository = gitops.GitOpsRepository(name="config", url="https://github.com/org/config", environments=["dev"])
    try:
        return " ".join(
            compile_platform(gitops.Platform(name="p", repository=repository, engine=engine, apps=[app]), read)
        )
    except InputError as error:
        return str(error)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(changes([_WEB, _CONFIG, _LIST]), st.sampled_from(["flux", "argocd"]), st.sampled_from(_OVERRIDES))
def test_manifests_of_any_shape_are_built_or_refused(documents: list[Json], engine: str, fields: Json) -> None:
    files = {"a.yaml": {"": yamls.dump_all(documents).encode()}}
    app = gitops.App(name="a", namespace="x", files=["a.yaml"], environments={"dev": fields})
    assert _told(engine, app, files)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(changes([_OVERLAY, _WEB]), st.sampled_from(["flux", "argocd"]))
def test_an_overlay_of_any_shape_is_built_or_refused(documents: list[Json], engine: str) -> None:
    overlay, web = (yamls.dump_all([each]).encode() for each in documents)
    files = {"a": {"kustomization.yaml": overlay, "web.yaml": web}, "a/web.yaml": {"": web}}
    assert _told(engine, gitops.App(name="a", namespace="x", kustomize="a"), files)


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_the_examples_are_built_as_they_are(engine: str) -> None:
    files = {
        "a": {"kustomization.yaml": yamls.dump_all([_OVERLAY]).encode(), "web.yaml": b"{}"},
        "a/web.yaml": {"": b"{}"},
    }
    assert "a/source/web.yaml" in _told(engine, gitops.App(name="a", namespace="x", kustomize="a"), files)
    files = {"a.yaml": {"": yamls.dump_all([_WEB, _CONFIG, _LIST]).encode()}}
    for fields in _OVERRIDES:
        app = gitops.App(name="a", namespace="x", files=["a.yaml"], environments={"dev": fields})
        assert "kustomization.yaml" in _told(engine, app, files)
