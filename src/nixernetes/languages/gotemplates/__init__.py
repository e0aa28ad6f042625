"""Go's text/template with the functions that Argo CD users write; those that are not there are refused by name.

In: all actions, literals but complex numbers, and the functions of ``functions`` and ``sprig``. Out: method calls.
Pure: no clock, no environment, no files; work and memory are bounded.
"""

from nixernetes.languages.gotemplates.allowance import TemplateAllowance
from nixernetes.languages.gotemplates.evaluate import carry_out, render
from nixernetes.languages.gotemplates.parse import Node, TemplateError, parse

__all__ = ["Node", "TemplateAllowance", "TemplateError", "carry_out", "parse", "render"]
