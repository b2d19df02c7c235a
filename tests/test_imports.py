"""Who may know whom: imports go downwards, siblings do not meet, and `import mmgen_tf` costs nothing."""

import ast
import pathlib
import subprocess
import sys

import pytest

import mmgen_tf

ROOT = pathlib.Path(mmgen_tf.__file__).parent
FLOORS = (  # from the cellar up; rooms of one floor do not know each other
    ("fused_adam", "k_means", "modality", "noise", "registry", "shipped_files"),
    ("layers", "losses", "metrics"),
    ("modalities", "fusion"),
    ("data", "export"),
    ("models",),
    ("training", "evaluation", "plots"),
    ("zoo",),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
SIBLINGS = ("modalities", "models", "builders")  # folders in such a room do not know each other


def modules():
    """Dotted name -> source, of every module; the zoo lies beside the package in a checkout and inside a wheel."""
    files = {f"mmgen_tf.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}": path for path in ROOT.rglob("*.py")}
    zoo = ROOT.parent / "zoo" / "__init__.py"
    files |= {"mmgen_tf.zoo.__init__": zoo} if zoo.is_file() else {}
    return {name.removesuffix(".__init__"): path.read_text(encoding="utf-8") for name, path in files.items()}


def imports_of(name, source):
    """Dotted names that a module imports, within functions too; imported attributes are counted as submodules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(dotted):
    """The room under mmgen_tf that a dotted name lies in, None where it is another package or mmgen_tf itself."""
    package, _, rest = dotted.partition(".")
    room = rest.partition(".")[0]
    return room if package == "mmgen_tf" and room in LEVEL else None


def folder_of(dotted):
    """(room, folder) of a module in a folder of a room whose folders are siblings."""
    parts = dotted.split(".")
    for place, part in enumerate(parts[:-2]):
        if part in SIBLINGS and (ROOT.joinpath(*parts[1 : place + 2])).is_dir():
            return part, parts[place + 1]
    return None


def faults(sources):
    """Every import that breaks the rule, as a sentence."""
    for name, source in sources.items():
        here = room_of(name)
        for imported in imports_of(name, source):
            there = room_of(imported)
            if imported.split(".")[0] in ("tests", "tutorials", "benchmarks"):
                yield f"{name} imports {imported}, which is no part of the package"
            if here and there and here != there and LEVEL[there] >= LEVEL[here]:
                yield f"{name} imports {imported}, which is not below it"
            one, other = folder_of(name), folder_of(imported)
            if one and other and one[0] == other[0] and one != other:
                yield f"{name} imports its sibling {imported}"
            if other and other[0] == "models" and here == "models" and not one:
                yield f"{name}, which every family builds on, imports the family {imported}"


def test_imports_go_downwards_and_siblings_do_not_meet():
    assert list(faults(modules())) == []


@pytest.mark.parametrize(
    "name, source",
    [
        ("mmgen_tf.noise", "import mmgen_tf.registry"),
        ("mmgen_tf.data.pipeline", "from mmgen_tf import training"),
        ("mmgen_tf.export.saved_model", "def f():\n    from mmgen_tf.models.preset import load"),
        ("mmgen_tf.models.preset", "import tests.contracts"),
        ("mmgen_tf.modalities.text.text_encoder", "from mmgen_tf.modalities.image.image_encoder import ImageEncoder"),
        ("mmgen_tf.models.vae.mvae", "from mmgen_tf.models.gan import conditional_gan"),
        ("mmgen_tf.models.generative_model", "from mmgen_tf.models.vae.mvae import MVAE"),
    ],
)
def test_a_broken_rule_is_seen(name, source):
    assert len(list(faults({name: source}))) == 1


def test_every_room_has_a_floor():
    rooms = {name.split(".")[1] for name in modules() if name != "mmgen_tf"}
    assert rooms == set(LEVEL)


def test_importing_the_package_imports_no_tensorflow():
    heavy = ("tensorflow", "keras", "numpy", "keras_hub", "tensorflow_datasets")
    code = f"import sys, mmgen_tf; dir(mmgen_tf); print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT.parent)
    assert done.stdout.strip() == "[]", done.stderr


def test_public_names_are_all_there():
    for name in mmgen_tf.__all__:
        assert getattr(mmgen_tf, name) is not None
