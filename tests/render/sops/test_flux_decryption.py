"""Kustomizations with what SOPS encrypted: placeholders without a key, plain text with one."""

import base64
import json
from collections.abc import Mapping

import pytest
from tests.encrypted import Encryptor

from nixernetes.adapters.sops import UserKeys
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux.kustomization import KustomizationInputs, render_kustomization
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.documents import opened
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.summary import not_verified
from nixernetes.render.tree import MemoryTree

NO_KEY = Keys(decryptor=UserKeys({}), configured=True)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _secret(**more: Json) -> Manifest:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop"}, **more}


def _keys(encryptor: Encryptor) -> Keys:
    return Keys(decryptor=UserKeys({"SOPS_AGE_KEY": str(encryptor.identity)}), configured=True)


def _rendered(files: Mapping[str, Json], keys: Keys, **spec: Json) -> list[Rendered]:
    texts = {path: each if isinstance(each, str) else yamls.dump(each) for path, each in files.items()}
    kustomization = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "shop", "namespace": "flux-system"},
        "spec": {"path": "./", **spec},
    }
    return render_kustomization(
        MemoryTree(texts), kustomization, KustomizationInputs(lookup=lambda *_: None, keys=keys)
    )


def test_without_a_key_keys_stay_and_values_are_placeholders() -> None:
    encryptor = Encryptor()
    plain = _secret(data={"password": _b64("word"), "empty": ""}, stringData={"user": "robot"})
    [item] = _rendered({"s.yaml": encryptor.document(plain)}, NO_KEY)
    assert item.manifest == _secret(
        data={"password": _b64("sops-placeholder"), "empty": ""}, stringData={"user": "sops-placeholder"}
    )
    assert item.seal is not None
    assert item.seal.state == "placeholders"
    assert not_verified([item]) == (
        "not verified: 1 document that SOPS encrypted has placeholders for values: Secret/shop/db "
        f"(no key at hand for age {encryptor.recipient})"
    )


def test_placeholders_have_the_type_that_was_recorded() -> None:
    plain: Manifest = {
        "apiVersion": "example.com/v1",
        "kind": "Database",
        "metadata": {"name": "db"},
        "spec": {"port": 5432, "ratio": 0.5, "tls": True, "hosts": ["a", "b"], "open": None},
    }
    [item] = _rendered({"d.yaml": Encryptor().document(plain, encrypted_regex="^(spec)$")}, NO_KEY)
    hosts = ["sops-placeholder", "sops-placeholder"]
    assert item.manifest["spec"] == {"port": 0, "ratio": 0, "tls": False, "hosts": hosts, "open": None}


def test_with_a_key_documents_are_as_they_were() -> None:
    encryptor = Encryptor()
    plain = _secret(data={"password": _b64("word")}, stringData={"user": "robot", "multi": "a\nb\n"})
    [item] = _rendered({"s.yaml": encryptor.document(plain)}, _keys(encryptor))
    assert item.manifest == plain
    assert item.seal is not None
    assert item.seal.state == "opened"
    assert not_verified([item]) == ""


def test_types_and_a_suffix_rule_with_a_key() -> None:
    encryptor = Encryptor()
    plain: Manifest = {
        "apiVersion_plain": "x",
        "spec": {"port": 5432, "ratio": 0.25, "tls": True, "note_plain": "seen", "hosts": ["a", 1]},
    }
    named = {"apiVersion": "example.com/v1", "kind": "Database", "metadata": {"name": "db"}}
    encrypted = encryptor.document(plain, unencrypted_suffix="_plain")
    text = {**encrypted, **{f"{name}_plain": value for name, value in named.items()}}
    found = opened(text, _keys(encryptor))
    assert found.data["spec"] == plain["spec"]


def test_keys_in_the_secret_that_decryption_names() -> None:
    encryptor = Encryptor()
    spec = {"decryption": {"provider": "sops", "secretRef": {"name": "age"}}}
    text = f"# created: now\n# public key: x\n{encryptor.identity}\n"
    keys = Keys(decryptor=UserKeys({})).of(spec, "flux-system", lambda *_: {"me.agekey": text, "note": "x"})
    [item] = _rendered({"s.yaml": encryptor.document(_secret(stringData={"a": "b"}))}, keys, **spec)
    assert item.manifest["stringData"] == {"a": "b"}


def test_decryption_that_is_not_configured_is_refused_by_flux_and_never_done() -> None:
    encryptor = Encryptor()
    keys = Keys(decryptor=_keys(encryptor).decryptor)
    [item] = _rendered({"s.yaml": encryptor.document(_secret(stringData={"a": "b"}))}, keys)
    assert item.manifest["stringData"] == {"a": "sops-placeholder"}
    assert item.seal is not None
    assert item.seal.state == "refused"


def test_a_value_that_was_moved_is_refused_and_not_shown() -> None:
    encryptor = Encryptor()
    document = encryptor.document(_secret(stringData={"a": "hidden-one", "b": "hidden-two"}))
    data = document["stringData"]
    data["a"], data["b"] = data["b"], data["a"]
    with pytest.raises(InputError) as raised:
        _rendered({"s.yaml": document}, _keys(encryptor))
    assert "decryption failed for 'Secret.v1.[noGrp]/db': Could not decrypt with AES_GCM" in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_a_plain_value_where_an_encrypted_one_must_be_is_refused_with_a_key_only() -> None:
    encryptor = Encryptor()
    document = encryptor.document(_secret(stringData={"a": "b"}))
    document["stringData"]["c"] = "added-by-hand"
    with pytest.raises(InputError, match=r"stringData\.c is not encrypted although it must be") as raised:
        _rendered({"s.yaml": document}, _keys(encryptor))
    assert "added-by-hand" not in str(raised.value)
    [item] = _rendered({"s.yaml": document}, NO_KEY)
    assert item.manifest["stringData"] == {"a": "sops-placeholder", "c": "added-by-hand"}


