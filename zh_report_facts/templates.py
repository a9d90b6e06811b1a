"""The templates of pages and cards, all with the same rules."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape


def load_template(path: Path) -> Template:
    """Load a template for jinja.

    path (Path): its file, .jinja; in .html.jinja what is put in is escaped.
    RETURNS (Template): the template, in which a name that is not given is an error and lines that
        only hold a statement leave nothing.
    """
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=select_autoescape(["html.jinja"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(path.name)
