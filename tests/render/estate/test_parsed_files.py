"""Files with the same bytes and name are parsed once, whatever tree holds them."""

import pytest

from nixernetes.errors import InputError
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.parsed_files import ParsedFiles
from nixernetes.render.tree import MemoryTree

TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def test_two_trees_share_the_documents_of_a_file_that_is_the_same() -> None:
    parsed = ParsedFiles()
    before = DocumentIndex(MemoryTree({"a.yaml": TEXT, "b.yaml": TEXT}), parsed)
    after = DocumentIndex(MemoryTree({"a.yaml": TEXT, "b.yaml": TEXT + "data: {}\n"}), parsed)
    assert before.documents("a.yaml") is after.documents("a.yaml")
    assert "data" not in before.documents("b.yaml")[0].data
    assert "data" in after.documents("b.yaml")[0].data


def test_the_same_fault_is_told_of_each_file_by_its_name() -> None:
    parsed = ParsedFiles()
    for name in ("a.yaml", "b.yaml", "a.yaml"):
        with pytest.raises(InputError) as caught:
            parsed.documents(name, b"a: [")
        assert caught.value.place.startswith(f"{name}:")
