"""A platform file is run like a program, and what goes wrong in it is told with the user's own line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nixernetes.app.load import load
from nixernetes.cli.main import main
from nixernetes.errors import InputError

GOOD = "from nixernetes import gitops\nplatform = gitops.Platform(name='p')\n"


def write(folder: Path, text: str, name: str = "gitops.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_platform_of_a_file_or_of_its_folder(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert load(path).platform.name == "p"
    assert load(tmp_path).platform.declared_at == f"{path}:2"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\n1/0\n", 2, "ZeroDivisionError: division by zero"),
        ("x = (\n", 1, "not valid Python"),
        ("import nowhere_at_all\n", 1, "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("from nixernetes import gitops\n\ngitops.App(nam='x')\n", 3, "did you mean name?"),
        ("from nixernetes import gitops\ngitops.Platfrom\n", 2, "AttributeError"),
        ("def f():\n    return {}['k']\nf()\n", 2, "KeyError: 'k'"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.place == f"{path}:{line}"
    assert message in str(caught.value)


def test_a_mistake_in_a_module_beside_it_is_told_with_that_line(tmp_path: Path) -> None:
    write(tmp_path, "\n\nraise ValueError('no')\n", "shop.py")
    with pytest.raises(InputError, match=r"shop\.py:3: ValueError: no"):
        load(write(tmp_path, "import shop\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "it has no platform: define one"),
        ("platform = {}\n", "its platform is a dict, not a Platform"),
        ("import platform\n", "its platform is a module, not a Platform"),
        ("raise SystemExit(3)\n", "it exits before"),
        ("\0", "not valid Python"),
    ],
)
def test_a_file_without_platform_says_what_to_define(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load(write(tmp_path, text))


def test_a_missing_file_points_to_init(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file: `nixernetes init` writes one"):
        load(tmp_path / "gitops.py")


def test_modules_beside_it_are_found_and_forgotten(tmp_path: Path) -> None:
    text = "from nixernetes import gitops\nimport names_beside\nplatform = gitops.Platform(name=names_beside.NAME)\n"
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        write(folder, f"NAME = {name!r}\n", "names_beside.py")
        assert load(write(folder, text)).platform.name == name
        assert "names_beside" not in sys.modules
        assert str(folder) not in sys.path
        assert not (folder / "__pycache__").exists()


def test_the_standard_module_of_that_name_stays_what_it_is(tmp_path: Path) -> None:
    load(write(tmp_path, GOOD))
    import platform  # noqa: PLC0415  # what a library would do after the platform was loaded

    assert hasattr(platform, "python_version")


def test_files_are_read_beside_the_platform_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "platform"
    (folder / "apps" / ".git").mkdir(parents=True)
    (folder / "apps" / "web.yaml").write_text("web")
    (folder / "apps" / ".git" / "HEAD").write_text("no")
    (tmp_path / "secret").write_text("outside")
    files = load(write(folder, GOOD)).files
    assert files(Path("apps/web.yaml")) == {"": b"web"}
    assert files(Path("apps")) == {"web.yaml": b"web"}
    (folder / "apps" / "link").symlink_to(tmp_path / "secret")
    fresh = load(folder).files
    for path in ("../secret", "apps/link", "apps", str(tmp_path / "secret")):
        with pytest.raises(InputError, match="leads out of"):
            fresh(Path(path))
    with pytest.raises(InputError, match="there is no file or folder nothing"):
        fresh(Path("nothing"))


def test_in_a_git_repository_files_are_read_from_anywhere_in_it(tmp_path: Path) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/web.yaml").write_text("web")
    (tmp_path / "secret").write_text("outside")
    folder = tmp_path / "repository/platform"
    folder.mkdir()
    files = load(write(folder, GOOD)).files
    assert files(Path("../web.yaml")) == {"": b"web"}
    with pytest.raises(InputError, match=r"leads out of .*/repository: "):
        files(Path("../../secret"))


def test_an_error_of_the_user_that_cannot_even_be_printed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gitops.py"
    path.write_text("class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd\n")
    with pytest.raises(InputError) as refused:
        load(path)
    assert str(refused.value) == f"{path}:4: Odd\n  {path.name}:4 in <module>\n      raise Odd"


def test_the_frames_of_the_user_are_shown_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, "def pick(table, name):\n    return table[name]\n", "tables.py")
    path = write(tmp_path, "import json\nimport tables\njson.dumps([], default=str)\ntables.pick({}, 'web')\n")
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{tmp_path}/tables.py:2: KeyError: 'web'\n"
        "  gitops.py:4 in <module>\n"
        "      tables.pick({}, 'web')\n"
        "  tables.py:2 in pick\n"
        "      return table[name]"
    ).replace("gitops.py", path.name)


def test_a_recursion_is_told_by_its_ends(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(write(tmp_path, "def f(x):\n    return f(x + 1)\nf(0)\n"))
    told = str(caught.value).splitlines()
    assert "RecursionError" in told[0]
    assert len(told) < 25
    assert any(line.strip().endswith("more …") for line in told)


def test_a_line_that_is_not_python_is_shown_with_a_mark(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(write(tmp_path, "if True:\n    x = = 2\n"))
    assert str(caught.value).splitlines()[1:] == ["    x = = 2", "        ^"]


@pytest.mark.parametrize("name", ["apps.yaml", "apps.yml", "apps.json"])
def test_a_file_of_manifests_is_not_taken_for_a_platform(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "kind: ConfigMap\n", name)
    with pytest.raises(InputError, match="holds manifests, and is not a platform file: name a Python file, or"):
        load(path)


def test_what_a_platform_prints_does_no_harm(tmp_path: Path) -> None:
    printing = "import os, sys\nprint('one')\nos.system('echo two')\nsys.stdout.write('three\\n')\n"
    repository = "gitops.GitOpsRepository(name='r', url='https://git.example/r', environments=['dev'])"
    write(tmp_path, printing + GOOD.replace("name='p'", f"name='p', repository={repository}"))
    command = [Path(sys.executable).with_name("nixernetes"), "build", str(tmp_path), "--format", "json"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["created"]
    assert sorted(ran.stderr.split()) == ["one", "three", "two"]


@pytest.mark.parametrize("verbose", [False, True])
def test_the_whole_traceback_is_shown_where_it_is_asked_for(
    tmp_path: Path, verbose: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "1/0\n")
    monkeypatch.setattr(sys, "argv", ["nixernetes", "build", str(path), *(["--verbose"] if verbose else [])])
    with pytest.raises(SystemExit):
        main()
    told = capsys.readouterr().err
    assert told.startswith(f"nixernetes: {path}:1: ZeroDivisionError: division by zero\n")
    assert ("Traceback (most recent call last):" in told) is verbose
