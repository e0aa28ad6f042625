"""Results of builds outlive the run; those of two branches stand side by side."""

from nixernetes.objects.provenance import Origin
from nixernetes.render.kept import Kept
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import MemoryTree, Tree


class _Store(dict[str, bytes]):
    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def _made(tree: Tree, remotes: Remotes | None) -> list[Rendered]:
    del remotes
    text = tree.read("a.yaml").decode()
    return [Rendered(manifest={"kind": "ConfigMap", "data": {"text": text}}, origin=Origin(file="a.yaml", line=1))]


def _refused(_tree: Tree, _remotes: Remotes | None) -> list[Rendered]:
    raise AssertionError("made again")


def test_two_revisions_in_turn_are_made_once_each() -> None:
    store = _Store()
    trees = [MemoryTree({"a.yaml": "one"}), MemoryTree({"a.yaml": "two"})]
    for tree in trees:
        Kept(store).built("k", tree, None, _made)
    for _ in range(3):
        run = Kept(store)
        for tree, text in zip(trees, ("one", "two"), strict=True):
            assert run.built("k", tree, None, _refused)[0].manifest["data"]["text"] == text


def test_a_third_revision_takes_the_place_of_the_oldest() -> None:
    store = _Store()
    for text in ("one", "two", "three"):
        Kept(store).built("k", MemoryTree({"a.yaml": text}), None, _made)
    made: list[str] = []

    def noted(tree: Tree, remotes: Remotes | None) -> list[Rendered]:
        made.append("again")
        return _made(tree, remotes)

    for text in ("three", "two", "one"):
        found = Kept(store).built("k", MemoryTree({"a.yaml": text}), None, noted)
        assert found[0].manifest["data"]["text"] == text
    assert made == ["again"]
