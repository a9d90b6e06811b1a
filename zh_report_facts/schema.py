"""Names of the data, as `corpus/GUIDELINE.md` defines them."""

HEADS = ("PROGRAM", "ITEM")
QUANTITIES = ("COUNT", "MONEY", "PERCENT")
LABELS = HEADS + QUANTITIES
ROLES = ("ACTUAL", "TARGET", "BASELINE", "CHANGE", "STANDARD")
BOUNDS = ("exact", "about", "over", "under")

# The letter that stands for a label in the inline notation.
CODES = {"P": "PROGRAM", "I": "ITEM", "C": "COUNT", "M": "MONEY", "R": "PERCENT"}
