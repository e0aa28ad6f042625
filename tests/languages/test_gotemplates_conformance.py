"""What Argo CD itself made of templates, with Go's text/template, Sprig and fasttemplate."""

from __future__ import annotations

import json

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.languages.gotemplates.encodings import decoded
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.applicationsets.templates import Templating

_FILE = SHARED / "conformance" / "go_templates.json"
_DATA: Json = json.loads(_FILE.read_text()) if _FILE.is_file() else {"cases": [], "parameters": {}}
# Complex numbers; keys that a YAML text gives twice; what nobody tells missingkey=error and missingkey=zero apart by.
_LEFT_OUT = ("1i }}", '"a: 1\\na: 2"')


def _answer(templating: Templating, template: str, parameters: Json) -> str | None:
    try:
        return templating.text(template, parameters)
    except InputError:
        return None


@needs_shared
@pytest.mark.parametrize("kind", sorted({case["kind"] for case in _DATA["cases"]}))
def test_argo_cd_gives_the_same(kind: str) -> None:
    wrong = []
    for case in _DATA["cases"]:
        if case["kind"] != kind or any(part in case["template"] for part in _LEFT_OUT):
            continue
        named = case["parameters"]
        parameters = decoded(_DATA["parameters"][named] if isinstance(named, str) else named)
        for option, wanted in case["results"].items():
            if option == "missingkey=zero":
                continue
            templating = Templating(go=case["go"], options=(option,) if option else ())
            found = _answer(templating, case["template"], parameters)
            if found != wanted.get("text"):
                wrong.append((case["template"], option, wanted, found))
    assert wrong == []
