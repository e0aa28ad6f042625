"""A subset of Go's text/template with the functions that Argo CD users write; what is not in it is refused by name.

In: text, fields, variables, pipelines, parentheses, comments, trimming, ``if``, ``else``, ``range``, ``with``,
literals, and the functions of ``functions`` and ``sprig``. Out: ``define``, ``template``, ``block``, ``break``,
``continue``, complex numbers, method calls. Pure: no clock, no environment, no files; work and memory are bounded.
"""

from nixernetes.languages.gotemplates.allowance import TemplateAllowance
from nixernetes.languages.gotemplates.evaluate import carry_out, render
from nixernetes.languages.gotemplates.parse import Node, TemplateError, parse

__all__ = ["Node", "TemplateAllowance", "TemplateError", "carry_out", "parse", "render"]
