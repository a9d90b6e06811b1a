"""How long something takes at least."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf


def shortest_time(function: Callable[[], object]) -> float:
    """Measure the best of three runs, as other work on the machine can only slow a run down.

    function (Callable[[], object]): what to run.
    RETURNS (float): seconds of the processor.
    """
    best = inf
    for _ in range(3):
        start = time.process_time()
        function()
        best = min(best, time.process_time() - start)
    return best
