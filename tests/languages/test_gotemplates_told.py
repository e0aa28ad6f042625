"""Errors of templates are told as Go's text/template tells them, with their place."""

from __future__ import annotations

import pytest

from nixernetes.languages import gotemplates


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("a-{{.nope}}", 'template: base:1:4: executing "base" at <.nope>: map has no entry for key "nope"'),
        ("é\n{{ .a.nope }}", 'template: base:2:5: executing "base" at <.a.nope>: map has no entry for key "nope"'),
        ("{{ $.nope }}", 'template: base:1:4: executing "base" at <$.nope>: map has no entry for key "nope"'),
        ('{{ fail "x" }}', 'template: base:1:3: executing "base" at <fail "x">: error calling fail: x'),
        (
            "{{ .a.b.c.d.e.f.g.h.i.j.k }}",
            'template: base:1:5: executing "base" at <.a.b.c.d.e.f.g.h.i.j.k>: map has no',
        ),
        ("\n{{.a", "template: base:2: unclosed action"),
    ],
)
def test_an_error_has_its_place(template: str, told: str) -> None:
    with pytest.raises(gotemplates.TemplateError) as raised:
        gotemplates.render(template, {"a": {}}, missing_is_error=True)
    assert raised.value.told(template).startswith(told)
