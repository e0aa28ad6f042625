"""Write ``docs/commands.md``, the reference of every command, argument and option, from the code."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from nixernetes.cli.arguments import render_arguments, serve_arguments
from nixernetes.cli.commands import app

TARGET = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = """\
# Commands

Every command with its arguments and options; `nixernetes COMMAND --help` prints the same. Made by
`scripts/make_command_reference.py`.

| command | |
|---|---|
"""
OWN_HELP = {
    "render": render_arguments,
    "cluster serve": serve_arguments,
}  # commands whose arguments another parser reads


def page() -> str:
    """Return the page."""
    commands = dict(_commands("", get_command(app)))
    rows = "".join(
        f"| [`{name}`](#nixernetes-{name.replace(' ', '-')}) | {_first(each.help)} |\n"
        for name, each in commands.items()
    )
    return HEAD + rows + "".join(_section(name, each) for name, each in commands.items())


def _commands(before: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group, and those of its groups, by their whole names."""
    for name, each in sorted(group.commands.items()):
        whole = f"{before} {name}".strip()
        if hasattr(each, "commands"):
            yield from _commands(whole, each)
        else:
            yield whole, each


def _section(name: str, command: Any) -> str:
    rows = list(_rows(command) if name not in OWN_HELP else _parsed(OWN_HELP[name].parser()))
    usage = _usage(name, command)
    table = "".join(f"| {left} | {right} |\n" for left, right in rows)
    text = f"\n## nixernetes {name}\n\n{_cell(command.help)}\n\n```text\n{usage}\n```\n"
    return text + (f"\n| | |\n|---|---|\n{table}" if table else "")


def _usage(name: str, command: Any) -> str:
    if name in OWN_HELP:
        return OWN_HELP[name].parser().usage or ""
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    words = [_argument(each) if each.required else f"[{_argument(each)}]" for each in arguments]
    options = ["[options]"] if len(arguments) < len(command.params) else []
    return " ".join(("nixernetes", name, *words, *options))


def _rows(command: Any) -> Iterator[tuple[str, str]]:
    for each in command.params:
        if getattr(each, "hidden", False):
            continue
        if each.param_type_name == "argument":
            yield f"`{_argument(each)}`", _cell(each.help)
            continue
        value = "" if each.is_flag else f" {each.metavar or _kind(command, each)}"
        names = ", ".join(
            f"`{name}{_cell(value) if name.startswith('--') else ''}`" for name in (*each.opts, *each.secondary_opts)
        )
        default = each.default if isinstance(each.default, str | Path) and str(each.default) not in ("", ".") else ""
        said = _cell(each.help) + (f" Default: `{default}`." if default else "")
        yield names, said + (" May be repeated." if each.multiple else "")


def _kind(command: Any, parameter: Any) -> str:
    shown = str(parameter.display_type(command.make_context(command.name, [], resilient_parsing=True)))
    return {"STR": "TEXT"}.get(shown.strip("<>").upper(), shown.strip("<>").upper())


def _argument(parameter: Any) -> str:
    text: str = (parameter.metavar or parameter.name).upper().strip("[].")
    return f"{text}..." if parameter.nargs == -1 else text


def _parsed(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for each in parser._actions:  # noqa: SLF001  # argparse has no other way to ask
        if "--help" in each.option_strings:
            continue
        if not each.option_strings:
            yield f"`{_cell(each.metavar)}`", _sentence(_cell(each.help))
            continue
        takes = each.nargs != 0 and not isinstance(each, argparse.BooleanOptionalAction)
        value = f" {each.metavar or '|'.join(each.choices or ()) or each.dest.upper()}" if takes else ""
        names = ", ".join(f"`{name}{_cell(value) if name.startswith('--') else ''}`" for name in each.option_strings)
        repeated = " May be repeated." if isinstance(each, argparse._AppendAction) else ""  # noqa: SLF001  # same
        yield names, _sentence(_cell(each.help)) + repeated


def _first(text: str) -> str:
    return _cell(text.partition("\n\n")[0])


def _cell(text: str | None) -> str:
    """Return a help text as it stands in a cell."""
    return re.sub(r"\s+", " ", text or "").replace("|", "\\|").rstrip()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".") if text else ""


if __name__ == "__main__":
    TARGET.write_text(page())
    print(f"{TARGET} written")
