"""Upload paragraphs that a project does not hold yet; runs in the client's own environment."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from doccano_client import DoccanoClient
from doccano_client.models.project import Project
from download import download
from session import DoccanoError, find_project, run, show

# A batch is one request and one transaction after another; far larger ones time out.
BATCH = 200
# Seconds in which a batch makes some progress.
PATIENCE = 3


def upload(client: DoccanoClient, settings: dict[str, Any]) -> dict[str, Any]:
    """Upload what is not there yet, and mend what a broken upload left behind.

    client (DoccanoClient): a client with a session.
    settings (dict[str, Any]): `project`, `guideline`, `independent`, `spans` and `relations` (name,
        colour and key of each type) and `examples`, a JSON Lines file.
    RETURNS (dict[str, Any]): `project`, doccano's id; how many are `uploaded`, were `known`, and
        were `removed` as copies or halves.
    RAISES (DoccanoError): if the server lost some of it.
    """
    lines = Path(settings["examples"]).read_text(encoding="ascii").splitlines()
    rows = {json.loads(line)["key"]: line for line in lines}
    project = make_project(client, settings)
    assert project.id is not None
    known, removed = survey(client, project.id)
    new = [line for key, line in rows.items() if key not in known]
    expected = client.count_examples(project.id) + len(new)
    for start in range(0, len(new), BATCH):
        show(start, len(new))
        upload_batch(client, project.id, new[start : start + BATCH])
    show(len(new), len(new))
    if client.count_examples(project.id) != expected:
        # A task fell over, or what a lost connection left running came to its end meanwhile.
        known, surplus = survey(client, project.id)
        removed += surplus
        lost = len(rows.keys() - known)
        if lost:
            raise DoccanoError(f"doccano did not keep {lost} paragraphs; run the command again")
    return {
        "project": project.id,
        "uploaded": len(new),
        "known": len(rows) - len(new),
        "removed": removed,
    }


def make_project(client: DoccanoClient, settings: dict[str, Any]) -> Project:
    """Get the project with its types and its guideline; make what is missing."""
    name, shared = settings["project"], not settings["independent"]
    project = find_project(client, name)
    if project is None:
        project = client.create_project(
            name=name,
            project_type="SequenceLabeling",
            description="Facts from work reports",
            guideline=settings["guideline"],
            collaborative_annotation=shared,
            use_relation=True,
            tags=[],
        )
    elif project.collaborative_annotation != shared:
        raise DoccanoError(
            f"The annotators of the doccano project {name} {'work alone' if shared else 'share'}; "
            "choose another name for " + ("shared work" if shared else "independent work")
        )
    elif project.guideline != settings["guideline"]:
        project = client.update_project(project.id, guideline=settings["guideline"])
    for kind in ("span", "relation"):
        there = {one.text for one in client.list_label_types(project.id, type=kind)}
        for text, color, key in settings[f"{kind}s"]:
            if text not in there:
                client.create_label_type(project.id, kind, text, suffix_key=key, color=color)
    return project


def upload_batch(client: DoccanoClient, project: int, lines: list[str]) -> None:
    """Upload some paragraphs. The lines are ASCII, so that no encoding can be guessed wrong."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "paragraphs.jsonl")
        file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        status = client.upload(project, [str(file)], "RelationExtraction", "JSONL")
    error = status.error or (status.result or {}).get("error")
    if error:
        raise DoccanoError(f"doccano could not read the upload ({error}); run the command again")


def survey(client: DoccanoClient, project: int) -> tuple[set[str], int]:
    """See what a project holds; remove copies, and paragraphs without their spans or links.

    An upload is no single transaction: first come the texts, then the spans, then the links, and
    what fails is tried again from the start. Nothing that a person confirmed is touched.

    client (DoccanoClient): a client with a session.
    project (int): doccano's id of the project.
    RETURNS (tuple[set[str], int]): the keys that are there, and how many examples were removed.
    """
    copies, halves = find_copies(client, project)
    before: set[int] = set()
    while halves - before:
        # What a lost connection left running may be about to complete them.
        time.sleep(PATIENCE)
        before = halves
        copies, halves = find_copies(client, project)
    if not halves and all(len(ids) == 1 for ids in copies.values()):
        return set(copies), 0
    confirmed = {row["id"] for row in download(client, project, confirmed=True)}
    broken = halves - confirmed
    for ids in copies.values():
        best = sorted(ids, key=lambda i: (i not in confirmed, i in halves, i))
        broken.update(set(best[1:]) - confirmed)
    # doccano takes an empty list for all examples.
    if broken:
        client.bulk_delete_examples(project, sorted(broken))
    return {key for key, ids in copies.items() if ids - broken}, len(broken)


def find_copies(client: DoccanoClient, project: int) -> tuple[dict[str, set[int]], set[int]]:
    """Return the examples of each key, and those that came without their spans or links."""
    copies: dict[str, set[int]] = defaultdict(set)
    halves: set[int] = set()
    for row in download(client, project, confirmed=False):
        if row.get("key"):
            copies[row["key"]].add(row["id"])
            spans, links = len(row["entities"]), len(row["relations"])
            if spans == 0 < row["spans"] or (spans == row["spans"] and links == 0 < row["links"]):
                halves.add(row["id"])
    return copies, halves


if __name__ == "__main__":
    run(upload)
