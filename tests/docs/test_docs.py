"""The documentation builds without a warning, and its example of a new model runs."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]


def run(*command, cwd):
    done = subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_the_site_builds_strictly(tmp_path):
    run("-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site"), cwd=ROOT)
    for page in ("index.html", "models.html", "glossary.html", "zoo/index.html"):
        assert (tmp_path / "site" / page).is_file()
    zoo = (tmp_path / "site/zoo/index.html").read_text(encoding="utf-8")
    missing = [p.parent.name for p in ROOT.glob("zoo/*/*/samples.png") if f'src="{p.parent.name}.png"' not in zoo]
    assert not missing, f"The zoo's page does not show {missing}."


def test_the_example_of_a_new_model_runs(tmp_path):
    run(str(ROOT / "docs/examples/train_conditional_vae.py"), cwd=tmp_path)
