"""The sentences of a head and a quantity, which tell what a paragraph is about.

Numbers of a paragraph mostly measure the one programme of a first sentence that has no number;
of several there, or of one that has numbers beside it, they rarely do.
"""

import numpy
from thinc.types import Ints1d, Ints2d

from ..schema import QUANTITIES
from .layout import Layout, count_before
from .windows import table

ENDS = ("。", ";", ":")
N_SENTENCE_FEATURES = 3


def describe_sentences(layout: Layout, pairs: Ints2d) -> numpy.ndarray:
    """Describe the sentences of each pair, and what stands between the two.

    layout (Layout): the entities of a document.
    pairs (Ints2d): head and quantity of each pair, indices of entities, shape (pairs, 2).
    RETURNS (numpy.ndarray): the programmes and quantities of the head's sentence and which of the
        paragraph it is; those of the quantity's sentence, with the programmes between the two; the
        sentences, programmes and quantities between the two. Each with how far the sentences are
        apart, among those with an entity. Shape (pairs, N_SENTENCE_FEATURES).
    """
    if not len(pairs):
        return numpy.zeros((0, N_SENTENCE_FEATURES), dtype="uint64")
    number = count_before(layout.find(ENDS))[layout.starts]
    opens = layout.first_of_paragraph()
    # Sentences with an entity, counted through the document.
    sentence = numpy.cumsum(opens | numpy.append(True, number[1:] != number[:-1])) - 1
    labels = numpy.array(layout.labels)
    is_program, is_quantity = labels == "PROGRAM", numpy.isin(labels, QUANTITIES)
    programs, quantities = count_in(sentence, is_program), count_in(sentence, is_quantity)
    own = programs * 4 + quantities

    head, quantity = pairs[:, 0], pairs[:, 1]
    apart = numpy.clip(sentence[quantity] - sentence[head], -2, 3) + 2
    kind = is_program[head] * 8 + apart
    first = numpy.maximum.accumulate(numpy.where(opens, sentence, 0))
    place = numpy.minimum(sentence[head] - first[head], 2)
    steps = numpy.clip(number[quantity] - number[head], -2, 5) + 2
    low, high = pairs.min(axis=1) + 1, pairs.max(axis=1)
    seen_programs, seen_quantities = count_before(is_program), count_before(is_quantity)
    rivals = numpy.minimum(seen_programs[high] - seen_programs[low], 3)
    served = numpy.minimum(seen_quantities[high] - seen_quantities[low], 3)
    columns = [
        (own[sentence[head]] * 4 + place) * 16 + kind,
        (own[sentence[quantity]] * 4 + rivals) * 16 + kind,
        ((steps * 4 + rivals) * 4 + served) * 16 + kind,
    ]
    return table(columns)


def count_in(sentence: Ints1d, flags: numpy.ndarray) -> Ints1d:
    """Count what is marked in each sentence, up to three.

    sentence (Ints1d): the sentence of each entity.
    flags (numpy.ndarray): whether it is marked.
    RETURNS (Ints1d): a number for each sentence.
    """
    return numpy.minimum(numpy.bincount(sentence, flags).astype("int64"), 3)
