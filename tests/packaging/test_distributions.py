"""What is published works by itself: built from the tree, installed beside its declared dependencies alone, offline."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
BUILT_FROM = ("src", "pyproject.toml", "README.md", "LICENSE")
NO_NETWORK = """\
import socket

def refused(self, address, *rest):
    raise OSError(f"the test allows no network: {address}")

socket.socket.connect = socket.socket.connect_ex = refused
socket.getaddrinfo = lambda *given, **named: refused(None, given[0])
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(int(version("setuptools").partition(".")[0]) < 77, reason="setuptools 77 builds the project"),
]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution built from the tree, and a wheel built from that."""
    folder = tmp_path_factory.mktemp("build")
    tree = folder / "tree"
    for name in BUILT_FROM:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, tree / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(place, tree / name)
    dist = folder / "dist"
    _backend(tree, "build_sdist", dist)
    (source,) = dist.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        if hasattr(tarfile, "data_filter"):  # since Python 3.11.4
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(folder / "source")  # noqa: S202  # ours
    (unpacked,) = (folder / "source").iterdir()
    _backend(unpacked, "build_wheel", dist)
    return dist


def _backend(folder: Path, hook: str, to: Path) -> None:
    code = f"from setuptools import build_meta; build_meta.{hook}({str(to)!r})"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def program(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed into an environment that has what the project declares and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for found in _closure(distribution("nixernetes")):
        _link(found, site, folder / "bin")
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # noqa: S202  # ours
    (site / "sitecustomize.py").write_text(NO_NETWORK)
    command = folder / "bin" / "nixernetes"
    (entry,) = site.glob("nixernetes-*.dist-info/entry_points.txt")
    module, name = re.findall(r"nixernetes = ([\w.]+):(\w+)", entry.read_text())[0]
    command.write_text(f"#!{folder}/bin/python\nfrom {module} import {name}\n{name}()\n")
    command.chmod(0o755)
    return command


def _closure(of: Distribution) -> Iterator[Distribution]:
    """Yield what a distribution needs, without extras, and what that needs."""
    seen: set[str] = set()
    waiting = [of]
    while waiting:
        for text in waiting.pop().requires or ():
            needed = Requirement(text)
            if (needed.marker is None or needed.marker.evaluate({"extra": ""})) and needed.name.lower() not in seen:
                seen.add(needed.name.lower())
                found = distribution(needed.name)
                yield found
                waiting.append(found)


def _link(found: Distribution, site: Path, programs: Path) -> None:
    for file in found.files or ():
        place = Path(str(file.locate())).resolve()
        if file.parts[:1] == ("..",):
            link = programs / place.name
        else:
            link, place = site / file.parts[0], Path(str(found.locate_file(file.parts[0])))
        if place.exists() and not link.exists():
            link.symlink_to(place)


def _run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": f"{program.parent}{os.pathsep}{os.defpath}", "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run([program, *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_the_wheel_does_the_main_job_offline(program: Path, tmp_path: Path) -> None:
    for arguments in (
        ("--version",),
        ("init", "it"),
        ("up", "it", "--once"),
        ("check", "it"),
        ("build", "it", "--output-dir", "it/repository", "--check"),
        ("up", "it/repository", "--once"),
        ("render", "--all", "--repo", "it/repository"),
        ("demo",),
    ):
        ran = _run(program, tmp_path, *arguments)
        assert ran.returncode == 0, (arguments, ran.stdout, ran.stderr)


def test_no_module_needs_what_is_not_declared(program: Path) -> None:
    """The language server is an extra; everything else runs with what every installation has."""
    code = (
        "import importlib, pkgutil, nixernetes\n"
        "for found in pkgutil.walk_packages(nixernetes.__path__, 'nixernetes.'):\n"
        "    try:\n        '.data.' in found.name or importlib.import_module(found.name)\n"
        "    except ModuleNotFoundError as error:\n        assert error.name in ('lsprotocol', 'pygls'), found.name\n"
    )
    ran = subprocess.run([program.with_name("python"), "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_wheel_holds_every_file_of_the_package(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "nixernetes").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sorted(wanted - names) == []
    assert not any(name.startswith("tests/") for name in names)
