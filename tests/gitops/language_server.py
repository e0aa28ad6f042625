"""A language server as editors talk to it, over a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER = Path(sys.executable).with_name("basedpyright-langserver")

SETTINGS = {"python": {"pythonPath": sys.executable}}
ASK_AGAIN = {-32800, -32801, -32802}  # cancelled, the content was modified, the server cancelled: editors ask again


class LanguageServer:
    """Pyright's language server with one file open; ``|`` in what is asked for marks the cursor."""

    def __init__(self, folder: Path, text: str) -> None:
        self.text = text
        self.uri = (folder / "gitops.py").as_uri()
        self._asked = 0
        self._process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        root = {"rootUri": folder.as_uri(), "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}]}
        self._ask("initialize", {"processId": None, **root, "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})
        document = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        # What is asked before the file was analysed may be answered with nothing.
        while self._next().get("method") != "textDocument/publishDiagnostics":
            pass

    def completions(self, cursor: str) -> list[str]:
        """Return what may be written at the cursor."""
        found = self._ask("textDocument/completion", self._at(cursor)) or {"items": []}
        return [item["label"].strip('"') for item in found["items"]]

    def hover(self, cursor: str) -> str:
        """Return what is shown at the cursor."""
        found = self._ask("textDocument/hover", self._at(cursor)) or {"contents": {"value": ""}}
        return str(found["contents"]["value"])

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _at(self, cursor: str) -> dict[str, Any]:
        before = self.text[: self.text.index(cursor.replace("|", "")) + cursor.index("|")]
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return {"textDocument": {"uri": self.uri}, "position": position}

    def _ask(self, method: str, parameters: dict[str, Any]) -> Any:
        while True:
            self._asked += 1
            self._send({"id": self._asked, "method": method, "params": parameters})
            while (message := self._next()).get("id") != self._asked:
                pass
            code = message.get("error", {}).get("code")
            assert code is None or code in ASK_AGAIN, message
            if code is None:
                return message.get("result")

    def _next(self) -> dict[str, Any]:
        """Return the next answer or notification; what the server asks for meanwhile is answered."""
        while "method" in (message := self._read()) and "id" in message:
            settings = [SETTINGS.get(item.get("section")) for item in message["params"].get("items", ())]
            self._send({"id": message["id"], "result": settings})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        size = 0
        while line := self._process.stdout.readline().strip():
            if line.startswith(b"Content-Length:"):
                size = int(line.partition(b":")[2])
        assert size, "the language server ended"
        return dict(json.loads(self._process.stdout.read(size)))
