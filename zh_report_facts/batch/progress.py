"""Progress on a terminal: shards, reports, facts, rate, time left."""

from tqdm import tqdm

from .manifest import Entry


class Progress:
    """A bar on standard error; none where that is no terminal.

    shards (int): how many there are.
    quiet (bool): whether to show none at all.
    """

    def __init__(self, shards: int, quiet: bool) -> None:
        self.bar = tqdm(total=shards, unit="shard", disable=True if quiet else None)
        self.reports = self.facts = 0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.close()

    def add(self, entry: Entry) -> None:
        """Show that a shard is finished.

        entry (Entry): the shard.
        """
        self.reports += entry.reports
        self.facts += entry.facts
        self.bar.update()
        seconds = self.bar.format_dict["elapsed"] if not self.bar.disable else 0
        rate = f", {self.reports / seconds:,.0f} reports/s" if seconds else ""
        self.bar.set_postfix_str(f"{self.reports:,} reports, {self.facts:,} facts{rate}")
