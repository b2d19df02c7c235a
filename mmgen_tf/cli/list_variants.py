"""`mmgen list`: the table of variants."""


def list_variants():
    """List the pretrained variants: inputs, outputs, size, headline figure."""
    import rich

    from mmgen_tf import zoo

    rich.print(zoo.list())
