"""Remote bases are told from paths as Kustomize tells them, and read from what stands for them."""

import pytest

from nixernetes.errors import RemoteError
from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, KustomizeError, build
from nixernetes.render.kustomize.remote_bases import RemoteBase, remote_base
from nixernetes.render.remembered import remembered
from nixernetes.render.traced import TracedRemotes
from nixernetes.render.tree import MemoryTree, Tree

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
GITHUB = "https://github.com/org/repo"


class _Remotes:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.repositories: dict[tuple[str, str], Tree] = {}

    def file(self, url: str) -> bytes | None:
        return self.files.get(url)

    def repository(self, url: str, ref: str) -> Tree | None:
        return self.repositories.get((url, ref))


class _Store(dict[str, bytes]):
    def put(self, key: str, data: bytes) -> None:
        self[key] = data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://github.com/org/repo", (GITHUB, "", "")),
        ("github.com/org/repo/a/b?ref=v1", (GITHUB, "a/b", "v1")),
        ("https://github.com/org/repo//a/?ref=v1&submodules=false", (GITHUB, "a", "v1")),
        ("https://github.com/org/repo?version=v1", (GITHUB, "", "v1")),
        (
            "git::https://gitlab.example/group/sub/repo.git/a?ref=main",
            ("https://gitlab.example/group/sub/repo.git", "a", "main"),
        ),
        ("git@github.com:org/repo//a", ("git@github.com:org/repo", "a", "")),
        ("ssh://git@github.com/org/repo.git", ("git@github.com:org/repo.git", "", "")),
        ("ssh://git@git.example:7999/org/repo.git//a", ("ssh://git@git.example:7999/org/repo.git", "a", "")),
        ("user@git.example:org/repo/a", ("user@git.example:org/repo", "a", "")),
        (
            "https://dev.azure.example/org/project/_git/repo/a/b",
            ("https://dev.azure.example/org/project/_git/repo", "a/b", ""),
        ),
        ("file:///srv/repo//a", ("file:///srv/repo", "a", "")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_url_names_repository_folder_and_revision(text: str, expected: tuple[str, str, str]) -> None:
    assert remote_base(text) == RemoteBase(*expected)


@pytest.mark.parametrize("text", ["../base", "a/b?ref=v1", "base", "/srv/repo", "", "https://", f"{GITHUB}//../other"])
def test_other_paths_name_none(text: str) -> None:
    assert remote_base(text) is None


def test_a_base_is_read_at_its_revision_with_the_bases_beside_it() -> None:
    remotes = _Remotes()
    remotes.repositories[GITHUB, "v1"] = MemoryTree(
        {
            "a/kustomization.yaml": "resources: [../b]\nnamePrefix: x-\n",
            "b/kustomization.yaml": "resources: [c.yaml]",
            "b/c.yaml": CONFIG_MAP,
        }
    )
    files = {"kustomization.yaml": f"namespace: ns\nresources: ['{GITHUB}//a?ref=v1']"}
    (found,) = build(MemoryTree(files), "", BuildOptions(remotes=remotes))
    assert found.manifest["metadata"] == {"name": "x-c", "namespace": "ns"}
    assert str(found.origin) == f"{GITHUB}//b/c.yaml?ref=v1:1"
    assert str(found.origin.chain[0]) == f"{GITHUB}//a/kustomization.yaml?ref=v1"


def test_build_metadata_names_repository_and_revision() -> None:
    remotes = _Remotes()
    remotes.repositories[GITHUB, "v1"] = MemoryTree(
        {"a/kustomization.yaml": "resources: [c.yaml]", "a/c.yaml": CONFIG_MAP}
    )
    files = {"kustomization.yaml": f"buildMetadata: [originAnnotations]\nresources: ['{GITHUB}//a?ref=v1']"}
    (found,) = build(MemoryTree(files), "", BuildOptions(remotes=remotes))
    origin = yamls.parse(found.manifest["metadata"]["annotations"]["config.kubernetes.io/origin"])
    assert origin == {"path": "a/c.yaml", "repo": GITHUB, "ref": "v1"}


def test_a_remote_file_is_read_from_what_stands_for_it() -> None:
    remotes = _Remotes()
    url = "https://files.example/install.yaml"
    remotes.files[url] = CONFIG_MAP.encode()
    (found,) = build(MemoryTree({"kustomization.yaml": f"resources: ['{url}']"}), "", BuildOptions(remotes=remotes))
    assert str(found.origin) == f"{url}:1"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"c.yaml": CONFIG_MAP}, "unable to find one of"),
        ({"kustomization.yaml": "resources: [../../etc]"}, "outside the repository"),
        ({"kustomization.yaml": f"resources: ['{GITHUB}?ref=v1']"}, "cycle detected: URI"),
    ],
    ids=["no kustomization", "leads out", "names itself"],
)
def test_what_is_wrong_with_a_base_is_told(files: dict[str, str | bytes], message: str) -> None:
    remotes = _Remotes()
    remotes.repositories[GITHUB, "v1"] = MemoryTree(files)
    with pytest.raises(KustomizeError, match=message):
        build(MemoryTree({"kustomization.yaml": f"resources: ['{GITHUB}?ref=v1']"}), "", BuildOptions(remotes=remotes))


def test_without_the_repository_the_error_says_how_to_map_it() -> None:
    with pytest.raises(KustomizeError, match=rf"kustomization\.yaml:1: .*--source {GITHUB}=PATH"):
        build(MemoryTree({"kustomization.yaml": "resources: ['github.com/org/repo//a?ref=v1']"}), "")


def test_a_repository_that_has_no_such_revision_is_an_error_of_the_build() -> None:
    class Failing(_Remotes):
        def repository(self, url: str, ref: str) -> Tree | None:
            raise RemoteError(f"unable to resolve '{ref}'", subject=url)

    with pytest.raises(KustomizeError, match="unable to resolve 'v1'"):
        build(
            MemoryTree({"kustomization.yaml": f"resources: ['{GITHUB}?ref=v1']"}), "", BuildOptions(remotes=Failing())
        )


def test_a_kept_result_counts_while_the_remote_answers_the_same() -> None:
    remotes, store = _Remotes(), _Store()
    tree = MemoryTree({"kustomization.yaml": f"resources: ['{GITHUB}']"})

    def text(given: _Remotes | None) -> bytes:
        traced = TracedRemotes(given) if given is not None else None

        def make(of: Tree) -> bytes:
            found = build(of, "", BuildOptions(remotes=traced))
            return repr([each.manifest["metadata"]["name"] for each in found]).encode()

        return remembered(store, "key", tree, make, traced)

    def names(name: str) -> None:
        content = CONFIG_MAP.replace("name: c", f"name: {name}")
        remotes.repositories[GITHUB, ""] = MemoryTree({"kustomization.yaml": "resources: [c.yaml]", "c.yaml": content})

    names("one")
    assert text(remotes) == b"['one']"
    assert text(remotes) == b"['one']"
    names("two")
    assert text(remotes) == b"['two']"
    with pytest.raises(KustomizeError, match="is not at hand"):
        text(None)
