"""A type checker accepts what the docs show, and finds misspelt keywords before anything runs."""

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "[mypy]\nplugins = pydantic.mypy\nstrict = True\n"


def checked(tmp_path: Path, *paths: Path) -> tuple[str, int]:
    config = tmp_path / "mypy.ini"
    config.write_text(PLUGIN)
    cache = f"--cache-dir={ROOT / '.mypy_cache/vocabulary'}"
    found, _, status = api.run(["--config-file", str(config), cache, *map(str, paths)])
    return found, status


@pytest.mark.slow
def test_the_examples_are_typed_and_misspelt_keywords_are_not(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from nixernetes import gitops\n"
        'gitops.GitRepository(nmae="a", url="https://x.example.com/y")\n'
        'gitops.App(name="a", replica=1)\n'
    )
    found, status = checked(tmp_path, wrong)
    assert status == 1
    assert 'wrong.py:2: error: Unexpected keyword argument "nmae" for "GitRepository"' in found
    assert 'wrong.py:3: error: Unexpected keyword argument "replica" for "App"' in found
    for path in sorted(ROOT.glob("examples/*/*.py")):
        copy = tmp_path / f"{path.parent.name.replace('-', '_')}_example.py"
        copy.write_text(path.read_text())
    found, status = checked(tmp_path, *sorted(tmp_path.glob("*_example.py")))
    assert (found.splitlines()[-1][:7], status) == ("Success", 0), found
