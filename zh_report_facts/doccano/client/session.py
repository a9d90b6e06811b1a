"""Logging in, and what push and pull ask of a doccano; runs in the client's own environment.

Every fault becomes a `DoccanoError` of one sentence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import requests
from doccano_client import DoccanoClient
from doccano_client.models.project import Project

# Seconds to connect, and to wait for an answer: an upload is answered when it is done.
TIMEOUT = (10, 600)


class DoccanoError(Exception):
    """Something the server refused, or that is wrong with it; one sentence for the user."""


def connect(url: str, username: str, password: str) -> DoccanoClient:
    """Log in.

    url (str): the server's address.
    username (str): the user.
    password (str): the password.
    RETURNS (DoccanoClient): a client with a session.
    RAISES (DoccanoError): if there is no doccano, or it does not know the user.
    """
    client = DoccanoClient(url)
    session = client._base_repository._session
    session.request = partial(session.request, timeout=TIMEOUT)  # type: ignore[method-assign]
    other = f"{url}: is no doccano server ({{}}); check DOCCANO_URL"
    try:
        greeting = session.get(f"{url}/v1/me", allow_redirects=False)
        if greeting.status_code not in (401, 403) or "detail" not in greeting.json():
            raise DoccanoError(other.format(f"/v1/me gave status {greeting.status_code}"))
        client.login(username, password)
        client.get_profile()
    except requests.HTTPError as error:
        if error.response is not None and error.response.status_code == 400:
            raise DoccanoError(
                f"{url}: does not let {username} in; check the user name and the password"
            ) from error
        raise DoccanoError(other.format(error)) from error
    except requests.exceptions.JSONDecodeError as error:
        raise DoccanoError(other.format("it answers with a page")) from error
    except requests.RequestException as error:
        raise DoccanoError(
            f"{url}: cannot be reached; start a server with `spacy project run doccano-server`, "
            "or check DOCCANO_URL"
        ) from error
    return client


def find_project(client: DoccanoClient, name: str) -> Project | None:
    """Find a project that was made by a push.

    client (DoccanoClient): a client with a session.
    name (str): its name.
    RETURNS (Project | None): the project, None if there is none.
    RAISES (DoccanoError): if several have the name, or it is of another kind.
    """
    projects = [project for project in client.list_projects() if project.name == name]
    if len(projects) > 1:
        raise DoccanoError(f"{len(projects)} doccano projects are named {name}; rename all but one")
    if not projects:
        return None
    fits = projects[0].project_type == "SequenceLabeling" and projects[0].use_relation
    if not fits or projects[0].grapheme_mode:
        raise DoccanoError(
            f"The doccano project {name} was not made by doccano-push: it is no sequence labelling "
            "with relations, or counts graphemes; choose another name"
        )
    return projects[0]


def show(done: int, total: int) -> None:
    """Show on a terminal how far it is."""
    if total and sys.stderr.isatty():
        print(f"\r{done}/{total} paragraphs", end="\n" if done == total else "", file=sys.stderr)


def run(step: Callable[[DoccanoClient, dict[str, Any]], dict[str, Any]]) -> None:
    """Run a step: settings come as JSON from standard input, its result goes to standard output.

    step (Callable[[DoccanoClient, dict[str, Any]], dict[str, Any]]): takes a client and settings.
    """
    settings = json.load(sys.stdin)
    try:
        result = step(connect(*settings["access"]), settings)
    except DoccanoError as error:
        result = {"error": str(error)}
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        result = {"error": f"doccano answered with status {status}: {error}"}
        if status == 403:
            user = settings["access"][1]
            result = {"error": f"doccano does not allow {user} to do that; ask for the admin role"}
    except TimeoutError:
        result = {"error": "doccano did not finish its task; check that its task queue runs"}
    except KeyboardInterrupt:
        sys.exit(130)
    except requests.RequestException:
        result = {"error": "The connection to doccano was lost; run the command again"}
    json.dump(result, sys.stdout)
