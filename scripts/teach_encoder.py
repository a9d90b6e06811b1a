"""Teach the encoder of a config to see what a slower pipeline sees.

The encoder learns the token vectors of its teacher: on the corpus, on other reports, and on both
with other words in them. Source: Hinton et al. (2015), "Distilling the Knowledge in a Neural
Network"; Romero et al. (2015), "FitNets: Hints for Thin Deep Nets".
"""

import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.batchers import minibatch_by_words
from spacy.util import fix_random_seed, load_config, load_model_from_config, registry
from tqdm import tqdm

from zh_report_facts.files import InputError, OutputError, read_bytes, replacing
from zh_report_facts.rounding import round_weights

LEARN_RATE = 0.0015
WARM_UP = 100
WORD_DROPOUT = 0.15
# What the teacher's recogniser sees of the vectors counts so much, the vectors as a whole the rest.
TAGS = 0.3
LONGEST_GRADIENT = 0.2
WORDS = 3_000


def load_student(config: Path, reports: Path | None, start: Path | None) -> tuple[Language, Any]:
    """Make the pipeline whose encoder is taught.

    config (Path): a training config.
    reports (Path | None): for `paths.reports`.
    start (Path | None): what its encoder starts from, as `main` writes it.
    RETURNS (tuple[Language, Any]): the pipeline, and the reader of its `corpora.pretrain`.
    RAISES (InputError): if the config or the start does not fit.
    """
    try:
        settings = load_config(config, overrides={"paths.reports": reports and str(reports)})
        settings = settings.interpolate()
        settings["initialize"]["init_tok2vec"] = None
        nlp = load_model_from_config(settings, auto_fill=True)
        nlp.initialize()
        texts = registry.resolve({"texts": settings["corpora"]["pretrain"]})["texts"]
    except Exception as error:
        raise InputError(f"{config}: {' '.join(str(error).split())}; mend the config") from error
    if start:
        tok2vec: Any = nlp.get_pipe("tok2vec")
        try:
            tok2vec.model.from_bytes(gzip.decompress(read_bytes(start)))
        except InputError:
            raise
        except Exception as error:
            raise InputError(f"{start}: holds no encoder of {config}; give another") from error
    return nlp, texts


def batches(nlp: Language, texts: Any) -> Iterator[list[Doc]]:
    """Read the texts again and again, as documents."""
    while True:
        yield from minibatch_by_words(texts(nlp), WORDS)


def teach(nlp: Language, texts: Any, teacher: Path, steps: int) -> float:
    """Teach the encoder of a pipeline.

    nlp (Language): holds the encoder, in its component tok2vec; changed in place.
    texts (Callable[[Language], Iterator[Doc]]): gives the texts, others at each pass.
    teacher (Path): a trained pipeline with the same tokenizer and width.
    steps (int): updates; the learn rate falls to zero.
    RETURNS (float): share, 0 to 1, of the variance of the teacher's vectors that the last hundred
        updates left unexplained.
    RAISES (InputError): if the teacher cannot be loaded or its vectors have another width.
    """
    import torch

    from zh_report_facts.pretraining.student import Student
    from zh_report_facts.pretraining.teacher import Teacher

    tok2vec: Any = nlp.get_pipe("tok2vec")
    student, master = Student(tok2vec.model), Teacher(teacher)
    optimizer = torch.optim.AdamW(student.parameters(), LEARN_RATE, betas=(0.9, 0.99), fused=True)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / WARM_UP) * (1 - step / steps)
    )
    metric = None
    losses: list[float] = []
    progress = tqdm(islice(batches(nlp, texts), steps), total=steps, disable=None, desc="teaching")
    for docs in progress:
        wanted = torch.from_numpy(master.vectors(docs))
        if metric is None:
            metric = torch.from_numpy(master.weigh(wanted.numpy(), TAGS))
        found = student(student.read(docs, WORD_DROPOUT))
        if found.shape != wanted.shape:
            raise InputError(
                f"{teacher}: its token vectors are {wanted.shape[1]} wide and those of the encoder "
                f"{found.shape[1]}; give a teacher of the same tokenizer and width"
            )
        difference = found - wanted
        loss = ((difference @ metric) * difference).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), LONGEST_GRADIENT)
        optimizer.step()
        rates.step()
        losses = [*losses[-99:], float(loss.detach())]
        progress.set_postfix(unexplained=f"{sum(losses) / len(losses):.3f}")
    student.write_back()
    return sum(losses) / len(losses)


def main(
    config: Annotated[Path, typer.Argument(help="The training config")],
    teacher: Annotated[Path, typer.Argument(help="A trained pipeline, as configs/e5.cfg trains")],
    output: Annotated[Path, typer.Argument(help="The weights to write, NAME.bin.gz")],
    reports: Annotated[Path | None, typer.Option(help="Other reports to read, a folder")] = None,
    start: Annotated[
        Path | None, typer.Option(help="The weights to start from, NAME.bin.gz")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Updates")] = 10_000,
    seed: Annotated[int, typer.Option(help="Makes the result repeatable")] = 0,
) -> None:
    """Teach the encoder of a config to see what a slower pipeline sees."""
    fix_random_seed(seed)
    try:
        nlp, texts = load_student(config, reports, start)
        unexplained = teach(nlp, texts, teacher, steps)
        round_weights(nlp)
        tok2vec: Any = nlp.get_pipe("tok2vec")
        with replacing(output) as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
            packed.write(tok2vec.model.to_bytes())
    except ModuleNotFoundError as error:
        raise SystemExit(f"Teaching needs {error.name}: pip install -e '.[e5]'") from error
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"{output}: leaves {unexplained:.1%} of the teacher's vectors unexplained")


if __name__ == "__main__":
    typer.run(main)
