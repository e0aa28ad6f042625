"""Modules joined into two files do what they do apart."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from nixernetes.adapters import web_server
from nixernetes.adapters.web_server.joining import joined, needed
from nixernetes.errors import BugError

STATIC = Path(web_server.__file__).parent / "data" / "static"
MODULES = {
    "app.js": 'import * as one from "/static/one.js";\nimport { two as 2 } from "/static/two.js";\n'
    'const far = () => import("/static/far.js");\n',
    "one.js": "export const a = 1;\nexport async function b() {}\nexport const { c, d } = made({\n});\n",
    "two.js": 'import {\n  a,\n} from "/static/one.js";\nexport class two {}\n',
    "far.js": 'import { a } from "/static/one.js";\n',
}


def test_what_is_needed_at_once_comes_first_and_the_rest_later() -> None:
    found = joined(MODULES, main="app.js", first="first.js", rest="rest.js")
    assert needed(MODULES, ["app.js"]) == ["app.js", "one.js", "two.js"]
    assert 'modules["far.js"]' not in found["first.js"]
    assert found["first.js"].endswith('need("app.js");\n')
    assert 'import("/static/rest.js").then(() => need(name))' in found["first.js"]
    assert 'const far = () => later("far.js");' in found["first.js"]
    assert 'const one = need("one.js");\nconst { two: 2 } = need("two.js");' in found["first.js"]
    assert "return { a, b, c, d };" in found["first.js"]
    assert found["rest.js"].startswith('import { modules, need } from "/static/first.js";\nmodules["far.js"] = ')


@pytest.mark.parametrize(
    "text",
    [
        'import one from "/static/one.js";\n',
        "export default 1;\n",
        "export let a = 1;\n",
        'import("/static/" + name);\n',
        'import { two } from "/static/two.js";\n',
    ],
)
def test_what_is_not_understood_is_a_fault(text: str) -> None:
    with pytest.raises(BugError):
        joined({**MODULES, "one.js": text}, main="app.js", first="first.js", rest="rest.js")


def test_a_script_that_is_joined_is_a_script(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    modules = {path.name: path.read_text() for path in STATIC.glob("*.js")}
    for name, text in joined(modules, main="app.js", first="first.js", rest="rest.js").items():
        file = tmp_path / name.replace(".js", ".mjs")
        file.write_text(text)
        assert subprocess.run([node, "--check", file], capture_output=True, check=False).stderr == b""
