"""Pages that write themselves: a card for each variant, an API page for each room, the zoo's table and its pictures.

A new variant or a new module appears in the site without a change here.
"""

import ast
import itertools
import pathlib
import re

from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = re.compile(r"<!-- zoo table: begin -->.*?<!-- zoo table: end -->", re.DOTALL)
GALLERY = "<!-- zoo gallery -->"
ROOMS = {
    "contract": ("The contract", ("modality", "noise", "registry")),
    "modalities": ("Modalities", ("modalities",)),
    "layers_and_fusion": ("Layers and fusion", ("layers", "fusion")),
    "losses": ("Losses", ("losses",)),
    "models": ("Models", ("models",)),
    "metrics": ("Metrics", ("metrics",)),
    "data": ("Data", ("data",)),
    "training": ("Training", ("training",)),
    "evaluation": ("Evaluation", ("evaluation",)),
    "plots": ("Plots", ("plots",)),
    "export": ("Export", ("export",)),
    "zoo": ("Zoo", ("zoo",)),
}


def on_config(config):
    """Adds the generated pages to the navigation."""
    for entry in config["nav"]:
        if "The zoo" in entry:
            entry["The zoo"] += [{task: [f"zoo/{name}.md" for name in names]} for task, names in tasks().items()]
        if "API" in entry:
            entry["API"] = [{title: f"api/{name}.md"} for name, (title, _) in ROOMS.items()]
    return config


def on_files(files, config):
    """Adds the generated pages themselves."""
    for card in cards():
        name, text = card.parent.name, card.read_text(encoding="utf-8")
        picture = card.with_name("samples.png")
        if picture.is_file():
            text = text.replace("(samples.png)", f"({name}.png)")
            files.append(File.generated(config, f"zoo/{name}.png", content=picture.read_bytes()))
        else:
            text = text.replace("![samples](samples.png)", "*The samples are not drawn yet.*")
        files.append(File.generated(config, f"zoo/{name}.md", content=text))
    for name, (title, rooms) in ROOMS.items():
        files.append(File.generated(config, f"api/{name}.md", content=api_page(title, rooms)))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=changelog))
    return files


def on_page_markdown(markdown, **_):
    """Fills the zoo's table from README.md, where `mmgen list --markdown --into README.md` writes it, and hangs its
    pictures."""
    found = TABLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    markdown = TABLE.sub(lambda _: found.group(0), markdown) if found else markdown
    return markdown.replace(GALLERY, gallery()) if GALLERY in markdown else markdown


def cards():
    """The cards of the zoo, in the order of their paths."""
    return sorted((ROOT / "zoo").glob("*/*/card.md"))


def tasks():
    """dict of a task's title -> the names of its variants."""
    groups = itertools.groupby(cards(), key=lambda card: card.parents[1].name)
    return {task.replace("_", " ").capitalize(): [card.parent.name for card in group] for task, group in groups}


def gallery():
    """A picture of each variant, which leads to its card, under the heading of its task."""
    pictured = {path.parent.name for path in (ROOT / "zoo").glob("*/*/samples.png")}
    parts = []
    for task, names in tasks().items():
        shown = [name for name in names if name in pictured]
        parts += [f"### {task}\n"] * bool(shown)
        parts += [f"[{name}]({name}.md)\n\n[![{name}]({name}.png)]({name}.md)\n" for name in shown]
    return "\n".join(parts)


def api_page(title, rooms):
    """One page with every module of some rooms that defines something public."""
    parts = [f"# {title}\n"]
    for room in rooms:
        folder = ROOT / "zoo" if room == "zoo" else ROOT / "mmgen_tf" / room
        paths = [folder / "__init__.py"] if room == "zoo" else sorted(folder.rglob("*.py"))
        for path in paths if folder.is_dir() else [folder.with_suffix(".py")]:
            module = ast.parse(path.read_text(encoding="utf-8"))
            if any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_" for node in module.body):
                parts.append(f"::: {dotted(path)}\n")
    return "\n".join(parts)


def dotted(path):
    """A path of the checkout as the name of a module."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)
