"""``nixernetes explain``: what a rule of ``check`` is for."""

from __future__ import annotations

import typer

from nixernetes.verify.checks import all_rules
from nixernetes.verify.explanations import explanation
from nixernetes.verify.hints import meant

__all__ = ["run"]

_COULD_NOT_RUN = 2


def run(name: str) -> None:
    """Print the text of a rule, or the sentences of all."""
    rules = {rule.name: rule for rule in sorted(all_rules(), key=lambda rule: rule.name)}
    if not name:
        width = max(map(len, rules))
        for rule in rules.values():
            typer.echo(f"{rule.name:{width}}  {rule.severity:7}  {rule.sentence}")
        return
    if name not in rules:
        hint = meant(name, rules) or ": nixernetes explain lists all"
        typer.echo(f"nixernetes: {name}: there is no such rule{hint}", err=True)
        raise typer.Exit(_COULD_NOT_RUN)
    typer.echo(explanation(rules[name]).text(), nl=False)
