"""Why each rule is, with an example and a remedy: the texts behind ``nixernetes explain`` and the page of rules."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from textwrap import fill
from typing import Final

from nixernetes.verify.rule import Rule

__all__ = ["Explanation", "explanation", "rules_page"]

_FENCE: Final = "```yaml\n"
_WIDTH: Final = 80
_HEAD: Final = """\
# Rules

What `nixernetes check` looks for. `nixernetes explain RULE` prints the same.
[check.md](check.md) says how to run it, and how to accept a finding.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The text of a rule.

    Attributes:
        rule: the rule.
        reason: why it matters.
        example: YAML that it finds fault with.
        remedy: what to do.

    """

    rule: Rule
    reason: str
    example: str
    remedy: str

    def text(self) -> str:
        """Return it for a terminal."""
        rule = self.rule
        example = "".join(f"    {line}\n" for line in self.example.splitlines())
        head, reason, remedy = (
            fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
            for text in (f"{rule.name} ({rule.severity}): {rule.sentence}", self.reason, self.remedy)
        )
        return f"{head}\n\n{reason}\n\n{example}\n{remedy}\n"

    def section(self) -> str:
        """Return it as a section of the page of rules."""
        rule = self.rule
        example = f"{_FENCE}{self.example}\n```"
        return f"## {rule.name}\n\n*{rule.severity}*: {rule.sentence}\n\n{self.reason}\n\n{example}\n\n{self.remedy}\n"


def explanation(rule: Rule) -> Explanation:
    """Return the text of a rule.

    Raises:
        FileNotFoundError: a rule without a text; a test holds that there is none.

    """
    file = resources.files("nixernetes.verify").joinpath("data", "rules", f"{rule.name}.md")
    reason, _, rest = file.read_text(encoding="utf-8").partition(_FENCE)
    example, _, remedy = rest.partition("```\n")
    return Explanation(rule=rule, reason=reason.strip(), example=example.rstrip(), remedy=remedy.strip())


def rules_page(rules: tuple[Rule, ...]) -> str:
    """Return the page of rules, sorted by name."""
    sections = [explanation(rule).section() for rule in sorted(rules, key=lambda rule: rule.name)]
    return "\n".join([_HEAD, *sections])
