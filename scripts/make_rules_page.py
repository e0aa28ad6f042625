"""Write docs/rules.md from the texts of the rules; a test holds them equal."""

from pathlib import Path

from nixernetes.verify.checks import all_rules
from nixernetes.verify.explanations import rules_page

if __name__ == "__main__":
    Path(__file__).resolve().parents[1].joinpath("docs", "rules.md").write_text(rules_page(all_rules()))
