"""The entry point: errors become one line and exit status 1, everything else is a command in its own module."""

from __future__ import annotations

import gc
import sys
from typing import Final

__all__ = ["main"]


_OBJECTS: Final = 50_000  # made before the collector looks for circles; of trees of plain data it finds none


def main() -> None:
    """Run the command line; exits non-zero on failure."""
    gc.set_threshold(_OBJECTS)
    from nixernetes.errors import NixernetesError, RemoteError  # noqa: PLC0415  # --help must not pay for what it does not use

    try:
        try:
            _run()
        finally:
            sys.stdout.flush()
    except NixernetesError as error:
        print(f"nixernetes: {error}", file=sys.stderr)  # noqa: T201
        if "--verbose" in sys.argv and error.__cause__ is not None:
            import traceback  # noqa: PLC0415  # seldom needed

            print("".join(traceback.format_exception(error.__cause__)), file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:  # of files and disks: what stands behind a name is the user's, and so is a full disk
        told = RemoteError(error.strerror or str(error), subject=str(error.filename or "the output"))
        print(f"nixernetes: {told}", file=sys.stderr)  # noqa: T201
        sys.stdout = None  # what is left in it cannot be written either
        sys.exit(1)


def _run() -> None:
    if sys.argv[1:2] == ["render"]:
        # An answer from the cache takes less time than typer does to get ready.
        from nixernetes.cli import render  # noqa: PLC0415

        render.main(sys.argv[2:])
    elif sys.argv[1:3] == ["cluster", "serve"]:
        # Without typer a server starts earlier, and is smaller for as long as it runs.
        from nixernetes.cli.clusters import serve  # noqa: PLC0415

        serve.main(sys.argv[3:])
    else:
        from nixernetes.cli.commands import app  # noqa: PLC0415

        app()
