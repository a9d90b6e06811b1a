from __future__ import annotations

import pytest
from conftest import PIECES

from zh_report_facts.e5.pieces import PieceEncoder


@pytest.fixture(scope="module")
def cut(weights):
    encoder = PieceEncoder(weights)

    def names_and_places(text):
        pieces, places = encoder(text)
        return [PIECES[piece] for piece in pieces], places

    return names_and_places


def test_each_character_knows_its_piece(cut):
    assert cut("发放补贴798万元") == (
        ["▁", "发放", "补贴", "7", "98", "万元"],
        [1, 1, 2, 2, 3, 4, 4, 5, 5],
    )


def test_replaced_characters_keep_their_places(cut):
    pieces, places = cut("补，贴")
    assert pieces == ["▁", "补", ",", "贴"]
    assert places == [1, 2, 3]


def test_unknown_characters_share_a_piece_and_what_follows_does_not(cut):
    pieces, places = cut("龘㎡元")
    assert pieces == ["▁", "<unk>", "元"]
    assert places == [1, 1, 2]
