"""Set up a Python environment for this folder, and show what is being done: ``python3 scripts/install.py .venv``.

It needs nothing but Python and pip's own ways to reach an index.
"""

import subprocess
import sys
import time
import venv
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
WORDS = {"Collecting": "finding", "Downloading": "downloading"}
INSTALLING = "Installing collected packages"
EVERY = 10  # packages that are told of where there is no terminal
KEPT = 40  # lines of pip that are shown when it fails


def main(folder: Path, extras: str) -> None:
    """Make the environment, or bring it up to date."""
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        sys.exit(f"nixernetes needs Python 3.11 or newer, and {sys.executable} is {version}: make PYTHON=python3.12")
    began = time.monotonic()
    if not (folder / "bin" / "python").exists():
        say(f"making a Python environment in {folder.name}/", is_last=True)
        venv.create(folder, with_pip=True)
    say("installing what nixernetes needs, once; this takes a minute or two", is_last=True)
    install(folder, extras)
    say(f"ready after {time.monotonic() - began:.0f} s", is_last=True)


def install(folder: Path, extras: str) -> None:
    """Install the package and its dependencies, and show which one pip is at; exits with pip's words if it fails."""
    command = [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
    wanted = ["--constraint", "constraints.txt", "--editable", f".[{extras}]"]
    last: deque[str] = deque(maxlen=KEPT)
    number = 0
    with subprocess.Popen(
        [*command, *wanted], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            last.append(line)
            word, _, rest = line.strip().partition(" ")
            if word in WORDS:
                number += word == "Collecting"
                what = rest.split("/")[-1].split(" (")[0].split(";")[0]
                is_told = word == "Collecting" and number % EVERY == 0 and not sys.stderr.isatty()
                say(f"{number:3} packages: {WORDS[word]} {what}", is_last=is_told)
            elif line.startswith(INSTALLING):
                say(f"{number:3} packages: installing all of them" if number else "installing", is_last=True)
    if pip.returncode:
        sys.exit(f"{''.join(last)}pip failed with status {pip.returncode}: its last words stand above")


def say(text: str, *, is_last: bool) -> None:
    """Show a line; on a terminal the next one takes the place of one that is not the last of its kind."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text[:79]}" + ("\n" if is_last else ""))
        sys.stderr.flush()
    elif is_last:
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), ",".join(sys.argv[2:]) or "dev")
