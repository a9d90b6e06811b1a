"""Facts from Chinese work reports: `spacy.load("zh_report_facts")`."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import load_model_from_path

__version__ = version("zh_report_facts")

# The trained pipeline, which the wheel holds as package data.
PIPELINE = Path(__file__).parent / "pipeline"


def load(**overrides: Any) -> Language:
    """Load the trained pipeline; `spacy.load("zh_report_facts")` calls this.

    overrides (Any): `vocab`, `disable`, `enable`, `exclude` and `config` of `spacy.load`.
    RETURNS (Language): the pipeline.
    RAISES (OSError): if the package was installed from its source, which holds no pipeline.
    """
    if not PIPELINE.exists():
        raise OSError(
            "zh_report_facts is installed without its trained pipeline; "
            "install the wheel that `spacy project run package` builds"
        )
    return load_model_from_path(PIPELINE, **overrides)
