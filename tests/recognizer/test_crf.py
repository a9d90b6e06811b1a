from __future__ import annotations

from itertools import pairwise, product

import numpy
import pytest
from gradients import numeric_gradient

from zh_report_facts.recognizer.crf import (
    FORBIDDEN,
    Steps,
    forward_backward,
    sequence_gradient,
    viterbi,
)
from zh_report_facts.recognizer.model import allowed_transitions

TAGS = 3
LENGTHS = [[1], [4], [2, 2], [3, 0, 1, 4], [1, 1, 5], [0, 2, 0]]


def random_scores(lengths, tags=TAGS, seed=0, spread=1.0):
    random = numpy.random.default_rng(seed)
    emissions = random.normal(0, spread, (sum(lengths), tags))
    return emissions, random.normal(0, spread, (tags + 2, tags))


def score_path(emissions, transitions, path):
    score = transitions[-2, path[0]] + transitions[-1, path[-1]]
    score += sum(emissions[i, tag] for i, tag in enumerate(path))
    return score + sum(transitions[a, b] for a, b in pairwise(path))


def split_sequences(emissions, lengths):
    cuts = numpy.cumsum(lengths)[:-1]
    return [part for part in numpy.split(emissions, cuts) if len(part)]


def all_paths(emissions, transitions):
    """Every path through one sequence with its score: the definition of everything here."""
    paths = list(product(range(emissions.shape[1]), repeat=len(emissions)))
    return paths, numpy.array([score_path(emissions, transitions, path) for path in paths])


def log_sum(scores):
    return scores.max() + numpy.log(numpy.exp(scores - scores.max()).sum())


@pytest.mark.parametrize("lengths", [*LENGTHS, [], [0]])
def test_steps_visit_every_row_once_and_in_order(lengths):
    steps = Steps.of(lengths)
    rows = [row for step in steps.rows for row in step.tolist()]
    assert sorted(rows) == list(range(sum(lengths)))
    for before, after in pairwise(steps.rows):
        assert (before[: len(after)] + 1 == after).all()
    assert sorted(steps.last + 1) == sorted(numpy.cumsum([n for n in lengths if n]))


@pytest.mark.parametrize("lengths", LENGTHS)
def test_partition_and_marginals_are_those_of_all_paths(lengths):
    emissions, transitions = random_scores(lengths)
    post = forward_backward(emissions, transitions, Steps.of(lengths))
    log_partition, marginals = 0.0, []
    for part in split_sequences(emissions, lengths):
        paths, scores = all_paths(part, transitions)
        log_partition += log_sum(scores)
        probability = numpy.exp(scores - log_sum(scores))
        tags = numpy.array(paths)
        marginals += [
            [probability[tags[:, i] == tag].sum() for tag in range(TAGS)] for i in range(len(part))
        ]
    assert post.log_partition == pytest.approx(log_partition)
    numpy.testing.assert_allclose(post.alpha * post.beta, marginals, atol=1e-9)


@pytest.mark.parametrize("lengths", LENGTHS)
def test_viterbi_finds_the_best_of_all_paths(lengths):
    for seed in range(5):
        emissions, transitions = random_scores(lengths, seed=seed)
        best = []
        for part in split_sequences(emissions, lengths):
            paths, scores = all_paths(part, transitions)
            best += paths[scores.argmax()]
        assert viterbi(emissions, transitions, Steps.of(lengths)).tolist() == best


@pytest.mark.parametrize("lengths", LENGTHS)
def test_loss_is_that_of_the_gold_path(lengths):
    emissions, transitions = random_scores(lengths)
    gold = numpy.random.default_rng(1).integers(0, TAGS, sum(lengths))
    loss, _, _ = sequence_gradient(emissions, transitions, gold, Steps.of(lengths))
    expected = 0.0
    for part, tags in zip(
        split_sequences(emissions, lengths), split_sequences(gold, lengths), strict=True
    ):
        _, scores = all_paths(part, transitions)
        expected += log_sum(scores) - score_path(part, transitions, tags)
    assert loss == pytest.approx(expected)


@pytest.mark.parametrize("lengths", LENGTHS)
def test_gradient_is_that_of_the_loss(lengths):
    emissions, transitions = random_scores(lengths)
    gold = numpy.random.default_rng(1).integers(0, TAGS, sum(lengths))
    steps = Steps.of(lengths)
    _, *gradients = sequence_gradient(emissions, transitions, gold, steps)
    for array, gradient in zip((emissions, transitions), gradients, strict=True):
        expected = numeric_gradient(
            lambda: sequence_gradient(emissions, transitions, gold, steps)[0],
            array,
            numpy.arange(array.size),
        )
        numpy.testing.assert_allclose(gradient.reshape(-1), expected, atol=1e-6)


