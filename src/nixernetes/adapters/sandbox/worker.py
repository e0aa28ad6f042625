"""Evaluates one language in a process of its own, which has little time, little memory, no files and no environment.

Its third task is to fetch a revision from a Git server, which may answer without end.
It is started by :mod:`nixernetes.adapters.sandbox.process` as a script, and imports nothing of this package, so that it
is ready in some 20 ms. Arguments: the language, and how many seconds one program may compute. Messages are JSON, one a
line; bytes are written as Latin-1 text.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import sys
from typing import Any

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_MEMORY_BYTES = 512 * 1024 * 1024  # that it may write to; the libraries themselves take some 100 MiB
_PACK_BYTES = 1024 * 1024 * 1024  # of one revision of a repository
_MAX_STACK = 500  # Jsonnet's own default


def main(language: str, cpu_seconds: int) -> None:
    """Answer requests until the input ends."""
    evaluate = {"jsonnet": _jsonnet, "jq": _jq, "git": _git}[language]
    _limit(resource.RLIMIT_DATA, _MEMORY_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, _PACK_BYTES if language == "git" else 0)
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, hard))
        _say(evaluate(json.loads(line)))


def _limit(what: int, value: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # some systems do not know all limits
        resource.setrlimit(what, (value, value))


def _jsonnet(request: dict[str, Any]) -> dict[str, Any]:
    import _gojsonnet  # type: ignore[import-not-found]  # noqa: PLC0415  # a module of C without types, slow to load

    try:
        return {
            "result": _gojsonnet.evaluate_snippet(
                request["file"],
                request["text"],
                max_stack=_MAX_STACK,
                ext_vars=request["ext_vars"],
                ext_codes=request["ext_codes"],
                tla_vars=request["tla_vars"],
                tla_codes=request["tla_codes"],
                import_callback=_imported,
            )
        }
    except (RuntimeError, MemoryError) as error:
        return {"error": str(error) or "out of memory"}


def _imported(folder: str, name: str) -> tuple[str, bytes]:
    _say({"import": [folder, name]})
    answer = json.loads(sys.stdin.readline())
    return answer["path"], answer["content"].encode("latin-1")


def _jq(request: dict[str, Any]) -> dict[str, Any]:
    import jq  # noqa: PLC0415  # see above

    try:
        program = jq.compile(request["program"])
    except ValueError as error:
        return {"broken": str(error)}
    try:
        return {"result": program.input_value(request["value"]).first()}
    except (ValueError, MemoryError, StopIteration) as error:
        return {"error": str(error) or "out of memory"}


def _git(request: dict[str, Any]) -> dict[str, Any]:
    """Fetch one revision of a repository into a bare one; what it says is read nowhere but in its own process."""
    import pygit2  # noqa: PLC0415  # see above
    from pygit2.enums import ConfigLevel  # noqa: PLC0415  # same

    for level in (ConfigLevel.SYSTEM, ConfigLevel.GLOBAL, ConfigLevel.XDG):
        pygit2.settings.search_path[level] = ""
    url, ref = request["url"], request["ref"]
    pygit2.settings.server_timeout = pygit2.settings.server_connect_timeout = request["milliseconds"]
    try:
        repository = pygit2.init_repository(request["place"], bare=True)
        remote = repository.remotes.create_anonymous(url)
        names = {head.name for head in remote.list_heads() if head.name}
        full = (f"refs/tags/{ref}", f"refs/heads/{ref}")
        wanted = next((name for name in full if name in names), ref or "HEAD")
        if wanted not in names and not _COMMIT.match(wanted):
            return {"error": f"couldn't find remote ref {ref}"}  # as git itself says
        local = url.startswith("file://")  # which cannot fetch a part of the history
        remote.fetch([f"+{wanted}:refs/wanted"], depth=0 if local else 1)
        return {"commit": str(repository.references["refs/wanted"].peel(pygit2.Commit).id)}
    except (pygit2.GitError, KeyError, ValueError, OSError, MemoryError) as error:
        return {"error": str(error) or type(error).__name__}


def _say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
