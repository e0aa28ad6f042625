"""A cache keyed by what was read: it answers only where nothing that was read has changed."""

from hypothesis import given, settings, strategies as st

from nixernetes.render.remembered import remembered
from nixernetes.render.tree import MemoryTree, Tree


class DictStore:
    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.held.get(key)

    def put(self, key: str, data: bytes) -> None:
        self.held[key] = data


def _listed(tree: Tree) -> bytes:
    return b"\n".join(path.encode() + b"=" + tree.read(path) for path in tree.walk("a"))


def test_an_unchanged_tree_is_not_read_again() -> None:
    store, made = DictStore(), []

    def make(tree: Tree) -> bytes:
        made.append(1)
        return _listed(tree)

    first = remembered(store, "k", MemoryTree({"a/x": "1"}), make)
    second = remembered(store, "k", MemoryTree({"a/x": "1", "b/y": "not read"}), make)
    assert first == second == b"a/x=1"
    assert len(made) == 1


def test_another_key_is_another_result() -> None:
    store = DictStore()
    remembered(store, "one", MemoryTree({"a/x": "1"}), lambda _: b"one")
    assert remembered(store, "two", MemoryTree({"a/x": "1"}), lambda _: b"two") == b"two"


def test_a_damaged_entry_counts_as_none() -> None:
    for damage in (b"", b"{", b"[[1]]\nx", b"null\nx", b'[["content","a/x","?"]]\nstale'):
        store = DictStore()
        store.held["k"] = damage
        assert remembered(store, "k", MemoryTree({"a/x": "1"}), _listed) == b"a/x=1"


_TREES = st.dictionaries(st.sampled_from(["a/x", "a/y", "a/b/z", "c/w"]), st.sampled_from(["1", "2"]))


@given(trees=st.lists(_TREES, max_size=6))
@settings(deadline=None, derandomize=True)
def test_the_cache_never_changes_a_result(trees: list[dict[str, str]]) -> None:
    store = DictStore()
    for files in trees:
        tree = MemoryTree(dict(files))
        assert remembered(store, "k", tree, _listed) == _listed(tree)
