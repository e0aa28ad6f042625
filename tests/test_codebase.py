"""The codebase obeys its own rules: size, public names, documented commands, quick and complete command line."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nixernetes.cli.commands import app

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(ROOT.glob("src/**/*.py"))
ALL = sorted(
    path for folder in ("src", "tests", "examples", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
DOCS = "".join(path.read_text() for path in sorted(ROOT.glob("docs/*.md")))
PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMAND = Path(sys.executable).with_name("nixernetes")
COMMANDS = sorted(command.name or str(getattr(command.callback, "__name__", "")) for command in app.registered_commands)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, check=False, env=os.environ | environment
    )


def test_no_file_has_more_than_five_hundred_lines() -> None:
    assert [path.name for path in ALL if len(path.read_text().splitlines()) > 500] == []


def test_no_function_has_more_than_sixty_lines() -> None:
    long = [
        f"{path.name}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [path.name for path in SOURCES if path.stem in ("utils", "helpers", "common", "manager", "misc")] == []


def test_every_module_says_what_it_is_and_lists_its_public_names_sorted() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree) or "app/data" in path.as_posix(), path
        for node in tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                names = ast.literal_eval(node.value)
                assert len(set(names)) == len(names), path
                assert names in (sorted(names), sorted(names, key=order)), path


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: how the linter sorts public names."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


# Where a pattern of ``re`` is not spelled in its call: it is ours all the same, and this is where it comes from.
OWN_PATTERNS = {
    ("languages/labels/names.py", "pattern"): "one of the constants of that module",
    ("gitops/values.py", "pattern"): "an argument that our own declarations of resources give",
    ("languages/cel/libraries/kubernetes/formats.py", "self.expression"): "one of the formats of that module",
    ("languages/gotemplates/dates.py", "'|'.join(map(re.escape, _MARKS))"): "the marks of that module, escaped",
    ("render/sources/chart_folders.py", "re.escape(name) + '-v?[0-9][^/]*\\\\.tgz\\\\Z'"): "a text, escaped",
}


def test_python_matches_no_pattern_that_a_user_wrote() -> None:
    """Python's engine backtracks, and reads what Go does not: what users write goes through ``languages``."""
    found = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not {"re", "glob", "fnmatch"} & {*imported}, path
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                pattern, asks = node.args[0], ast.unparse(node.func) not in ("re.escape", "re.error")
                if asks and not all(map(_is_own, _parts(pattern))):
                    found.add((path.relative_to(ROOT / "src/nixernetes").as_posix(), ast.unparse(pattern)))
    assert found == set(OWN_PATTERNS)


def _parts(pattern: ast.expr) -> list[ast.expr]:
    """Return what a formatted text is put together from."""
    if not isinstance(pattern, ast.JoinedStr):
        return [pattern]
    return [part.value if isinstance(part, ast.FormattedValue) else part for part in pattern.values]


def _is_own(part: ast.expr) -> bool:
    """Tell whether a part is a text or the name of a constant."""
    return isinstance(part, ast.Constant) or (isinstance(part, ast.Name) and part.id.isupper())


def test_dicts_are_asked_seldom() -> None:
    """Objects are decoded at the door or read with ``objects.fields``: at most one ``get`` in ten lines of a file."""
    asked = {path: _questions(path) for path in SOURCES}
    assert [path.name for path, (count, lines) in asked.items() if count * 10 > lines] == []


def _questions(path: Path) -> tuple[int, int]:
    """Return how often a file asks a dict, and how long it is."""
    text = path.read_text()
    return text.count(".get("), len(text.splitlines())


def test_the_architecture_page_names_what_there_is() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    source = "".join(path.read_text() for path in SOURCES)
    walks = page[page.index("## Three walks") : page.index("## Where to add what")]
    named = set(re.findall(r"`([A-Za-z_]+)`", walks)) - {"nixernetes", "render", "up", "build"}
    assert len(named) > 25
    assert [name for name in sorted(named) if not re.search(rf"(def|class) {name}\b", source)] == []
    for place in re.findall(r"\(`([a-z_]+(?:\.[a-z_]+)+)`\)", page):
        path = ROOT / "src/nixernetes" / place.replace(".", "/")
        assert path.with_suffix(".py").exists() or path.is_dir(), place
    for place in re.findall(
        r"`((?:gitops|engine|render|cluster|health|adapters|app|cli|objects)/[a-z_/]+(?:\.py)?)`", page
    ):
        assert (ROOT / "src/nixernetes" / place).exists(), place


