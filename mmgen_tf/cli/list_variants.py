"""`mmgen list`: the table of variants."""

import pathlib

import typer

BEGIN, END = "<!-- zoo table: begin -->", "<!-- zoo table: end -->"


def list_variants(
    markdown: bool = typer.Option(False, help="Print a Markdown table."),
    into: pathlib.Path = typer.Option(None, help=f"Renew the table between {BEGIN} and {END} of this file."),
):
    """List the pretrained variants: inputs, outputs, size, headline figure."""
    from mmgen_tf import zoo

    table = zoo.list()
    if into:
        into.write_text(with_table(into.read_text(encoding="utf-8"), table.markdown()), encoding="utf-8")
        typer.echo(f"wrote the table into {into}")
    elif markdown:
        typer.echo(table.markdown())
    else:
        import rich

        rich.print(table)


def with_table(page, table):
    """`page` with what lies between its markers replaced by `table`. Raises ValueError if it has no markers."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page needs the markers {BEGIN!r} and {END!r}.")
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"
