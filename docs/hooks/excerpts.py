"""Excerpts of the source, taken when the site is built, so that they cannot go stale.

    {{ excerpt: mmgen_tf/models/gan/conditional_gan.py ConditionalGAN.sample }}     a function, class or assignment
    {{ options: train }}                                                            the table of a verb's options

A docstring inside an excerpt is left out. A name that is not there stops the build.
"""

import ast
import html
import pathlib
import re
import sys
import textwrap

from mkdocs.exceptions import PluginError

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXCERPT = re.compile(r"^\{\{ excerpt: (\S+) (\S+) \}\}$", re.MULTILINE)
OPTIONS = re.compile(r"^\{\{ options: ([a-z ]+) \}\}$", re.MULTILINE)


def on_page_markdown(markdown, page, **_):
    """Replaces the marks of one page."""
    markdown = EXCERPT.sub(lambda match: excerpt(*match.groups()), markdown)
    return OPTIONS.sub(lambda match: options(match.group(1).split()), markdown)


def excerpt(path, name):
    """A fenced code block with the source of `name` in the file `path`."""
    source = (ROOT / path).read_text(encoding="utf-8")
    node = find(ast.parse(source).body, name.split("."))
    if node is None:
        raise PluginError(f"There is no {name} in {path} to take an excerpt from.")
    first = min([node.lineno, *(line.lineno for line in getattr(node, "decorator_list", []))])
    lines = source.splitlines()[first - 1 : node.end_lineno]
    documented = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None
    if documented:
        del lines[node.body[0].lineno - first : node.body[0].end_lineno - first + 1]
    code = textwrap.dedent("\n".join(lines)).replace("  # fmt: skip", "")
    return f'```python title="{path}"\n{code}\n```'


def find(body, names):
    """The node of the dotted name, or None."""
    for node in body:
        targets = [node.name] if hasattr(node, "name") else []
        if isinstance(node, ast.Assign):
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if names[0] in targets:
            return node if len(names) == 1 else find(node.body, names[1:])
    return None


def options(verb):
    """A Markdown table of what a verb of `mmgen` takes, from the command itself."""
    sys.path.insert(0, str(ROOT))
    try:
        import typer

        from mmgen_tf.cli.main import app
    finally:
        sys.path.remove(str(ROOT))
    command = typer.main.get_command(app)
    for word in verb:
        if word not in command.commands:
            raise PluginError(f"mmgen has no verb {' '.join(verb)!r}.")
        command = command.commands[word]
    rows = [f"{command.help}", "", "| argument | what it is | default |", "| --- | --- | --- |"]
    for parameter in command.params:
        if parameter.name == "help":
            continue
        is_option = parameter.param_type_name == "option"
        name = " ".join(f"`{flag}`" for flag in parameter.opts) if is_option else f"`{parameter.name.upper()}`"
        default = "required" if parameter.required else shown(parameter.default)
        rows.append(f"| {name} | {html.escape(parameter.help or '')} | {default} |")
    return "\n".join(rows if len(rows) > 4 else rows[:1])


def shown(default):
    """A default as a reader wants it: nothing for nothing."""
    return "" if default is None or default is False or default == [] or callable(default) else f"`{default}`"
