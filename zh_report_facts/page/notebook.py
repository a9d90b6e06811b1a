"""One document as a page: displayed in a notebook, given as HTML elsewhere."""

from html import escape
from io import BytesIO

from spacy.tokens import Doc
from spacy.util import is_in_jupyter

from ..records import to_record
from .writer import TITLE, write_page

# The page is kept apart from the notebook: neither sees the other's styles and scripts. The class
# keeps MathJax out, as in displaCy.
FRAME = (
    '<div class="tex2jax_ignore"><iframe srcdoc="{page}" title="{title}" '
    'sandbox="allow-scripts allow-modals" style="width: 100%; height: 560px; '
    'border: 1px solid #8884; border-radius: 6px; resize: vertical"></iframe></div>'
)


def render(doc: Doc, jupyter: bool | None = None) -> str | None:
    """Show a document with its entities, and the table of its facts beside it.

    doc (Doc): a document that has gone through the pipeline; `doc.user_data["title"]` names it, as
        for displaCy.
    jupyter (bool | None): whether to display it in a notebook; None to find out.
    RETURNS (str | None): a self-contained HTML page; None where it was displayed.
    """
    title = str(doc.user_data.get("title") or TITLE)
    stream = BytesIO()
    write_page([to_record(doc, title)], stream, title=title)
    page = stream.getvalue().decode()
    if not (jupyter or (jupyter is None and is_in_jupyter())):
        return page
    from IPython.display import HTML, display

    display(HTML(FRAME.format(page=escape(page), title=escape(title))))
    return None
