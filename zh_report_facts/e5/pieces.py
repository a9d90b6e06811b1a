"""Cuts a text into the pieces of a language model, and knows in which each character stands."""

from bisect import bisect_right
from itertools import accumulate

from tokenizers import Tokenizer
from tokenizers.models import Unigram

from .weights import Weights

# Stands for a space, and for the start of a text.
SPACE = "▁"


class PieceEncoder:
    """The likeliest pieces of a text, by a unigram model.

    weights (Weights): hold the vocabulary.
    """

    def __init__(self, weights: Weights) -> None:
        self.norms = weights.norms | {" ": SPACE}
        self.tokenizer = Tokenizer(Unigram(weights.pieces, unk_id=weights.marks["unknown"]))

    def __call__(self, text: str) -> tuple[list[int], list[int]]:
        """Cut a text.

        text (str): the text, at least one character.
        RETURNS (tuple[list[int], list[int]]): rows of the pieces in the vocabulary, and for each
            character of the text the index of the piece that it stands in.
        """
        parts = [self.norms.get(character, character) for character in text]
        encoding = self.tokenizer.encode(SPACE + "".join(parts), add_special_tokens=False)
        starts = [start for start, _ in encoding.offsets]
        places = accumulate(map(len, parts[:-1]), initial=len(SPACE))
        return encoding.ids, [max(0, bisect_right(starts, place) - 1) for place in places]
