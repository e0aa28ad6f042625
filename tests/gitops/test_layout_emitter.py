"""The fast writer of manifests is the slow one, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from nixernetes.gitops.layout import emitter
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json

KEYS = st.one_of(st.sampled_from(["a", "b c", "yes", "1", "x: y", "-", "é", "#", "a:b", "", " "]), st.text(max_size=8))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.text(alphabet="ab : é", max_size=120),
    st.text(alphabet="ab:./-#0 1\n'\"&*?", max_size=10),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_document_is_written_as_the_plain_writer_does(document: Json) -> None:
    assert emitter.dump(document) == yamls.dump(document).encode()


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "No",
        "1.27",
        "0777",
        "1e3",
        ".5",
        "a: b",
        "a #b",
        "- a",
        "http://x/y:z",
        "x" * 200,
        "word " * 50 + "x",
        "12:30:45",
        "a\nb\n",
        "\u2028",
        "é",
        "",
    ],
)
def test_strings_that_need_care_survive(text: str) -> None:
    for document in ({"k": text}, {text or "k": 1}, {"k": [text, {"k": {"k": {"k": text}}}]}):
        assert emitter.dump(document) == yamls.dump(document).encode()
        assert yamls.parse(emitter.dump(document)) == document
