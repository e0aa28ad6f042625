"""A hook of mkdocs: pages that stand at the top of the repository are pages of the site, and links there lead on."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
TOP = {"changelog.md": "CHANGELOG.md", "contributing.md": "CONTRIBUTING.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the top."""
    for name, source in TOP.items():
        text = (ROOT / source).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave the comments that set up the test of a page out, and name files outside of the site by their paths."""
    del page, config, files
    markdown = re.sub(r"<!-- (?:setup|exits|not run):\s.*?-->\n?", "", markdown, flags=re.DOTALL)
    return re.sub(r"\[([^\]]+)\]\((?:\.\./)+((?!docs/)[\w./-]+)\)", _named, markdown)


def _named(link: re.Match[str]) -> str:
    return link[1] if link[1].strip("`") in link[2] else f"{link[1]} (`{link[2]}`)"
