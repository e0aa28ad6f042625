"""Pages of the documentation, as what they ask their reader to type: blocks, in order, in one empty folder.

A fence says what its block is:

- ``sh``: commands, run by bash, which must all succeed; ``console``: commands after ``$``, and what they print;
- ``python``, ``yaml`` and others with ``title="PATH"``: a file that the reader writes; ``python`` without: run,
  after ``from nixernetes import gitops``;
  ``yaml`` without: YAML that can be read, and where it is an object of Flux or Argo CD, one of its kind;
- ``text``: nothing to type, as output or a drawing.

Comments that no reader sees stand before a block: ``<!-- setup: COMMANDS -->`` does what the page takes for granted,
``<!-- exits: 1 -->`` says how the last command ends, ``<!-- not run: REASON -->`` gives one of a few known reasons.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nixernetes import gitops

__all__ = ["Block", "Reader", "blocks", "fences", "settings_of_reader"]

_FENCE: Final = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```\s*?$", re.DOTALL | re.MULTILINE
)
_COMMENT: Final = re.compile(r"<!-- (?P<word>setup|exits|not run):\s(?P<text>.*?)-->", re.DOTALL)
_TITLE: Final = re.compile(r'title="([^"]+)"')
_BIN: Final = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of a page.

    Attributes:
        language: what the fence says; ``setup`` for what no reader sees.
        text: what stands in it.
        title: the file that it is, or ``""``.
        line: where it stands.
        exits: how its last command ends.
        reason: why it is not run, or ``""``.

    """

    language: str
    text: str
    title: str = ""
    line: int = 0
    exits: int = 0
    reason: str = ""


def fences(text: str) -> Iterator[re.Match[str]]:
    """Yield the fenced blocks of a page."""
    yield from _FENCE.finditer(text)


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a page, and what its comments set up."""
    said: dict[str, str] = {}
    found = [*_FENCE.finditer(text)]
    inside = [each.span() for each in found]
    comments = [each for each in _COMMENT.finditer(text) if not any(a <= each.start() < b for a, b in inside)]
    for each in sorted([*found, *comments], key=lambda one: one.start()):
        line = text.count("\n", 0, each.start()) + 1
        if each.re is _COMMENT:
            if each["word"] == "setup":
                yield Block(language="setup", text=each["text"], line=line)
            else:
                said[each["word"]] = each["text"].strip()
            continue
        language, _, rest = each["info"].strip().partition(" ")
        title = _TITLE.search(rest)
        body = "".join(row.removeprefix(each["indent"]) for row in each["body"].splitlines(keepends=True))
        yield Block(
            language=language,
            text=body,
            title=title[1] if title else "",
            line=line,
            exits=int(said.pop("exits", "0")),
            reason=said.pop("not run", ""),
        )


def settings_of_reader(home: Path) -> Mapping[str, str]:
    """Return the environment of somebody who has the program (of the tree that is tested), Git and nothing of ours."""
    who = {f"GIT_{role}_{part}": "reader@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "XDG_CACHE_HOME", "XDG_STATE_HOME") if name in os.environ}
    path = os.pathsep.join((str(_BIN), os.environ["PATH"]))
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "COLUMNS": "100", **kept, **who}


class Reader:
    """Types what a page says, in an empty folder; made by :meth:`at_work`.

    Args:
        folder: the folder.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, object] = {"__name__": "__main__", "gitops": gitops}
        self._groups: list[int] = []
        self._at = folder

    @classmethod
    @contextmanager
    def at_work(cls, folder: Path) -> Iterator[Reader]:
        """Give a reader; what it left running ends with it."""
        reader = cls(folder)
        try:
            yield reader
        finally:
            for group in reader._groups:
                try:
                    os.killpg(group, signal.SIGKILL)
                except ProcessLookupError:
                    continue

    def follow(self, block: Block) -> None:
        """Do what a block says.

        Raises:
            AssertionError: it does not end as the page says.

        """
        if block.title:
            path = self._at / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language in ("sh", "setup"):
            self._typed(block.text, block)
        elif block.language == "console":
            self._console(block)
        elif block.language == "python":
            exec(compile(block.text, f"line {block.line}", "exec"), self._names)  # noqa: S102  # that is the job

    def _console(self, block: Block) -> None:
        """Type each command, and compare what it prints; a line ``…`` stands for any others."""
        commands = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
        for number, each in enumerate(commands, 1):
            command, _, wanted = each.partition("\n")
            printed = self._typed(command, block, exits=block.exits if number == len(commands) else 0)
            shown = [row.rstrip() for row in printed.splitlines()]
            for row in wanted.splitlines():
                if row.strip() != "…":
                    assert row.rstrip() in shown, f"line {block.line}: `{command}` prints\n{printed}\nand not\n{row}"

    def _typed(self, text: str, block: Block, *, exits: int | None = None) -> str:
        """Run commands where the ones before left off; return what they print."""
        place = self.folder / ".place"
        script = f"set -e\ntrap 'pwd > {place}' EXIT\n{text}"
        log = self.folder / ".log"
        with log.open("w") as output:
            ran = subprocess.Popen(
                ["bash", "-c", script],
                cwd=self._at,
                env=settings_of_reader(self.folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._groups.append(ran.pid)
            status = ran.wait()
        printed = log.read_text(encoding="utf-8", errors="replace")
        log.unlink()
        self._at = Path(place.read_text().strip())
        place.unlink()
        wanted = block.exits if exits is None else exits
        assert status == wanted, f"line {block.line}: status {status}, not {wanted}: {text}\n{printed}"
        return printed
