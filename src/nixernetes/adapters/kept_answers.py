"""What a whole run printed, kept by all that it read, for a run that would read the very same.

What is read of a repository on disk is its files and its refs; what is asked of the outside are hosts. An answer counts
while every file and every ref has the content that it had, and every host that was dead is as dead as it was. A run
that a host answered is not kept: what stands there may be another thing by now. Nor is one that meets what SOPS
encrypted: that depends on keys.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from nixernetes.adapters.folder_snapshot import FolderSnapshot
from nixernetes.adapters.registries.reachability import Reachability, has_proxy
from nixernetes.adapters.result_store import ResultStore
from nixernetes.errors import NixernetesError, RemoteError

__all__ = ["Answer", "DeadHost", "KeptAnswers", "dead_hosts"]

_ENCRYPTED = b"ENC[AES256_GCM"
_MOST_CHARACTERS = 16 * 1024 * 1024
_HOST = [str, bool, str]  # the types of a DeadHost
_REFS = ("HEAD", "config", "packed-refs")


class DeadHost(NamedTuple):
    """A host that did not answer: a URL that it was asked about, how it was spoken to, and what was said of it."""

    url: str
    plain: bool
    fact: str


class Answer(NamedTuple):
    """What a run printed, and how it ended.

    Attributes:
        out: the text on standard output.
        err: the text on standard error.
        status: the exit status.

    """

    out: str
    err: str
    status: int


class KeptAnswers:
    """The answers of one command about one repository on disk.

    Args:
        store: where they are kept, as long as that keeps them.
        program: stands for the version of the program.
        asked: the arguments that decide about the answer.
        repo: the repository.
        timeout_seconds: how long a host that was dead is tried.

    """

    def __init__(
        self, store: ResultStore, program: str, asked: Sequence[str | None], repo: Path, timeout_seconds: float = 10.0
    ) -> None:
        self._store = store
        self._key = f"answer\0{program}\0{json.dumps(list(asked))}\0{repo.resolve()}"
        self._repo = repo
        self._timeout_seconds = timeout_seconds

    def recall(self) -> Answer | None:
        """Return what the same run printed before, None where anything that it read is another."""
        held = self._store.get(self._key)
        if held is None or has_proxy():
            return None
        try:
            stamp, dead, out, err, status = json.loads(held)
            hosts = [DeadHost(*each) for each in dead]
            answer = Answer(out, err, status)
        except (ValueError, TypeError, RecursionError):
            return None
        if list(map(type, answer)) != [str, str, int] or not all(list(map(type, each)) == _HOST for each in hosts):
            return None
        if stamp != self._stamp() or not all(map(self._is_dead, hosts)):
            return None
        return answer

    def remember(self, answer: Answer, dead: Sequence[DeadHost]) -> None:
        """Keep what a run printed that no host had answered."""
        stamp = self._stamp()
        if stamp is None or has_proxy() or len(answer.out) + len(answer.err) > _MOST_CHARACTERS or self._is_encrypted():
            return
        self._store.put(self._key, json.dumps([stamp, list(dead), *answer]).encode())

    def _stamp(self) -> str | None:
        """Return what stands for all files and refs; None where refs are kept in another way than in files."""
        git = self._repo / ".git"
        digest = hashlib.sha256()
        try:
            if git.is_dir() and not (git / "reftable").exists() and not (git / "commondir").exists():
                for path in (*(git / name for name in _REFS), *_files(git / "refs")):
                    content = path.read_bytes() if path.is_file() else b""
                    digest.update(f"{path.relative_to(git)} {len(content)}\0".encode() + content)
            elif git.exists():
                return None
            digest.update(FolderSnapshot(self._repo).id.encode())
        except (OSError, NixernetesError):
            return None
        return digest.hexdigest()

    def _is_encrypted(self) -> bool:
        tree = FolderSnapshot(self._repo)
        try:
            return any(_ENCRYPTED in tree.read(path) for path in tree.walk(""))
        except NixernetesError:
            return True

    def _is_dead(self, host: DeadHost) -> bool:
        try:
            Reachability(self._timeout_seconds).probe(host.url, plain=host.plain)
        except RemoteError as error:
            return error.message == host.fact
        return False


def dead_hosts(hosts: Iterable[Reachability]) -> tuple[DeadHost, ...] | None:
    """Return the hosts that a run could not reach; None where one answered."""
    asked = tuple(hosts)
    if any(each.has_answers for each in asked):
        return None
    return tuple(DeadHost(*host) for each in asked for host in each.dead)


def _files(folder: Path) -> list[Path]:
    return sorted(Path(place, name) for place, _, names in os.walk(folder) for name in names)
