"""KSOPS and helm-secrets of Argo CD: not run, with placeholders for what they would decrypt."""

import base64

import pytest
from tests.encrypted import Encryptor
from tests.render.test_deliveries import URL, Charts, OneRepository

from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.argocd.helm_secrets import encrypted_path
from nixernetes.render.deliveries import Delivery, render_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.sops.summary import not_verified
from nixernetes.render.tools import Tools
from nixernetes.testing import MemoryRegistries

SECRET: Manifest = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "db", "namespace": "shop"},
    "stringData": {"password": "word"},
}


def _application(files: dict[str, str], **source: Json) -> Delivery:
    app = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "shop", "namespace": "argocd"},
        "spec": {
            "project": "default",
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "source": {"repoURL": URL, "path": "shop", **source},
        },
    }
    charts = Charts()
    tools = Tools(source=OneRepository(files), repositories=charts, registries=MemoryRegistries(), charts=charts)
    [found] = render_deliveries([app], Builder(tools))
    return found


def test_secrets_in_a_directory_have_placeholders() -> None:
    found = _application({"shop/s.yaml": yamls.dump(Encryptor().document(SECRET))})
    assert [item.manifest["stringData"] for item in found.manifests] == [{"password": "sops-placeholder"}]
    assert "Secret/shop/db (Argo CD does not decrypt it by itself" in not_verified(found.manifests)


def test_what_ksops_would_generate_has_placeholders() -> None:
    encryptor = Encryptor()
    generated = {
        "metadata": {"name": "made"},
        "files": ["values.yaml", "key=raw.yaml"],
        "envs": ["app.env"],
    }
    generator = {
        "apiVersion": "viaduct.ai/v1",
        "kind": "ksops",
        "metadata": {"name": "x", "annotations": {"config.kubernetes.io/function": "exec: {path: ksops}"}},
        "files": ["./s.yaml"],
        "secretFrom": [generated],
    }
    values = yamls.dump(encryptor.document({"data": {"a": "b"}}))
    found = _application(
        {
            "shop/kustomization.yaml": yamls.dump({"generators": ["ksops.yaml"]}),
            "shop/ksops.yaml": yamls.dump(generator),
            "shop/s.yaml": yamls.dump(encryptor.document(SECRET)),
            "shop/values.yaml": values,
            "shop/raw.yaml": values,
            "shop/app.env": f"# c\nUSER={encryptor.value('x', ('USER',))}\nsops_mac=ENC[]\n",
        }
    )
    assert found.problem == ""
    named = {item.manifest["metadata"]["name"]: item.manifest for item in found.manifests}
    assert named["db"]["stringData"] == {"password": "sops-placeholder"}
    made = {key: base64.b64decode(text).decode() for key, text in named["made"]["data"].items()}
    assert made == {
        "values.yaml": "data:\n  a: sops-placeholder\n",
        "key": "data:\n  a: sops-placeholder\n",
        "USER": "sops-placeholder",
    }


def test_value_files_of_helm_secrets_give_placeholders_and_a_note() -> None:
    values = yamls.dump(Encryptor().document({"data": {"a": "b"}}))
    found = _application(
        {"shop/Chart.yaml": "name: shop\nversion: 1.0.0\n", "shop/secret.yaml": values},
        helm={"valueFiles": ["secrets://secret.yaml", "secrets+age-import:///key.txt?secret.yaml"]},
    )
    assert found.problem == ""
    assert [note.text for note in found.notes] == [
        "helm-secrets is not run here, and secrets://secret.yaml gives placeholders",
        "helm-secrets is not run here, and secrets+age-import:///key.txt?secret.yaml gives placeholders",
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("secrets://a/b.yaml", "a/b.yaml"),
        ("secrets+gpg-import-kubernetes://ns/keys#k?$ref/b.yaml", "$ref/b.yaml"),
        ("secrets+literal://vals!x", ""),
        ("https://host/a.yaml", ""),
        ("a.yaml", ""),
    ],
)
def test_names_of_helm_secrets(name: str, path: str) -> None:
    assert encrypted_path(name) == path
