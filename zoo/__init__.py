"""The model zoo: a name is a folder, a folder is a model. Everything ships with the package; nothing is downloaded."""

import dataclasses
import json

from mmgen_tf.models import preset

__all__ = ["Table", "card", "list", "load", "names"]


@dataclasses.dataclass(frozen=True)
class Row:
    """One variant of the table."""

    name: str
    model: str
    inputs: str
    outputs: str
    megabytes: float
    headline: str


class Table(tuple):
    """Rows of variants: text in a terminal, a table in rich and in notebooks."""

    HEADER = ("name", "model", "inputs -> outputs", "MB", "headline figure on the test split")

    def cells(self):
        """The table's rows as tuples of strings."""
        return [(r.name, r.model, f"{r.inputs} -> {r.outputs}", f"{r.megabytes:.1f}", r.headline) for r in self]

    def __str__(self):
        rows = [self.HEADER, *self.cells()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.HEADER))]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip() for row in rows)

    __repr__ = __str__

    def __rich__(self):
        from rich.table import Table as RichTable

        table = RichTable(box=None, pad_edge=False)
        for title in self.HEADER:
            table.add_column(title, no_wrap=title == "name")
        for row in self.cells():
            table.add_row(*row)
        return table

    def markdown(self):
        """The table for README and docs."""
        rows = [self.HEADER, ("---",) * len(self.HEADER), *self.cells()]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _repr_html_(self):
        head = "".join(f"<th>{cell}</th>" for cell in self.HEADER)
        body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in self.cells())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def names():
    """The variants' names."""
    return sorted(preset.zoo_entries())


def list():
    """A `Table` of all variants; importing and listing loads no weights."""
    rows = []
    for name, directory in sorted(preset.zoo_entries().items()):
        config = json.loads((directory / preset.CONFIG).read_text(encoding="utf-8"))
        outputs = ", ".join(config["outputs"]) or "the nearest of either"  # of a model that finds and makes nothing
        inputs = " or ".join(
            [", ".join(config["inputs"])] * bool(config["inputs"]) + ["nothing"] * config["from_nothing"]
        )
        size = (directory / preset.WEIGHTS).stat().st_size / 1e6
        rows.append(Row(name, config["model"]["class"], inputs, outputs, size, _headline(directory)))
    return Table(rows)


def _headline(directory):
    path = directory / "metrics.json"
    if not path.is_file():
        return ""
    record = json.loads(path.read_text(encoding="utf-8"))[0]
    return f"{record['metric']} {record['value']:.4g} (n={record['n']:,})"


def load(name):
    """A built model with its pretrained weights, by name (or a preset directory).

    The files are checked against their SHA-256 digests; no code is run from them.

    Raises:
        ValueError: for an unknown name (the near names are given), or a missing or altered file.
    """
    return preset.load(name)


def card(name):
    """A variant's card, in Markdown: use, data and licence, figures, limits."""
    return (preset.locate(name) / "card.md").read_text(encoding="utf-8")
