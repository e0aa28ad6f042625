"""Files of values: what they may hold, and what is said of others."""

from pathlib import Path

import pytest
from tests.encrypted import Encryptor

from nixernetes.adapters.sops import UserKeys
from nixernetes.adapters.value_files import given_values
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey
from nixernetes.render.sops.keys import Keys

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "word"}}
KEY = ObjectKey("", "Secret", "any", "s")


def _keys(**environment: str) -> Keys:
    return Keys(decryptor=UserKeys(environment), configured=True)


def test_lists_stand_for_their_items(tmp_path: Path) -> None:
    file = tmp_path / "v.yaml"
    file.write_text(yamls.dump({"apiVersion": "v1", "kind": "List", "items": [SECRET]}))
    found = given_values([file], _keys()).get(KEY)
    assert found is not None
    assert found["stringData"] == {"a": "word"}


@pytest.mark.parametrize(
    "text",
    ["REGION=eu\n", "region: eu\n", "- a\n", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"],
)
def test_anything_else_is_told_how_to_be_written(tmp_path: Path, text: str) -> None:
    file = tmp_path / "v.yaml"
    file.write_text(text)
    with pytest.raises(
        InputError, match="only ConfigMaps and Secrets are values: write a document with kind"
    ) as raised:
        given_values([file], _keys())
    assert raised.value.place == f"{file}:1"


def test_a_map_without_a_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "v.yaml"
    file.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: x}\n")
    with pytest.raises(InputError, match=r"metadata\.name"):
        given_values([file], _keys())


def test_encrypted_values_need_a_key(tmp_path: Path) -> None:
    encryptor = Encryptor()
    file = tmp_path / "v.yaml"
    file.write_text(yamls.dump(encryptor.document(SECRET)))
    found = given_values([file], _keys(SOPS_AGE_KEY=str(encryptor.identity)))
    given = found.get(KEY)
    assert given is not None
    assert given["stringData"] == {"a": "word"}
    assert found.is_opened(KEY)
    with pytest.raises(InputError, match="Secret/s: is encrypted with SOPS: no key at hand for age age1"):
        given_values([file], _keys())