def test_a_room_has_at_most_twenty_files() -> None:
    """Beyond that nobody finds anything: give a concept with several files a room of its own."""
    rooms = {path.parent for path in SOURCES}
    assert [room.name for room in rooms if len(list(room.glob("*.py"))) > 20] == []


def test_one_class_name_is_one_concept() -> None:
    names = [
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_api_groups_and_well_known_names_stand_once() -> None:
    """Health checks and the files that users get may name groups again: they are data, a row for each kind."""
    name = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(io|dev|sh)(/.*)?")
    places: dict[str, set[str]] = {}
    for path in SOURCES:
        if {"health", "data"} & set(path.parts):
            continue
        for text in _texts(ast.parse(path.read_text())):
            if name.fullmatch(text):
                places.setdefault(text, set()).add(path.name)
    assert {text: found for text, found in places.items() if len(found) > 1} == {}


def test_a_kind_that_two_rooms_know_is_named_once() -> None:
    places: dict[str, set[str]] = {}
    for path in SOURCES:
        if "health" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "GroupKind" and len(node.args) == 2:
                _, kind = node.args
                if isinstance(kind, ast.Constant):
                    places.setdefault(ast.unparse(node), set()).add(path.name)
    assert {kind: found for kind, found in places.items() if len(found) > 1} == {}


def _texts(tree: ast.Module) -> Iterator[str]:
    """Yield the string literals that are not docs."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_nothing_is_left_for_later() -> None:
    word = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert [path.name for path in SOURCES if word.search(path.read_text())] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_and_has_help(command: str) -> None:
    assert f"nixernetes {command}" in DOCS
    found = run(command, "--help")
    assert found.returncode == 0
    assert found.stdout.lower().startswith("usage: nixernetes")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_eighty_columns_and_cuts_nothing(command: str) -> None:
    found = run(*filter(None, [command]), "--help", COLUMNS="80").stdout
    assert max(map(len, found.splitlines())) <= 80
    assert [line for line in found.splitlines() if line.endswith("...") and not line.startswith("Usage:")] == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_every_link_of_the_docs_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text()):
        assert "://" in target or (path.parent / target).exists(), target


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    readme = ROOT / "README.md"
    seen, pages = {readme}, [readme]
    while pages:
        page = pages.pop()
        linked = {(page.parent / link).resolve() for link in re.findall(r"\]\(([^)#]+\.md)", page.read_text())}
        pages += sorted(linked - seen)
        seen |= linked
    assert set(ROOT.glob("docs/*.md")) - seen == set()


def test_the_shell_completes_commands() -> None:
    found = run(_NIXERNETES_COMPLETE="complete_bash", COMP_WORDS="nixernetes re", COMP_CWORD="1")
    assert found.stdout.split() == [name for name in ("render", "refresh", "reconcile", "resume") if name in COMMANDS]
    assert "complete" in run("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").stdout


def test_short_help_and_version_answer() -> None:
    assert run("-h").stdout == run("--help").stdout
    assert re.fullmatch(r"nixernetes \d+\.\d+\.\d+\S*\n", run("--version").stdout)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(command: str) -> None:
    """That is what keeps it under a quarter of a second, on any machine."""
    heavy = ("pydantic", "rich", "httpx", "pygit2", "yaml", "lupa", "nixernetes.languages.cel")
    arguments = ["nixernetes", *filter(None, [command]), "--help"]
    code = (
        f"import sys; sys.argv = {arguments!r}\n"
        "from nixernetes.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"sys.exit(repr([name for name in {heavy!r} if name in sys.modules]))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == "[]"


def test_every_slow_test_is_there() -> None:
    """``tests/slow.txt`` names what a newcomer does not wait for, and nothing that is gone."""
    named = [line.split("::") for line in (ROOT / "tests/slow.txt").read_text().splitlines() if line[:1] != "#"]
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert gone == [], "run scripts/find_slow_tests.py"


def test_types_are_shipped() -> None:
    assert (ROOT / "src/nixernetes/py.typed").exists()


def test_the_gate_runs_everything() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert "check: $(SITE_READY) format lint\n\t@$(MAKE) --no-print-directory -j 2 tests proofs" in makefile
    assert "proofs: types layers docs" in makefile
    assert "make check" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize("path", sorted(ROOT.glob("benchmarks/*.py")), ids=lambda path: path.stem)
def test_what_a_benchmark_takes_from_the_program_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("nixernetes"):
            module = importlib.import_module(str(node.module))
            for name in node.names:
                assert hasattr(module, name.name) or importlib.util.find_spec(f"{node.module}.{name.name}")
