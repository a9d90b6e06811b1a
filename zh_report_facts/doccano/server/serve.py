"""Serve doccano on 127.0.0.1 in this very process; runs in doccano's own environment.

`doccano webserver` listens on all addresses and needs a second process for its tasks.
"""

import os
import signal
import socket
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

ADDRESS = "127.0.0.1"


def serve(folder: Path, port: int, username: str, password: str) -> None:
    """Set the database up, and serve until a signal.

    folder (Path): holds the database and the uploaded files.
    port (int): where to listen; 0 for any free port.
    username (str): the administrator, made if needed.
    password (str): the administrator's password from now on.
    RAISES (OSError): if the port is taken.
    """
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    listening = socket.create_server((ADDRESS, port))
    spec = find_spec("backend")
    assert spec is not None and spec.origin is not None
    sys.path.append(str(Path(spec.origin).parent))
    (folder / "media").mkdir(parents=True, exist_ok=True)
    os.environ |= {"DOCCANO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "local_settings"}

    import django
    from django.core.management import call_command
    from waitress import create_server

    django.setup()
    from config.wsgi import application

    server = create_server(application, sockets=[listening], threads=8)
    with open(os.devnull, "w") as nowhere:
        quiet = {"stdout": nowhere, "stderr": nowhere}
        call_command("migrate", verbosity=0)
        call_command("create_roles", **quiet)
        user = {"username": username, "password": password, "email": "nobody@localhost"}
        call_command("create_admin", "--noinput", **user, **quiet)
    # SIGTERM and Ctrl-C both end `run`, which closes the sockets and waits for open requests.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    print(
        f"doccano answers at http://{ADDRESS}:{server.effective_port}, user {username}", flush=True
    )
    server.run()


def _follow(parent: int) -> None:
    """Stop when the command that started the server is gone, whichever way it ended."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    try:
        serve(
            Path(sys.argv[1]),
            int(sys.argv[2]),
            os.environ["DOCCANO_USERNAME"],
            os.environ["DOCCANO_PASSWORD"],
        )
    except OSError as error:
        sys.exit(f"{ADDRESS}:{sys.argv[2]}: cannot be used ({error.strerror}); give another --port")
    except KeyboardInterrupt:
        sys.exit(130)
