"""The files for pipelines name commands and options that exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from nixernetes.cli.commands import app

ROOT = Path(__file__).resolve().parents[2]


def _scripts() -> list[str]:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    found = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    gitlab = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text())
    found += gitlab["nixernetes"]["script"]
    found += [each["entry"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    return found + re.findall(r"run: (nixernetes .*)", (ROOT / "docs/pipelines.md").read_text())


def _commands() -> list[list[str]]:
    found = []
    for script in _scripts():
        for line in script.replace("\\\n", " ").splitlines():
            match = re.search(r'(?:^|[ /])nixernetes"? ((?:check|diff|comment)\b[^;|&]*)', line)
            if match:
                found.append(shlex.split(match[1]))
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_each_command_of_a_pipeline_exists_with_its_options(command: list[str]) -> None:
    known = typer.main.get_command(app).commands[command[0]]  # type: ignore[attr-defined]  # a group
    options = {name for each in known.params for name in (*each.opts, *each.secondary_opts)}
    given = {word.partition("=")[0] for word in command[1:] if word.startswith("-")}
    assert given <= options
    assert CliRunner().invoke(app, [command[0], "--help"]).exit_code == 0


def test_there_are_commands_in_every_file() -> None:
    assert len(_commands()) >= 9
