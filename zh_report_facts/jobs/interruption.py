"""Lets a signal that asks the program to stop end it in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

# Ctrl-C, kill, and the terminal's end, which Windows does not have.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def exit_on_signals() -> Iterator[None]:
    """Make a signal that asks to stop end the block with SystemExit, status 128 + its number.

    So that what the block has opened is closed and removed; while this goes on, more signals do
    nothing. One that is ignored already, as under nohup, stays so.
    """
    caught = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in caught}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