def test_variables_in_decrypted_values_are_substituted() -> None:
    encryptor = Encryptor()
    document = encryptor.document(_secret(stringData={"url": "db.${zone}"}))
    [item] = _rendered({"s.yaml": document}, _keys(encryptor), postBuild={"substitute": {"zone": "east"}})
    assert item.manifest["stringData"] == {"url": "db.east"}


def test_a_secret_that_disables_decryption_is_left_alone() -> None:
    about = {"name": "db", "annotations": {"kustomize.toolkit.fluxcd.io/decrypt": "disabled"}}
    document = Encryptor().document({**_secret(stringData={"a": "b"}), "metadata": about})
    [item] = _rendered({"s.yaml": document}, NO_KEY)
    assert item.manifest == document
    assert item.seal is None


@pytest.mark.parametrize("has_key", [True, False])
def test_files_and_envs_of_a_secret_generator(*, has_key: bool) -> None:
    encryptor = Encryptor()
    block = encryptor.block()
    env = f"# c\nUSER={encryptor.value('robot', ('USER',))}\nsops_age__list_0__map_recipient={encryptor.recipient}\n"
    enc = block["age"][0]["enc"].replace("\n", "\\n")
    env += f"sops_age__list_0__map_enc={enc}\nsops_mac={block['mac']}\nsops_version=3.10\n"
    ini = f"[db]\nhost = {encryptor.value('h', ('db', 'host'))}\n\n[sops]\nage__list_0__map_enc = {enc}\n"
    ini += f"age__list_0__map_recipient = {encryptor.recipient}\nmac = {block['mac']}\n"
    generator = {"name": "app", "envs": ["app.env"], "files": ["values.yaml", "db.ini", "raw=token"]}
    files = {
        "kustomization.yaml": {
            "secretGenerator": [generator],
            "generatorOptions": {"disableNameSuffixHash": True},
        },
        "app.env": env,
        "db.ini": ini,
        "values.yaml": encryptor.document({"data": {"a": "b", "size": 1}}),
        "token": _json(encryptor.document({"data": "raw text"})),
    }
    [item] = _rendered(files, _keys(encryptor) if has_key else NO_KEY)
    data = {key: base64.b64decode(text).decode() for key, text in item.manifest["data"].items()}
    if has_key:
        assert data == {
            "USER": "robot",
            "values.yaml": "data:\n  a: b\n  size: 1\n",
            "db.ini": "[db]\nhost = h\n",
            "raw": "raw text",
        }
    else:
        assert data == {
            "USER": "sops-placeholder",
            "values.yaml": "data:\n  a: sops-placeholder\n  size: 0\n",
            "db.ini": "[db]\nhost = sops-placeholder\n",
            "raw": "sops-placeholder",
        }
    assert item.seal is not None
    assert item.seal.state == ("opened" if has_key else "placeholders")
    assert bool(not_verified([item])) is not has_key


def _json(data: Json) -> str:
    return json.dumps(data, indent=4)


def test_an_encrypted_patch_is_opened_before_the_build() -> None:
    encryptor = Encryptor()
    patch = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"token": "very secret"}}
    files = {
        "kustomization.yaml": {"resources": ["app.yaml"], "patches": [{"path": "patch.yaml"}]},
        "app.yaml": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"a": "b"}},
        "patch.yaml": encryptor.document(patch),
    }
    [item] = _rendered(files, _keys(encryptor))
    assert item.manifest["data"] == {"a": "b", "token": "very secret"}
    assert item.seal is not None
    assert item.seal.paths == (("data", "token"),)
    [hidden] = _rendered(files, NO_KEY)
    assert hidden.manifest["data"] == {"a": "b", "token": "sops-placeholder"}


def test_key_groups_and_key_services_are_named() -> None:
    encryptor = Encryptor()
    document = encryptor.document(_secret(stringData={"a": "b"}))
    grouped = {**document, "sops": {**document["sops"], "key_groups": [{"age": document["sops"]["age"]}]}}
    [item] = _rendered({"s.yaml": grouped}, _keys(encryptor))
    assert "split between groups of keys" in not_verified([item])
    cloud = {**document["sops"], "age": None, "kms": [{"arn": "arn:aws:kms:x", "enc": "x"}]}
    [item] = _rendered({"s.yaml": {**document, "sops": cloud}}, _keys(encryptor))
    assert "no age or PGP key decrypts it (AWS KMS: not asked)" in not_verified([item])


def test_a_document_whose_kind_is_encrypted_is_refused_with_the_remedy() -> None:
    document = Encryptor().document(_secret(stringData={"a": "b"}), unencrypted_suffix="_plain")
    with pytest.raises(InputError, match="encrypt only values, with encrypted_regex"):
        _rendered({"s.yaml": document}, NO_KEY)
