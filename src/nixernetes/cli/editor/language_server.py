"""``nixernetes lsp``: findings, hovers and definitions for editors, over standard input and output.

The repository is checked again after each change, with the files as the editor has them, one check at a time: what is
typed meanwhile is checked once, in the next. An answer is about the last state that could be checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from nixernetes._version import __version__
from nixernetes.app.check import CheckOptions, CheckOutcome, checked
from nixernetes.app.shared_results import SharedResults, shared_results
from nixernetes.errors import NixernetesError
from nixernetes.verify.editing.hovering import hover
from nixernetes.verify.editing.pointing import Pointed, pointed
from nixernetes.verify.editing.resolving import resolved
from nixernetes.verify.findings import Finding, Place, Severity

__all__ = ["serve"]

_LEVELS: Final = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_SOURCE: Final = "nixernetes"


class _Session:
    """What is known of the workspace: the last outcome, and which files have findings shown."""

    def __init__(self, server: LanguageServer, options: CheckOptions) -> None:
        self._server = server
        self._options = options
        self._results: tuple[Path, SharedResults] | None = None
        self._outcome: CheckOutcome | None = None
        self._shown: set[str] = set()
        self._is_stale = False
        self._task: asyncio.Task[None] | None = None

    @property
    def root(self) -> Path:
        """The folder that is checked: as the editor says, else as the command line does."""
        path = self._server.workspace.root_path
        return Path(path) if path else self._options.target.absolute()

    def changed(self) -> None:
        """Check again, now or when the check that runs has ended."""
        self._is_stale = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._check())

    async def _check(self) -> None:
        while self._is_stale:
            self._is_stale = False
            options = replace(self._options, target=self.root, edits=self._edits(), results=self._kept_results())
            try:
                self._outcome = await asyncio.to_thread(checked, options)
            except NixernetesError as error:
                self._server.window_log_message(
                    lsp.LogMessageParams(type=lsp.MessageType.Warning, message=f"nixernetes: {error}")
                )
                continue
            self._show(self._outcome, options.edits)

    def _kept_results(self) -> SharedResults:
        """Return what was read for the folder before; the editor may have opened another one since."""
        if self._results is None or self._results[0] != self.root:
            self._results = (self.root, shared_results(self.root))
        return self._results[1]

    def _edits(self) -> dict[str, bytes]:
        found = {}
        for uri, document in self._server.workspace.text_documents.items():
            file = self.file(uri)
            if file:
                found[file] = document.source.encode(errors="replace")
        return found

    def file(self, uri: str) -> str:
        """Return a document's path in the repository; ``""`` for one that is elsewhere."""
        parts = urlsplit(uri)
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or not path.is_relative_to(self.root):
            return ""
        return path.relative_to(self.root).as_posix()

    def _show(self, outcome: CheckOutcome, opened: Iterable[str]) -> None:
        by_file: dict[str, list[Finding]] = {}
        for finding in outcome.report.findings:
            if finding.place.file:
                by_file.setdefault(finding.place.file, []).append(finding)
        for file in sorted({*self._shown, *by_file, *opened}):
            diagnostics = [self._diagnostic(outcome, each) for each in by_file.get(file, [])]
            self._server.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri=self._uri(file), diagnostics=diagnostics)
            )
        self._shown = set(by_file)

    def _uri(self, file: str) -> str:
        return (self.root / file).as_uri()

    def _diagnostic(self, outcome: CheckOutcome, finding: Finding) -> lsp.Diagnostic:
        about = f"{finding.object}: " if finding.object else ""
        related = [
            lsp.DiagnosticRelatedInformation(
                location=lsp.Location(uri=self._uri(place.file), range=_range(outcome, place)), message=text
            )
            for place, text in finding.related
            if place.file
        ]
        return lsp.Diagnostic(
            range=_range(outcome, finding.place),
            message=f"{about}{finding.message}",
            severity=_LEVELS[finding.severity],
            code=finding.rule,
            source=_SOURCE,
            related_information=related or None,
        )

    def _at(self, uri: str, position: lsp.Position) -> tuple[CheckOutcome, str, Pointed] | None:
        file = self.file(uri)
        if self._outcome is None or not file:
            return None
        document = self._server.workspace.get_text_document(uri)
        here = pointed(document.source, position.line + 1, _column(document, position))
        return (self._outcome, file, here) if here is not None else None

    def hover(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        """Return what is said of what is named at a place."""
        at = self._at(uri, position)
        text = hover(at[0].view, at[1], at[2]) if at is not None else ""
        content = lsp.MarkupContent(kind=lsp.MarkupKind.Markdown, value=text)
        return lsp.Hover(contents=content) if text else None

    def definition(self, uri: str, position: lsp.Position) -> list[lsp.Location]:
        """Return where what is named at a place is declared."""
        at = self._at(uri, position)
        found = resolved(at[0].view, at[1], at[2]) if at is not None else None
        if at is None or found is None:
            return []
        return [lsp.Location(uri=self._uri(each.file), range=_range(at[0], each)) for each in found.places if each.file]


def _column(document: TextDocument, position: lsp.Position) -> int:
    """Return the column of a position, which counts UTF-16 code units, in characters from 1."""
    line = document.lines[position.line] if position.line < len(document.lines) else ""
    before = line.encode("utf-16-le", errors="replace")[: 2 * position.character]
    return len(before.decode("utf-16-le", errors="replace")) + 1


def _range(outcome: CheckOutcome, place: Place) -> lsp.Range:
    """Return the rest of the line from a place on, in UTF-16 code units."""
    lines = outcome.places.text(place.file).splitlines()
    number = max(place.line, 1) - 1
    line = lines[number] if number < len(lines) else ""
    start = min(max(place.column, 1) - 1, len(line))
    end = len(line.rstrip())
    return lsp.Range(
        start=lsp.Position(line=number, character=_units(line[:start])),
        end=lsp.Position(line=number, character=_units(line[: max(start, end)])),
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="replace")) // 2


def serve(options: CheckOptions, start: Callable[[LanguageServer], None] = LanguageServer.start_io) -> None:
    """Serve one editor until it ends.

    Args:
        options: what is checked where the editor names no folder, and how.
        start: starts the server.

    """
    server = LanguageServer(_SOURCE, __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    session = _Session(server, options)

    @server.feature(lsp.INITIALIZED)
    async def _initialized(_: lsp.InitializedParams) -> None:
        session.changed()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(_: lsp.DidOpenTextDocumentParams) -> None:
        session.changed()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(_: lsp.DidChangeTextDocumentParams) -> None:
        session.changed()

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def _saved(_: lsp.DidSaveTextDocumentParams) -> None:
        session.changed()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def _closed(_: lsp.DidCloseTextDocumentParams) -> None:
        session.changed()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def _edited(_: lsp.DidChangeWatchedFilesParams) -> None:
        session.changed()

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def _hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return session.hover(params.text_document.uri, params.position)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    async def _definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        return session.definition(params.text_document.uri, params.position)

    start(server)
