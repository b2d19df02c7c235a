"""`mmgen card`: a variant's card."""

import typer


def show_card(name: str = typer.Argument(help="A variant's name.")):
    """Show a variant's card: use, data, licence, figures, limits."""
    import rich
    from rich.markdown import Markdown

    from mmgen_tf import zoo

    rich.print(Markdown(zoo.card(name)))
