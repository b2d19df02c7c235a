"""The `mmgen` command, run in this process."""

import sys

import pytest

from mmgen_tf.cli import main as cli


@pytest.fixture
def mmgen(capsys, monkeypatch):
    """Function of arguments giving (exit status, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["mmgen", *map(str, arguments)])
        monkeypatch.setattr(cli, "import_quietly", lambda: None)
        try:
            cli.main()
            status = 0
        except SystemExit as stop:
            status = stop.code or 0
        told = capsys.readouterr()
        return status, told.out, told.err

    return run
