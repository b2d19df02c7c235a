"""The `mmgen` command: one file a verb, errors in one clear line."""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import typer  # noqa: E402

from mmgen_tf.cli import card, data, demo, evaluate, export, generate, list_variants, rate, train  # noqa: E402

app = typer.Typer(
    help="Multimodal generation in Keras: load, generate, train, evaluate, export.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
app.command("list")(list_variants.list_variants)
app.command("card")(card.show_card)
app.command("generate")(generate.generate)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("export")(export.export)
app.add_typer(data.app, name="data")
app.command("demo")(demo.demo)
app.command("rate")(rate.rate)


def import_quietly():
    """Imports TensorFlow without the lines that its libraries write before their log levels apply."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as told:
        os.dup2(told.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except BaseException:
            told.seek(0)
            os.write(kept, told.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def main():
    """Runs the command line; what a user can mend is one line and exit status 2, Ctrl-C is 130."""
    try:
        if not {"--help", "list", "card", "data"} & set(sys.argv[1:2]):
            import_quietly()
        app(standalone_mode=True)
    except (ValueError, OSError, FloatingPointError, ImportError, RuntimeError) as error:
        interrupted = type(error).__name__ == "TrainingInterrupted"
        print(f"mmgen: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(130 if interrupted else 2)
    except KeyboardInterrupt:
        print("mmgen: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
