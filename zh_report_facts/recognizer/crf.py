"""Linear-chain conditional random field over many sequences at once, in probability space.

Source: Lafferty et al. (2001), "Conditional Random Fields"; scaled forward-backward recursions as
in Rabiner (1989), "A Tutorial on Hidden Markov Models". Sequences lie one behind the other in one
array; a step of a recursion treats the same position of all sequences together.

Scores of the steps between tags have the shape (tags + 2, tags): from tag i to tag j, then the
scores of the tag that a sequence starts with, and of the one it ends with.
"""

from typing import NamedTuple

import numpy
from thinc.types import Floats1d, Floats2d, Ints1d

# Score of a transition that may not be taken. Finite, so that differences stay numbers.
FORBIDDEN = -1e4


class Steps(NamedTuple):
    """The positions of many sequences, ordered by time.

    rows (list[Ints1d]): for each time step the rows of the sequences that are that long, longest
        sequence first, so that the rows of a step are the first rows of the step before, plus one.
    last (Ints1d): the last row of each sequence.
    """

    rows: list[Ints1d]
    last: Ints1d

    @classmethod
    def of(cls, lengths: list[int]) -> "Steps":
        """Order the rows of sequences that lie one behind the other.

        lengths (list[int]): number of rows of each sequence.
        """
        sizes = numpy.asarray([n for n in lengths if n], dtype="int64")
        if not sizes.size:
            return cls([], sizes)
        starts = numpy.cumsum(sizes) - sizes
        order = numpy.argsort(-sizes, kind="stable")
        sizes, starts = sizes[order], starts[order]
        active = numpy.searchsorted(-sizes, -numpy.arange(sizes[0]), side="left")
        return cls([starts[:n] + t for t, n in enumerate(active)], starts + sizes - 1)


class Posterior(NamedTuple):
    """What the forward-backward recursions give.

    alpha (Floats2d): P(tag | rows up to this one), shape (rows, tags).
    beta (Floats2d): what the rows behind say, scaled so that alpha * beta is P(tag | sequence).
    scale (Floats1d): P(row | rows before it), up to the factor that `potentials` took out.
    potentials (Floats2d): exponentiated emissions, at most 1 in each row.
    log_partition (float): sum over the sequences of the log of the partition function.
    """

    alpha: Floats2d
    beta: Floats2d
    scale: Floats1d
    potentials: Floats2d
    log_partition: float


def with_edges(emissions: Floats2d, transitions: Floats2d, steps: Steps) -> Floats2d:
    """Add the scores of a sequence's first and last tag to the emissions of its edges.

    The result is of double precision, as the exponents of far lower scores vanish in a single one.
    """
    emissions = emissions.astype("float64")
    if steps.rows:
        emissions[steps.rows[0]] += transitions[-2]
        emissions[steps.last] += transitions[-1]
    return emissions


def forward_backward(emissions: Floats2d, transitions: Floats2d, steps: Steps) -> Posterior:
    """Run the scaled recursions.

    emissions (Floats2d): scores of the tags, shape (rows, tags).
    transitions (Floats2d): scores of the steps, shape (tags + 2, tags).
    steps (Steps): the sequences.
    RETURNS (Posterior): the quantities that marginals and gradients are made of.
    """
    emissions = with_edges(emissions, transitions, steps)
    highest = emissions.max(axis=1, keepdims=True) if emissions.size else emissions[:, :1]
    potentials = numpy.exp(emissions - highest)
    moves = numpy.exp(transitions[:-2])
    alpha = numpy.zeros_like(emissions)
    beta = numpy.ones_like(emissions)
    scale = numpy.ones(emissions.shape[0], dtype=emissions.dtype)
    before = None
    for rows in steps.rows:
        reached = potentials[rows]
        if before is not None:
            reached = reached * (alpha[before[: len(rows)]] @ moves)
        total = reached.sum(axis=1)
        alpha[rows] = reached / total[:, None]
        scale[rows] = total
        before = rows
    for rows, after in zip(reversed(steps.rows[:-1]), reversed(steps.rows[1:])):
        ahead = potentials[after] * beta[after] / scale[after, None]
        beta[rows[: len(after)]] = ahead @ moves.T
    log_partition = float(numpy.log(scale).sum() + highest.sum())
    return Posterior(alpha, beta, scale, potentials, log_partition)


def sequence_gradient(
    emissions: Floats2d, transitions: Floats2d, tags: Ints1d, steps: Steps
) -> tuple[float, Floats2d, Floats2d]:
    """Negative log-likelihood of the gold tags, and its gradient.

    emissions (Floats2d): scores of the tags, shape (rows, tags).
    transitions (Floats2d): scores of the steps, shape (tags + 2, tags).
    tags (Ints1d): gold tag of each row.
    steps (Steps): the sequences.
    RETURNS (tuple[float, Floats2d, Floats2d]): loss and the gradients of the two scores.
    """
    d_transitions = numpy.zeros_like(transitions)
    if not steps.rows:
        return 0.0, numpy.zeros_like(emissions), d_transitions
    post = forward_backward(emissions, transitions, steps)
    d_emissions = post.alpha * post.beta
    d_emissions[numpy.arange(len(tags)), tags] -= 1
    d_transitions[-2] = d_emissions[steps.rows[0]].sum(axis=0)
    d_transitions[-1] = d_emissions[steps.last].sum(axis=0)
    edged = with_edges(emissions, transitions, steps)
    gold = edged[numpy.arange(len(tags)), tags].sum()
    moves = numpy.exp(transitions[:-2])
    for rows, after in zip(steps.rows[:-1], steps.rows[1:]):
        before = rows[: len(after)]
        ahead = post.potentials[after] * post.beta[after] / post.scale[after, None]
        d_transitions[:-2] += moves * (post.alpha[before].T @ ahead)
        numpy.subtract.at(d_transitions, (tags[before], tags[after]), 1)
        gold += transitions[tags[before], tags[after]].sum()
    return post.log_partition - float(gold), d_emissions, d_transitions


def viterbi(emissions: Floats2d, transitions: Floats2d, steps: Steps) -> Ints1d:
    """Find the best tags of each sequence.

    emissions (Floats2d): scores of the tags, shape (rows, tags).
    transitions (Floats2d): scores of the steps, shape (tags + 2, tags).
    steps (Steps): the sequences.
    RETURNS (Ints1d): the tag of each row.
    """
    emissions = with_edges(emissions, transitions, steps)
    tags = numpy.zeros(emissions.shape[0], dtype="int64")
    back = []
    score = numpy.zeros((0, 0))
    finals = []
    for t, rows in enumerate(steps.rows):
        if t == 0:
            score = emissions[rows]
            back.append(numpy.zeros(score.shape, dtype="int64"))
        else:
            finals.append(score[len(rows) :].argmax(axis=1))
            options = score[: len(rows), :, None] + transitions[:-2]
            back.append(options.argmax(axis=1))
            score = numpy.take_along_axis(options, back[-1][:, None], axis=1)[:, 0]
            score = score + emissions[rows]
    if steps.rows:
        finals.append(score.argmax(axis=1))
    best = numpy.zeros(0, dtype="int64")
    for rows, pointers, final in zip(reversed(steps.rows), reversed(back), reversed(finals)):
        best = numpy.concatenate([best, final])
        tags[rows] = best
        best = pointers[numpy.arange(len(rows)), best]
    return tags
