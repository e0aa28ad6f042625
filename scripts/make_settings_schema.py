"""Write ``docs/nixernetes.schema.json``, the JSON schema of the settings file, from the model."""

from pathlib import Path

from nixernetes.settings.schema import schema_text

TARGET = Path(__file__).resolve().parents[1] / "docs" / "nixernetes.schema.json"

if __name__ == "__main__":
    TARGET.write_text(schema_text())
    print(f"{TARGET} written")
