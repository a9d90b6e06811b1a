"""Where the doccano server is and who we are there: from the environment, or the local server's."""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple

from ..files import InputError

FILE = "credentials.json"
USERNAME = "admin"


class Access(NamedTuple):
    """Where to log in.

    url (str): the server's address, without a path behind it.
    username (str): the user.
    password (str): the password.
    """

    url: str
    username: str
    password: str


def find_access(folder: Path) -> Access:
    """Find the server to use.

    folder (Path): where `doccano-server` keeps its things.
    RETURNS (Access): from DOCCANO_URL, DOCCANO_USERNAME and DOCCANO_PASSWORD where the first is
        set, else the local server's.
    RAISES (InputError): if there is neither.
    """
    url = os.environ.get("DOCCANO_URL")
    if url:
        username = os.environ.get("DOCCANO_USERNAME")
        password = os.environ.get("DOCCANO_PASSWORD")
        if not username or not password:
            raise InputError("DOCCANO_URL is set; set DOCCANO_USERNAME and DOCCANO_PASSWORD too")
        return Access(url.rstrip("/"), username, password)
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Access(stored["url"], stored["username"], stored["password"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "There is no doccano server to use; start one with `spacy project run doccano-server`, "
            "or name one by DOCCANO_URL, DOCCANO_USERNAME and DOCCANO_PASSWORD"
        ) from error


def make_credentials(folder: Path, url: str) -> tuple[dict[str, str], bool]:
    """Get the local server's credentials; the first time they are made.

    folder (Path): where to keep them, in a file that only its owner can read.
    url (str): where the server will listen from now on.
    RETURNS (tuple[dict[str, str], bool]): `url`, `username`, `password` and `secret_key`, which
        signs the cookies; and whether they are new.
    """
    path = folder / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        new = False
    except (OSError, ValueError):
        stored = {"username": USERNAME, "password": secrets.token_urlsafe(12)}
        stored["secret_key"] = secrets.token_urlsafe(32)
        new = True
    stored["url"] = url
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(stored, file, indent=2)
    os.replace(temporary, path)
    return stored, new
