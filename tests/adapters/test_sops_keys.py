"""Keys of the user: where they are looked for, and that files of the real ``sops`` open."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.encrypted import Encryptor

from nixernetes.adapters.sops import UserKeys
from nixernetes.objects import yamls
from nixernetes.render.sops.files import Format, opened_file
from nixernetes.render.sops.keys import Keys, NoKeyError
from nixernetes.render.sops.metadata import metadata_of

SOPS = os.environ.get("NIXERNETES_TEST_SOPS") or shutil.which("sops")


@pytest.fixture
def encryptor() -> Encryptor:
    return Encryptor()


def _key(environment: dict[str, str], encryptor: Encryptor) -> bytes:
    return UserKeys(environment).data_key(metadata_of(encryptor.block()), ())


def test_age_keys_are_found_where_sops_looks_for_them(encryptor: Encryptor, tmp_path: Path) -> None:
    text = f"# public key: {encryptor.recipient}\n{encryptor.identity}\n"
    expected = bytes(range(32))
    assert _key({"SOPS_AGE_KEY": f"{Encryptor().identity} {encryptor.identity}"}, encryptor) == expected
    (tmp_path / "mine.txt").write_text(text)
    assert _key({"SOPS_AGE_KEY_FILE": str(tmp_path / "mine.txt")}, encryptor) == expected
    folder = tmp_path / ".config" / "sops" / "age"
    folder.mkdir(parents=True)
    (folder / "keys.txt").write_text(text)
    assert _key({"HOME": str(tmp_path)}, encryptor) == expected
    assert _key({"XDG_CONFIG_HOME": str(tmp_path / ".config")}, encryptor) == expected


def test_without_a_key_the_recipient_is_named(encryptor: Encryptor) -> None:
    other = {"SOPS_AGE_KEY": str(Encryptor().identity), "SOPS_AGE_KEY_FILE": "/nowhere/keys.txt"}
    with pytest.raises(NoKeyError, match=f"no key at hand for age {encryptor.recipient}"):
        _key(other, encryptor)


def test_a_broken_identity_or_cipher_text_is_no_key(encryptor: Encryptor) -> None:
    keys = UserKeys({"SOPS_AGE_KEY": "AGE-SECRET-KEY-1BROKEN"})
    with pytest.raises(NoKeyError):
        keys.data_key(metadata_of(encryptor.block()), ("AGE-SECRET-KEY-1ALSO",))
    with pytest.raises(NoKeyError):
        keys.data_key(metadata_of({"age": [{"recipient": "age1x", "enc": "no cipher text"}]}), ())


def test_the_name_changes_with_the_keys_and_holds_none_of_them(encryptor: Encryptor) -> None:
    one = UserKeys({"SOPS_AGE_KEY": str(encryptor.identity)}).name
    assert one != UserKeys({}).name
    assert one == UserKeys({"SOPS_AGE_KEY": str(encryptor.identity)}).name
    assert str(encryptor.identity)[20:40] not in one


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")
def test_a_pgp_key_opens_through_gpg(tmp_path: Path) -> None:
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GNUPGHOME": str(home)}
    make = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "t@example.com", "default", "default"]
    subprocess.run(make, env=environment, check=True, capture_output=True)
    wrap = ["gpg", "--batch", "--armor", "--trust-model", "always", "-r", "t@example.com", "--encrypt"]
    done = subprocess.run(wrap, env=environment, check=True, capture_output=True, input=bytes(range(32)))
    block = {"pgp": [{"fp": "F00D", "enc": done.stdout.decode()}]}
    try:
        assert UserKeys(environment).data_key(metadata_of(block), ()) == bytes(range(32))
        with pytest.raises(NoKeyError, match="PGP F00D"):
            UserKeys({**environment, "GNUPGHOME": str(tmp_path / "none")}).data_key(metadata_of(block), ())
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False, capture_output=True)


PLAIN: dict[Format, str] = {
    "yaml": "a: 1\nb: {c: true, d_unencrypted: seen, e: [x, 1.5, null, '']}\n---\nf: |\n  two\n  lines\n",
    "json": '{"a": "b", "n": {"x": [1, 2.5, false]}}',
    "dotenv": "# note\nA=b\nLONG=one\\ntwo\n",
    "ini": "[one]\na = b\nlonger = c\n\n[two]\nd = e\n",
    "binary": "any text\nat all\n",
}


@pytest.mark.slow
@pytest.mark.skipif(SOPS is None, reason="sops is not installed")
@pytest.mark.parametrize("written", sorted(PLAIN))
def test_files_of_the_real_sops_open(written: Format, encryptor: Encryptor, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(PLAIN[written])
    types = ["--input-type", written, "--output-type", "json" if written == "binary" else written]
    command = [str(SOPS), "encrypt", "--age", encryptor.recipient, *types, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, env={"HOME": str(tmp_path)})
    file.write_bytes(done.stdout)
    environment = {"SOPS_AGE_KEY": str(encryptor.identity), "HOME": str(tmp_path)}
    back = [str(SOPS), "decrypt", "--input-type", written, "--output-type", written, str(file)]
    expected = subprocess.run(back, check=True, capture_output=True, env=environment).stdout.decode()
    keys = Keys(decryptor=UserKeys(environment), configured=True)
    found = opened_file(done.stdout, written, keys, path="file")
    assert found is not None
    assert found.reason == ""
    text = found.data.decode()
    if written == "yaml":
        assert [each.data for each in yamls.parse_all(text)] == [each.data for each in yamls.parse_all(expected)]
    elif written == "json":
        assert json.loads(text) == json.loads(expected)
    else:
        assert text.replace("# note\n", "") == expected.replace("# note\n", "")
