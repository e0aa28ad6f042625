"""Write the JSON schemas of the files that users write, from their models: docs/{nixernetes,roles}.schema.json."""

from pathlib import Path

from nixernetes.adapters.web_server.access.roles import RolesFile
from nixernetes.settings.schema import schema_of, schema_text

DOCS = Path(__file__).resolve().parents[1] / "docs"

if __name__ == "__main__":
    for name, text in (("nixernetes", schema_text()), ("roles", schema_of(RolesFile, "A file of roles"))):
        target = DOCS / f"{name}.schema.json"
        target.write_text(text)
        print(f"{target} written")
