"""Download what is annotated; runs in the client's own environment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from doccano_client import DoccanoClient
from session import DoccanoError, find_project, run


def download(client: DoccanoClient, project: int, confirmed: bool) -> Iterator[dict[str, Any]]:
    """Download the examples of a project.

    client (DoccanoClient): a client with a session.
    project (int): doccano's id of the project.
    confirmed (bool): whether to leave out what nobody confirmed.
    YIELDS (dict[str, Any]): each example with its spans and links, once for every annotator where
        each has an annotation of their own, and `annotator`, else "all".
    """
    with TemporaryDirectory() as folder:
        archive = client.download(project, "JSONL", only_approved=confirmed, dir_name=folder)
        with ZipFile(archive) as files:
            for name in sorted(files.namelist()):
                # Some texts hold U+2028, which ends a line for `splitlines`.
                for line in files.read(name).split(b"\n"):
                    if line:
                        yield {**json.loads(line), "annotator": Path(name).stem}


def fetch(client: DoccanoClient, settings: dict[str, Any]) -> dict[str, Any]:
    """Download a project to a file.

    client (DoccanoClient): a client with a session.
    settings (dict[str, Any]): `project`, `all` (whether to take what nobody confirmed), `shared`
        (whether its annotators must share one annotation) and `examples`, the file to write.
    RETURNS (dict[str, Any]): `project`, doccano's id; how many lines were `downloaded`.
    RAISES (DoccanoError): if there is no such project.
    """
    project = find_project(client, settings["project"])
    if project is None or project.id is None:
        raise DoccanoError(f"There is no doccano project {settings['project']}; push to it first")
    if project.collaborative_annotation != settings["shared"]:
        way, use = "work alone", "doccano-agreement"
        if project.collaborative_annotation:
            way, use = "share one annotation", "doccano-pull"
        raise DoccanoError(f"The annotators of the project {project.name} {way}; use {use}")
    count = 0
    with open(settings["examples"], "w", encoding="ascii") as file:
        for row in download(client, project.id, not settings["all"]):
            file.write(f"{json.dumps(row)}\n")
            count += 1
    return {"project": project.id, "downloaded": count}


if __name__ == "__main__":
    run(fetch)
