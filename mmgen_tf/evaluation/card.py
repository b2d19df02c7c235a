"""The card's table, rendered from metrics.json between two markers; the prose around it is written by hand."""

BEGIN, END = "<!-- metrics: begin -->", "<!-- metrics: end -->"

SKELETON = f"""# {{name}}

![samples](samples.png)

{BEGIN}
{END}
"""


def render_card(card, records):
    """`card` with the table between its markers made anew. Raises ValueError if it has no markers."""
    head, begin, rest = card.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"A card needs the markers {BEGIN!r} and {END!r}.")
    lines = ["| metric | value | n | protocol |", "| --- | --- | --- | --- |"]
    for record in records:
        value, protocol = f"{record['value']:.5g}", record["protocol"].replace("|", r"\|")
        lines.append(f"| {record['metric']} | {value} | {record['n']:,} | {protocol} |")
    lines += ["", f"Split {records[0]['split']}, seed {records[0]['seed']}, commit {records[0]['commit']}."]
    return "\n".join([head + BEGIN, *lines, END + tail])
