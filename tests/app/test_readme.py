"""The README's platform builds and converges as it stands there, and its links lead somewhere."""

import re
from pathlib import Path

import yaml
from tests.cluster.samples import workload

from nixernetes.app import targets, up

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_platform_of_the_readme_converges(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "gitops.py").write_text(block)
    (tmp_path / "web").mkdir()
    manifest = workload()
    del manifest["metadata"]["namespace"]
    (tmp_path / "web" / "deployment.yaml").write_text(yaml.safe_dump(manifest))
    with targets.prepare(tmp_path, targets.RunOptions()) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
    assert outcome.ok
    assert {item.cluster for item in outcome.report.deliveries} == {"staging", "production"}


def test_the_links_of_readme_and_docs_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert missing == []
