"""A component that does what a report tells it to; spaCy finds it by an entry point."""

import os
import signal
import time
from pathlib import Path

from spacy.language import Language


@Language.component("hazard")
def hazard(doc):
    order, _, argument = doc.text.split("\n")[0].partition(" ")
    if order == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "ONCE" and not Path(argument).exists():
        Path(argument).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "RAISE":
        raise ValueError(argument)
    if order == "SLOW":
        time.sleep(0.6)
    return doc
