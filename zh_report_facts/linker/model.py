"""Architecture of the linker: scores pairs of head and quantity, and what each quantity is."""

from collections.abc import Callable

import numpy
from spacy.tokens import Doc
from thinc.api import (
    HashEmbed,
    Linear,
    Maxout,
    Model,
    chain,
    concatenate,
    zero_init,
)
from thinc.types import Floats2d

from ..encoder import use_numpy_gemm, visible_rows
from ..schema import ROLES
from .candidates import N_CONTEXTS, N_FEATURES, Candidates, cut_candidates
from .mentions import N_MENTION
from .pooling import pool_max, pool_span

Inputs = tuple[list[Doc], Candidates]
# Logits of the pairs, shape (pairs, 1), and of the quantities, shape (quantities, roles + 1): their
# roles, and whether all their heads are among the entities.
Logits = tuple[Floats2d, Floats2d]

# Quantities that are scored at once in use, which bounds the memory a long text needs.
PORTION = 500


def build_pair_linker(
    tok2vec: Model[list[Doc], list[Floats2d]],
    encode: Model[list[Floats2d], list[Floats2d]],
    hidden_width: int,
    window_width: int,
    feature_width: int,
    feature_rows: int,
) -> Model[Inputs, Logits]:
    """Score candidate links, roles, and whether a head is missing.

    Each entity is pooled once, and sees its neighbours; pairs gather the rows of their entities,
    and on the way back their gradients are added up where they came from. A pair is then judged
    beside the highest of all pairs of its quantity: a poor head may be the best there is.

    tok2vec (Model[list[Doc], list[Floats2d]]): gives each token a vector.
    encode (Model[list[Floats2d], list[Floats2d]]): gives each entity's row its context among the
        entities of the document, such as zh_report_facts.DilatedEncoder.v1 of the hidden width.
    hidden_width (int): width of an entity's row and of the hidden layers.
    window_width (int): width of the rows of which windows take the highest.
    feature_width (int): width of the embedding of each feature.
    feature_rows (int): rows of each feature's hash table.
    RETURNS (Model[Inputs, Logits]): takes documents and their candidates.
    """
    width = tok2vec.get_dim("nO")
    n_entity = 3 * width + window_width + N_MENTION * feature_width
    entity = Maxout(hidden_width, n_entity, nP=3, normalize=True, dropout=0.0)
    window = Linear(window_width, width)
    features = embed_columns(N_FEATURES, feature_width, feature_rows)
    mentions = embed_columns(N_MENTION, feature_width, feature_rows)
    n_context = N_CONTEXTS * window_width
    n_pair = 2 * hidden_width + window_width + n_context + N_FEATURES * feature_width
    pair = Maxout(hidden_width, n_pair, nP=3, normalize=True, dropout=0.0)
    link = chain(
        Maxout(hidden_width, 2 * hidden_width, nP=3, normalize=True, dropout=0.0),
        Linear(1, hidden_width, init_W=zero_init),
    )
    role = chain(
        Maxout(hidden_width, hidden_width + n_context, nP=3, normalize=True, dropout=0.0),
        Linear(len(ROLES) + 1, hidden_width, init_W=zero_init),
    )
    model: Model[Inputs, Logits] = Model(
        "pair_linker",
        forward,
        init=init,
        layers=[tok2vec, entity, window, features, pair, link, role, mentions, encode],
        refs={"tok2vec": tok2vec},
    )
    use_numpy_gemm(model)
    return model


def embed_columns(columns: int, width: int, rows: int) -> Model[numpy.ndarray, Floats2d]:
    """Embed each column of a table, and lay the embeddings side by side."""
    return concatenate(*[HashEmbed(width, rows, column=i, seed=i + 1) for i in range(columns)])


def init(
    model: Model[Inputs, Logits], X: Inputs | None = None, Y: Logits | None = None
) -> Model[Inputs, Logits]:
    model.layers[0].initialize(X=X[0] if X else None)
    for layer in model.layers[1:]:
        layer.initialize()
    return model


def forward(
    model: Model[Inputs, Logits], inputs: Inputs, is_train: bool
) -> tuple[Logits, Callable[[Logits], list[Doc]]]:
    docs, candidates = inputs
    tok2vec, entity, window, *_, mentions, encode = model.layers
    ops = model.ops
    xp = ops.xp
    vectors, backprop_vectors = tok2vec(docs, is_train)
    rows = [visible_rows(doc)[0] for doc in docs]
    X = xp.concatenate([v[r] for v, r in zip(vectors, rows)])

    pooled, backprop_pool = pool_span(ops, X, candidates.spans)
    W, backprop_window = apply(window, X, is_train)
    gaps, backprop_gaps = pool_max(ops, W, candidates.mentions.gaps)
    known = ops.asarray(candidates.mentions.features)
    M, backprop_mentions = apply(mentions, known, is_train)
    entity_parts = [pooled, gaps, M]
    alone, backprop_entity = apply(entity, xp.hstack(entity_parts), is_train)
    E, backprop_encode = apply_to_sequences(encode, alone, candidates.mentions.lengths, is_train)
    parts: list[Logits] = []
    for portion in [candidates] if is_train else cut_candidates(candidates, PORTION):
        logits, backprop_score = score(model, W, E, portion, is_train)
        parts.append(logits)
    links, roles = (xp.concatenate(part) for part in zip(*parts))

    def backprop(d_logits: Logits) -> list[Doc]:
        # In training there is one part.
        dW, dE = backprop_score(d_logits)
        d_pooled, d_gaps, dM = split(ops, backprop_entity(backprop_encode(dE)), entity_parts)
        dX = backprop_pool(d_pooled) + backprop_window(dW + backprop_gaps(d_gaps))
        backprop_mentions(dM)
        d_vectors, at = [], 0
        for vector, row in zip(vectors, rows):
            d_vector = ops.alloc2f(*vector.shape)
            d_vector[row] = dX[at : at + len(row)]
            d_vectors.append(d_vector)
            at += len(row)
        return backprop_vectors(d_vectors)

    return (links, roles), backprop


