"""The two environments that doccano needs: its server and its client fit beside neither spaCy nor
each other. Each is made when first needed, from the constraints file in its folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..files import OutputError

HERE = Path(__file__).parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
# The server's pandas 1.5.3 has no wheel for a later Python.
LATEST = (3, 11)
# What the project's own installation was told is not meant for these.
FOREIGN = (
    "PYTHON",
    "PIP_CONSTRAINT",
    "PIP_TARGET",
    "PIP_USER",
    "VIRTUAL_ENV",
    "DJANGO_",
    "CELERY_",
)


def make_environment(kind: str, folder: Path) -> Path:
    """Make an environment, unless it is there already.

    kind (str): "server" or "client", the folder that holds its constraints file.
    folder (Path): where environments are kept.
    RETURNS (Path): its Python.
    RAISES (OutputError): if it cannot be made.
    """
    constraints = HERE / kind / "constraints.txt"
    target = (folder / f"{kind}-env").absolute()
    python = target / SCRIPTS / "python"
    # Written last: a half-made environment, or one of other versions, has no such stamp.
    stamp = target / "constraints.txt"
    if stamp.exists() and stamp.read_bytes() == constraints.read_bytes():
        return python
    # Neither it nor the password and the data beside it belong into a commit.
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    base = find_python() if kind == "server" else sys.executable
    print(f"doccano's {kind} is being installed into {target}, once", file=sys.stderr)
    shutil.rmtree(target, ignore_errors=True)
    _run([base, "-m", "venv", str(target)])
    # The files name all that is needed, and bytecode is made when a module is first imported.
    options = ["--quiet", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    _run([str(python), "-m", "pip", "install", *options, "-r", str(constraints)])
    shutil.copyfile(constraints, stamp)
    return python


def find_python() -> str:
    """Find a Python that the server installs on.

    RETURNS (str): the running one, or an older one by its name.
    RAISES (OutputError): if there is none.
    """
    if sys.version_info[:2] <= LATEST:
        return sys.executable
    name = "python{}.{}".format(*LATEST)
    found = shutil.which(name)
    if found is None:
        raise OutputError(
            f"doccano 1.8.4 installs on Python {LATEST[0]}.{LATEST[1]}, and there is no {name}; "
            "install one, or name a server that runs elsewhere by DOCCANO_URL"
        )
    return found


def clean_environ() -> dict[str, str]:
    """The variables of this process without what would lead another Python astray."""
    return {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=clean_environ(), stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise OutputError(
            f"`{' '.join(command[-4:])}` failed: {done.stderr.strip()[-500:]}; "
            "mend that and run the command again"
        )
