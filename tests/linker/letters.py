"""Texts in which single letters stand for entities."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Doc

LABELS = {"甲": "PROGRAM", "乙": "ITEM", "丙": "COUNT", "丁": "MONEY", "戊": "PERCENT"}


def find_letters(doc: Doc, labels: Mapping[str, str] = LABELS) -> list[tuple[int, int, str]]:
    """Take each token that has a label for an entity, and each number for a COUNT.

    doc (Doc): a document from the report tokeniser.
    labels (Mapping[str, str]): the label of each letter.
    RETURNS (list[tuple[int, int, str]]): start and end token of each entity, and its label.
    """
    names = [labels.get(token.text, "COUNT" if token.text.isdigit() else "") for token in doc]
    return [(i, i + 1, name) for i, name in enumerate(names) if name]
