"""The pipeline's side of push and pull: runs a step in the client's environment."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..files import InputError, OutputError
from .access import Access
from .environment import HERE, clean_environ, make_environment
from .examples import to_example
from .paragraphs import Paragraph

# Blue and green for what is done and counted, warm colours for numbers; keys are on the keyboard.
SPANS = [
    ("PROGRAM", "#1565c0", "p"),
    ("ITEM", "#2e7d32", "i"),
    ("COUNT", "#ef6c00", "c"),
    ("MONEY", "#c62828", "m"),
    ("PERCENT", "#8e24aa", "r"),
]
RELATIONS = [
    ("ACTUAL", "#37474f", "1"),
    ("TARGET", "#00838f", "2"),
    ("BASELINE", "#6d4c41", "3"),
    ("CHANGE", "#ad1457", "4"),
    ("STANDARD", "#558b2f", "5"),
]


def push(
    paragraphs: Iterable[Paragraph],
    project: str,
    guideline: str,
    access: Access,
    folder: Path,
    independent: bool = False,
) -> dict[str, Any]:
    """Upload paragraphs that the server does not hold yet, the most uncertain first.

    paragraphs (Iterable[Paragraph]): the paragraphs of reports.
    project (str): name of the doccano project; it is made if there is none.
    guideline (str): what annotators can look up, in Markdown.
    access (Access): the server.
    folder (Path): where environments are kept.
    independent (bool): whether each annotator has an annotation of their own and starts from the
        bare text, which agreement is measured on.
    RETURNS (dict[str, Any]): `project`, doccano's id; how many paragraphs were `uploaded`, were
        `known`, and were `removed` as copies or halves of a broken upload.
    RAISES (InputError): if the server refuses.
    """
    with TemporaryDirectory() as temporary:
        file = Path(temporary, "examples.jsonl")
        with file.open("w", encoding="ascii") as stream:
            for paragraph in sorted(paragraphs, key=lambda paragraph: paragraph.certainty):
                row = to_example(paragraph, with_guesses=not independent)
                stream.write(f"{json.dumps(row)}\n")
        settings = {
            "project": project,
            "guideline": guideline,
            "independent": independent,
            "spans": SPANS,
            "relations": RELATIONS,
            "examples": str(file),
        }
        return run_client("upload", settings, access, folder)


def pull(
    project: str, access: Access, folder: Path, unconfirmed: bool = False, shared: bool = True
) -> Iterator[dict[str, Any]]:
    """Download what is annotated.

    project (str): name of the doccano project.
    access (Access): the server.
    folder (Path): where environments are kept.
    unconfirmed (bool): whether to take paragraphs that nobody confirmed, too.
    shared (bool): whether the annotators of the project share one annotation.
    YIELDS (dict[str, Any]): doccano's examples, each with its `annotator`.
    RAISES (InputError): if the server refuses.
    """
    with TemporaryDirectory() as temporary:
        file = Path(temporary, "examples.jsonl")
        settings = {"project": project, "all": unconfirmed, "shared": shared, "examples": str(file)}
        run_client("download", settings, access, folder)
        with file.open(encoding="ascii") as lines:
            yield from map(json.loads, lines)


def run_client(step: str, settings: dict[str, Any], access: Access, folder: Path) -> dict[str, Any]:
    """Run a step in the client's environment.

    step (str): name of a script beside `session.py`.
    settings (dict[str, Any]): what it takes.
    access (Access): the server.
    folder (Path): where environments are kept.
    RETURNS (dict[str, Any]): its result.
    RAISES (InputError): if the server refuses; one sentence.
    RAISES (OutputError): if the environment cannot be made.
    """
    python = make_environment("client", folder)
    # The password goes through the pipe, where `ps` does not show it.
    done = subprocess.run(
        [str(python), str(HERE / "client" / f"{step}.py")],
        input=json.dumps({**settings, "access": access}),
        stdout=subprocess.PIPE,
        env=clean_environ(),
        text=True,
        check=False,
    )
    if done.returncode:
        raise OutputError(f"doccano's client failed in {step}.py; see above")
    result: dict[str, Any] = json.loads(done.stdout)
    if "error" in result:
        raise InputError(result["error"])
    return result
