"""A program of its own: reads a PDF from standard input, writes its characters and tables as JSON.

It imports nothing of this package, so that it starts at once, and may be stopped at any time. One
line of JSON a page: height, characters (text, x0, x1, top, bottom, size) and tables (box, rows of
cells); or one line that says what is wrong. Characters that are printed at an angle are left out.
"""

import json
import sys
from bisect import bisect_left
from contextlib import suppress
from io import BytesIO

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

BOX = ("x0", "x1", "top", "bottom")


def main() -> None:
    """Read standard input; the arguments are the processor seconds and the bytes allowed."""
    # Windows has no such limits; there the one who started this stops it.
    with suppress(ImportError):
        import resource

        seconds, size = map(int, sys.argv[1:])
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    try:
        with pdfplumber.open(BytesIO(sys.stdin.buffer.read())) as pdf:
            for page in pdf.pages:
                json.dump(read_page(page.dedupe_chars()), sys.stdout)
                print()
                page.close()
    # pdfminer raises whatever a broken object leads to, and pdfplumber wraps it.
    except Exception as error:
        causes = (error, *error.args)
        problem = "damaged"
        for kind, name in ((PDFPasswordIncorrect, "locked"), (MemoryError, "costly")):
            if any(isinstance(cause, kind) for cause in causes):
                problem = name
        print(json.dumps({"error": problem}))


def read_page(page: pdfplumber.page.Page) -> dict[str, object]:
    """Read a page.

    page (pdfplumber.page.Page): the page.
    RETURNS (dict[str, object]): height, characters and tables, lengths in points from the top left.
    """
    return {
        "height": float(page.height),
        "characters": [
            (char["text"], *(round(char[key], 2) for key in (*BOX, "size")))
            for char in page.chars
            if char["upright"] and char["size"] > 0 and not char["text"].startswith("(cid:")
        ],
        "tables": [(table.bbox, read_table(table)) for table in page.find_tables()],
    }


def read_table(table: pdfplumber.table.Table) -> list[list[str]]:
    """Read a table as a grid in which spanning cells are repeated.

    table (pdfplumber.table.Table): the table.
    RETURNS (list[list[str]]): text of the cells, with line ends.
    """
    cells = [
        (box, text)
        for row, texts in zip(table.rows, table.extract(), strict=True)
        for box, text in zip(row.cells, texts, strict=True)
        if box
    ]
    lefts, tops = (sorted({box[i] for box, _ in cells}) for i in (0, 1))
    grid = [[""] * len(lefts) for _ in tops]
    for (left, top, right, bottom), text in cells:
        columns = slice(bisect_left(lefts, left), bisect_left(lefts, right))
        for row in grid[bisect_left(tops, top) : bisect_left(tops, bottom)]:
            row[columns] = [text or ""] * (columns.stop - columns.start)
    return grid


if __name__ == "__main__":
    main()
