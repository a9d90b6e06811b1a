"""Train a pkuseg word segmenter that cuts at the edges of annotated spans."""

import random
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import spacy
import typer
from spacy.tokens import Doc
from tqdm import tqdm

from zh_report_facts.corpus import annotated_files, read_reports, report_to_doc
from zh_report_facts.files import InputError, OutputError, replacing
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import BREAK, ReportTokenizer

HELD_OUT = 10
# What occurs no oftener is no feature, which makes the model four times smaller.
RARE = 3


def train_pkuseg(corpus: Path, output: Path, epochs: int = 3) -> tuple[int, float]:
    """Train a pkuseg model on jieba's words, cut at the edges of annotated spans.

    corpus (Path): an `.ann` file or a folder of them.
    output (Path): the folder to write `features.msgpack` and `weights.npz` into.
    epochs (int): passes over the corpus.
    RETURNS (tuple[int, float]): how many paragraphs it was trained on, and the F score of its words
        on every tenth paragraph, which was held out.
    RAISES (InputError, OutputError): if something cannot be read or written.
    """
    try:
        import spacy_pkuseg
    except ImportError as error:
        raise InputError(
            'spacy-pkuseg is not installed; run pip install "zh_report_facts[pkuseg]"'
        ) from error
    nlp = spacy.blank("zh")
    nlp.tokenizer = ReportTokenizer(nlp.vocab, JiebaSegmenter())
    reports = read_reports(tqdm(annotated_files(corpus), disable=None))
    lines = [words for _, report in reports for words in read_words(report_to_doc(nlp, report)[0])]
    if len(lines) < 2:
        raise InputError(f"{corpus}: holds one paragraph only; give more reports")
    held_out = lines[::HELD_OUT]
    del lines[::HELD_OUT]
    with TemporaryDirectory() as folder:
        files = [f"{folder}/train.txt", f"{folder}/test.txt"]
        for file, part in zip(files, (lines, held_out), strict=True):
            text = "".join(f"{' '.join(words)}\n" for words in part)
            Path(file).write_text(text, encoding="utf-8")
        random.seed(0)
        spacy_pkuseg.config.featureTrim = RARE
        # pkuseg prints how each epoch goes.
        with redirect_stdout(sys.stderr):
            spacy_pkuseg.train(*files, folder, train_iter=epochs)
        model = spacy_pkuseg.pkuseg(folder, user_dict=None)
        for name in ("features.msgpack", "weights.npz"):
            with replacing(output / name) as target:
                target.write(Path(folder, name).read_bytes())
    return len(lines), score_words(held_out, [model.cut("".join(words)) for words in held_out])


def read_words(doc: Doc) -> Iterator[list[str]]:
    """Give the words of each paragraph, cut at the edges of its entities.

    doc (Doc): a document with entities, from a report tokeniser with a segmenter.
    YIELDS (list[str]): the words of one paragraph, in half-width form.
    """
    words: list[str] = []
    was_entity = False
    for token in doc:
        if token.is_space:
            if token.norm_ == BREAK:
                yield words
                words = []
            continue
        is_entity = token.ent_iob_ in "BI"
        if token.tag_[0] in "BS" or token.ent_iob_ == "B" or is_entity != was_entity:
            words.append(token.norm_)
        else:
            words[-1] += token.norm_
        was_entity = is_entity
    if words:
        yield words


def score_words(gold: list[list[str]], found: list[list[str]]) -> float:
    """Score words, which are right if both their edges are.

    gold (list[list[str]]): the right words of each paragraph.
    found (list[list[str]]): those that were found.
    RETURNS (float): their F score.
    """
    size, hits = 0, 0
    for a, b in zip(gold, found, strict=True):
        spans = [set(zip(accumulate(map(len, words)), words, strict=True)) for words in (a, b)]
        size += len(a) + len(b)
        hits += len(spans[0] & spans[1])
    return 2 * hits / size


def main(
    corpus: Annotated[Path, typer.Argument(help="Annotated report or folder of them")],
    output: Annotated[Path, typer.Argument(help="Folder of the model")],
    epochs: Annotated[int, typer.Option(help="Passes over the corpus", min=1)] = 3,
) -> None:
    """Train a pkuseg word segmenter on annotated reports."""
    try:
        paragraphs, score = train_pkuseg(corpus, output, epochs)
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(
        f"{output}: trained on {paragraphs:,} paragraphs, words F {score:.1%} on held-out ones"
    )


if __name__ == "__main__":
    typer.run(main)