def score(
    model: Model[Inputs, Logits], W: Floats2d, E: Floats2d, candidates: Candidates, is_train: bool
) -> tuple[Logits, Callable[[Logits], tuple[Floats2d, Floats2d]]]:
    """Score the pairs and quantities of a batch, or of a part of it.

    model (Model[Inputs, Logits]): the linker.
    W (Floats2d): of each visible token what windows take the highest of.
    E (Floats2d): the row of each entity.
    candidates (Candidates): the pairs.
    is_train (bool): whether the way back will be called.
    RETURNS (tuple[Logits, Callable]): the logits, and the way back to W and E.
    """
    features, pair, link, role = model.layers[3:7]
    ops = model.ops
    xp = ops.xp
    pools = [pool_max(ops, W, windows) for windows in candidates.contexts]
    context = xp.hstack([Y for Y, _ in pools])
    between, backprop_between = pool_max(ops, W, candidates.between)
    F, backprop_features = apply(features, ops.asarray(candidates.features), is_train)

    # The place of each pair's quantity among the quantities.
    place = numpy.searchsorted(candidates.quantities, candidates.pairs[:, 1])
    head, quantity = candidates.pairs[:, 0], candidates.pairs[:, 1]
    pair_parts = [E[head], E[quantity], between, context[place], F]
    role_parts = [E[candidates.quantities], context]
    P, backprop_pair = apply(pair, xp.hstack(pair_parts), is_train)
    edges = numpy.searchsorted(place, numpy.arange(len(candidates.quantities) + 1))
    highest, backprop_highest = pool_max(ops, P, numpy.stack([edges[:-1], edges[1:]], axis=1))
    link_parts = [P, highest[place]]
    link_logits, backprop_link = apply(link, xp.hstack(link_parts), is_train)
    role_logits, backprop_role = apply(role, xp.hstack(role_parts), is_train)

    def backprop(d_logits: Logits) -> tuple[Floats2d, Floats2d]:
        dP, d_rivals = split(ops, backprop_link(d_logits[0]), link_parts)
        d_highest = ops.alloc2f(*highest.shape)
        ops.scatter_add(d_highest, ops.asarray1i(place), d_rivals)
        d_head, d_quantity, d_between, d_context_pair, d_features = split(
            ops, backprop_pair(dP + backprop_highest(d_highest)), pair_parts
        )
        d_own, d_context = split(ops, backprop_role(d_logits[1]), role_parts)
        dE = ops.alloc2f(*E.shape)
        ops.scatter_add(dE, ops.asarray1i(head), d_head)
        ops.scatter_add(dE, ops.asarray1i(quantity), d_quantity)
        ops.scatter_add(dE, ops.asarray1i(candidates.quantities), d_own)
        ops.scatter_add(d_context, ops.asarray1i(place), d_context_pair)
        dW = backprop_between(d_between)
        for (_, backprop_context), d_window in zip(
            pools, split(ops, d_context, [Y for Y, _ in pools])
        ):
            dW += backprop_context(d_window)
        backprop_features(d_features)
        return dW, dE

    return (link_logits, role_logits), backprop


def apply(
    layer: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Apply a layer to rows of which there may be none, which thinc's maxout cannot take back."""
    Y, backprop = layer(X, is_train)
    return Y, backprop if len(X) else lambda dY: layer.ops.alloc2f(*X.shape)


def apply_to_sequences(
    layer: Model[list[Floats2d], list[Floats2d]], X: Floats2d, lengths: list[int], is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Apply a layer for sequences to rows of which there may be none.

    layer (Model): the layer.
    X (Floats2d): the sequences behind each other.
    lengths (list[int]): rows of each sequence.
    is_train (bool): whether the way back will be called.
    RETURNS (tuple[Floats2d, Callable]): rows in the same order, and the way back.
    """
    if not len(X):
        return X, lambda dY: dY
    xp = layer.ops.xp
    cuts = numpy.cumsum(lengths)[:-1].tolist()
    Ys, backprop = layer(xp.split(X, cuts), is_train)
    return xp.concatenate(Ys), lambda dY: xp.concatenate(backprop(xp.split(dY, cuts)))


def split(ops, gradient: Floats2d, parts: list[Floats2d]) -> list[Floats2d]:
    """Cut a gradient into the parts that were laid side by side."""
    cuts = numpy.cumsum([part.shape[1] for part in parts])[:-1].tolist()
    return [ops.as_contig(part) for part in ops.xp.split(gradient, cuts, axis=1)]
