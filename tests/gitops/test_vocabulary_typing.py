"""Type checkers without a plugin accept what the docs show and find misspelt keywords; editors complete and explain."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mypy import api
from tests.gitops.language_server import LanguageServer

from nixernetes.app.starting import init

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
IMPORT = "from nixernetes import gitops\n"


def mypy(folder: Path) -> list[str]:
    """Return what mypy finds in strict mode, without a plugin."""
    config = folder / "mypy.ini"
    config.write_text("[mypy]\nstrict = True\n")
    cache = f"--cache-dir={ROOT / '.mypy_cache/vocabulary'}"
    found, crash, _ = api.run(["--config-file", str(config), cache, *map(str, sorted(folder.glob("*.py")))])
    assert not crash
    return [line for line in found.splitlines() if ": error: " in line]


def pyright(folder: Path) -> list[str]:
    """Return what pyright finds in strict mode."""
    (folder / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict"}))
    command = [Path(sys.executable).with_name("basedpyright"), "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--project", folder], capture_output=True, text=True, check=False)
    return [
        f"{Path(found['file']).name}:{found['range']['start']['line'] + 1}: {found['message']}"
        for found in json.loads(done.stdout)["generalDiagnostics"]
    ]


def programs() -> Iterator[tuple[str, str]]:
    """Yield what users copy: the examples, what ``init`` writes, the demo, and the blocks of each page."""
    examples = {f"{path.parent.name}_{path.stem}": path.read_text() for path in ROOT.glob("examples/*/*.py")}
    yield from sorted(examples.items())
    yield "demo", (ROOT / "src/nixernetes/app/data/demo/gitops.py").read_text()
    for page in PAGES:
        text = ""
        for number, block in enumerate(
            re.findall(r"^```python\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
        ):
            if any(block in example for example in examples.values()):
                continue
            # A block that imports begins a file; others go on with the one before.
            text = block if re.search(r"^(from|import) ", block, re.MULTILINE) else (text or IMPORT) + block
            yield f"{page.stem}_{number}", text


@pytest.mark.slow
def test_type_checkers_accept_what_people_are_shown(tmp_path: Path) -> None:
    for name, text in programs():
        (tmp_path / f"{re.sub(r'[^a-z0-9]', '_', name.lower())}_.py").write_text(text)
    init.init(tmp_path / "scaffold")
    (tmp_path / "scaffold/gitops.py").rename(tmp_path / "scaffold.py")
    assert len(list(tmp_path.glob("*.py"))) > 15
    assert mypy(tmp_path) == []
    assert pyright(tmp_path) == []


WRONG = """\
from nixernetes import gitops

gitops.GitRepository(nmae="a", url="https://x.example.com/y")
gitops.App(name="a", replica=1)
gitops.Kustomization(name="a", source_ref="apps", prune="yes")
gitops.Kustomization(name="a", source_ref={"kind": "GitRepository", "name": "a"}, patches="none")
gitops.Platform(name="a", apps=["web"])
"""


@pytest.mark.slow
def test_type_checkers_mark_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    lines = {3, 4, 5, 7}  # text is a sequence of texts, so line 6 is for the run to refuse: it says so at that line
    assert {int(re.findall(r"\.py:(\d+)", found)[0]) for found in mypy(tmp_path)} >= lines
    found = pyright(tmp_path)
    assert {int(each.split(":")[1]) for each in found} >= lines
    assert any('No parameter named "nmae"' in each for each in found)


NESTED = """\
from nixernetes import gitops
repo = gitops.GitRepository(name="a", url="https://x.example.com/y", ref={"branch": "main"}, interval="1m")
apps = gitops.Kustomization(name="a", source_ref=repo, health_checks=[{"kind": "Job", ""}])
app = gitops.Application(name="a", source={"repo_url": "", "helm": {"values": {}, ""}})
web = gitops.App(name="web", folders="web", environments={"production": {""}})
print(repo.interval)
"""


@pytest.mark.slow
def test_editors_complete_nested_values_and_explain_fields(tmp_path: Path) -> None:
    server = LanguageServer(tmp_path, NESTED)
    try:
        assert set(server.completions('"Job", "|"')) == {"api_version", "name", "namespace"}
        assert {"release_name", "value_files", "skip_crds"} <= set(server.completions('{}, "|"'))
        assert {"replicas", "images", "preset"} <= set(server.completions('{"production": {"|"'))
        assert "A Git repository that Flux polls." in server.hover("Git|Repository(name")
        for cursor in ('interval|="1m"', "print(repo.int|erval"):
            assert "How often to look for new commits. Default: `1m`." in server.hover(cursor)
        assert "The branch to follow." in server.hover('"bran|ch"')
    finally:
        server.close()


def test_every_field_has_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins with a capital, ends with a full stop, and stands below the field or under ``Attributes:``."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    fields = importlib.import_module("vocabulary_fields")
    assert len(fields.models()) > 200
    for model in fields.models():
        docs = fields.field_docs(model)
        assert [name for name in model.model_fields if name not in docs] == [], model.__name__
        odd = [f"{name}: {doc}" for name, doc in docs.items() if not re.fullmatch(r"`?[A-Z`].*\.", doc)]
        assert odd == [], model.__name__


def test_the_stubs_are_what_the_models_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    stubs = importlib.import_module("make_vocabulary_stubs")
    for package in stubs.PACKAGES:
        assert stubs.stub_of(package).read_text() == stubs.stub(package), "run scripts/make_vocabulary_stubs.py"
