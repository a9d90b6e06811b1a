"""Word segmenters whose words and parts of speech become token attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import rjieba
from spacy.lang.zh import ChineseTokenizer
from spacy.lang.zh import Segmenter as Kind
from spacy.language import Language
from spacy.training import Example
from spacy.vocab import Vocab

NO_MODEL = (
    "The pkuseg segmenter has no model; set [initialize.tokenizer] pkuseg_model to the folder of "
    "one that scripts/train_pkuseg.py made"
)


@runtime_checkable
class Segmenter(Protocol):
    """Gives the words of a text."""

    def __call__(self, text: str) -> list[tuple[str, str]]:
        """Segment a text.

        text (str): a paragraph without white space.
        RETURNS (list[tuple[str, str]]): the words, which joined give the text, and the part of
            speech of each, empty where the segmenter knows none.
        """


@runtime_checkable
class StoredSegmenter(Segmenter, Protocol):
    """Gives words by something that is loaded once and kept inside the pipeline."""

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        pkuseg_model: str | None = None,
        pkuseg_user_dict: str | None = "default",
    ) -> None: ...

    def to_bytes(self, **kwargs: Any) -> bytes: ...

    def from_bytes(self, data: bytes, **kwargs: Any) -> StoredSegmenter: ...

    def to_disk(self, path: str | Path, **kwargs: Any) -> None: ...

    def from_disk(self, path: str | Path, **kwargs: Any) -> StoredSegmenter: ...


class JiebaSegmenter:
    """Words and parts of speech by jieba's dictionary and HMM, in the Rust implementation.

    Keeps no state: jieba's dictionary is part of the installed library.
    """

    def __call__(self, text: str) -> list[tuple[str, str]]:
        return rjieba.tag(text)


class PkusegSegmenter:
    """Words by a pkuseg model, kept inside the pipeline.

    The model is given as `[initialize.tokenizer] pkuseg_model`; `scripts/train_pkuseg.py` trains
    one. Loading and serialisation are those of spaCy's Chinese tokeniser.
    """

    def __init__(self) -> None:
        self.chinese = ChineseTokenizer(Vocab(), segmenter=Kind.pkuseg)

    def __call__(self, text: str) -> list[tuple[str, str]]:
        if self.chinese.pkuseg_seg is None:
            raise ValueError(NO_MODEL)
        return [(word, "") for word in self.chinese.pkuseg_seg.cut(text)]

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        pkuseg_model: str | None = None,
        pkuseg_user_dict: str | None = "default",
    ) -> None:
        """Load a trained pkuseg model, or keep the one that was loaded with the pipeline.

        get_examples (Callable[[], Iterable[Example]] | None): not used.
        nlp (Language | None): not used.
        pkuseg_model (str | None): folder with `features.msgpack` and `weights.npz`.
        pkuseg_user_dict (str | None): file of words that are never cut, "default" for none.
        RAISES (ValueError): if there is no model to load and none to keep.
        """
        if pkuseg_model is None:
            if self.chinese.pkuseg_seg is None:
                raise ValueError(NO_MODEL)
            return
        try:
            self.chinese.initialize(pkuseg_model=pkuseg_model, pkuseg_user_dict=pkuseg_user_dict)
        except FileNotFoundError as error:
            raise ValueError(
                f"{pkuseg_model}: holds no pkuseg model; make one with scripts/train_pkuseg.py"
            ) from error
        # The bundled word list glues words back together that the model cut (万|元).
        pkuseg: Any = self.chinese.pkuseg_seg
        post = pkuseg.postprocesser
        post.do_process = False
        post.other_words = set()

    def to_bytes(self, **kwargs: Any) -> bytes:
        return self.chinese.to_bytes(**kwargs)

    def from_bytes(self, data: bytes, **kwargs: Any) -> PkusegSegmenter:
        self.chinese.from_bytes(data, **kwargs)
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        self.chinese.to_disk(path, **kwargs)

    def from_disk(self, path: str | Path, **kwargs: Any) -> PkusegSegmenter:
        # A pipeline that was saved before it was initialised has none.
        if (Path(path) / "pkuseg_model").exists():
            self.chinese.from_disk(path, **kwargs)
        return self

    def __reduce__(self) -> tuple[Callable[..., PkusegSegmenter], tuple[bytes]]:
        return restore_pkuseg_segmenter, (self.to_bytes(),)


def restore_pkuseg_segmenter(data: bytes) -> PkusegSegmenter:
    """Construct a pkuseg segmenter from what `to_bytes` gave, for pickle."""
    return PkusegSegmenter().from_bytes(data)


def create_jieba_segmenter() -> JiebaSegmenter:
    """Construct a jieba segmenter, for `[nlp.tokenizer.segmenter]`."""
    return JiebaSegmenter()


def create_pkuseg_segmenter() -> PkusegSegmenter:
    """Construct a pkuseg segmenter, for `[nlp.tokenizer.segmenter]`."""
    return PkusegSegmenter()