@pytest.mark.parametrize("lengths", [[], [0], [0, 0]])
def test_nothing_to_tag(lengths):
    emissions, transitions = random_scores(lengths)
    steps = Steps.of(lengths)
    loss, d_emissions, d_transitions = sequence_gradient(
        emissions, transitions, numpy.zeros(0, dtype="int64"), steps
    )
    assert loss == 0.0
    assert d_emissions.shape == emissions.shape
    assert not d_transitions.any()
    assert viterbi(emissions, transitions, steps).shape == (0,)
    assert forward_backward(emissions, transitions, steps).log_partition == 0.0


def test_allowed_transitions_make_whole_entities_only():
    allowed = allowed_transitions(2)
    tags = ["O", *(f"{kind}-{label}" for label in "ab" for kind in "BILU")]
    for (i, a), (j, b) in product(enumerate(tags), repeat=2):
        inside = a[0] in "BI"
        assert allowed[i, j] == (inside == (b[0] in "IL") and (not inside or a[1:] == b[1:]))
    assert [tag for tag, first in zip(tags, allowed[-2], strict=True) if first] == [
        "O", "B-a", "U-a", "B-b", "U-b"
    ]  # fmt: skip
    assert [tag for tag, last in zip(tags, allowed[-1], strict=True) if last] == [
        "O", "L-a", "U-a", "L-b", "U-b"
    ]  # fmt: skip


@pytest.mark.parametrize("lengths", [[1], [2, 1, 1], [60, 3]])
def test_a_forbidden_step_is_never_taken(lengths):
    allowed = allowed_transitions(2)
    for seed in range(20):
        emissions, transitions = random_scores(lengths, tags=9, seed=seed, spread=5)
        emissions *= 20
        transitions[~allowed] = FORBIDDEN
        emissions, transitions = emissions.astype("f"), transitions.astype("f")
        steps = Steps.of(lengths)
        tags = viterbi(emissions, transitions, steps)
        post = forward_backward(emissions, transitions, steps)
        marginals = post.alpha * post.beta
        assert numpy.isfinite(marginals).all()
        numpy.testing.assert_allclose(marginals.sum(axis=1), 1, atol=1e-3)
        for path, marginal in zip(
            split_sequences(tags, lengths), split_sequences(marginals, lengths), strict=True
        ):
            assert allowed[-2, path[0]] and allowed[-1, path[-1]]
            assert all(allowed[a, b] for a, b in pairwise(path))
            assert not marginal[0, ~allowed[-2]].any()
            assert not marginal[-1, ~allowed[-1]].any()


def test_a_long_sequence_keeps_its_numbers():
    lengths = [2000, 7]
    emissions, transitions = random_scores(lengths, tags=21, spread=3)
    transitions[~allowed_transitions(5)] = FORBIDDEN
    steps = Steps.of(lengths)
    gold = numpy.zeros(sum(lengths), dtype="int64")
    exact = sequence_gradient(emissions, transitions, gold, steps)
    loss, *gradients = sequence_gradient(
        emissions.astype("f"), transitions.astype("f"), gold, steps
    )
    assert loss == pytest.approx(exact[0], rel=1e-4)
    assert loss > 0
    for gradient, expected in zip(gradients, exact[1:], strict=True):
        numpy.testing.assert_allclose(gradient, expected, atol=1e-3 * abs(expected).max())
    # Step by step, without scaling.
    alpha = emissions[0] + transitions[-2]
    for emission in emissions[1:2000]:
        alpha = emission + numpy.logaddexp.reduce(alpha[:, None] + transitions[:-2], axis=0)
    whole = numpy.logaddexp.reduce(alpha + transitions[-1])
    first = forward_backward(emissions[:2000], transitions, Steps.of([2000]))
    assert first.log_partition == pytest.approx(whole)


def test_a_sequence_does_not_see_its_batch():
    lengths = [3, 0, 5, 1]
    emissions, transitions = random_scores(lengths)
    together = forward_backward(emissions, transitions, Steps.of(lengths))
    alone = [
        forward_backward(part, transitions, Steps.of([len(part)]))
        for part in split_sequences(emissions, lengths)
    ]
    numpy.testing.assert_allclose(together.alpha, numpy.concatenate([post.alpha for post in alone]))
    numpy.testing.assert_allclose(together.beta, numpy.concatenate([post.beta for post in alone]))
