"""`mmgen rate`: a small local page on which people choose between two systems' outputs."""

import html
import http.server
import json
import pathlib
import urllib.parse
import webbrowser

import typer

STYLE = """
:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; }
main { display: flex; gap: 2rem; justify-content: center; } form { display: contents; }
button { font: inherit; padding: 1rem; border: 2px solid #8884; border-radius: 8px; background: none; cursor: pointer; }
button:hover, button:focus { border-color: #48f; } img { width: 256px; image-rendering: pixelated; }
header, footer { text-align: center; margin: 1rem; } progress { width: 20rem; }
"""
SCRIPT = """
addEventListener("keydown", e => {
  const place = {ArrowLeft: 0, ArrowRight: 1, " ": 2}[e.key];
  if (place !== undefined) { e.preventDefault(); document.querySelectorAll("button")[place].click(); }
});
"""


def rate(
    directory: pathlib.Path = typer.Argument(help="Holds a folder for each system, with files of the same names."),
    rater: str = typer.Option("me", help="Who chooses; sides and order differ from rater to rater."),
    seed: int = typer.Option(0, help="Of sides and order."),
    port: int = typer.Option(0, help="Of the page; a free one if 0."),
    report: bool = typer.Option(False, help="Only tell what was chosen so far."),
):
    """Choose between pairs of outputs in the browser; see shares, confidence intervals and agreement."""
    from mmgen_tf.evaluation import ratings

    if not report:
        server = make_server(directory, rater, seed, port)
        address = f"http://127.0.0.1:{server.server_port}/"
        typer.echo(f"Choose on {address} (arrow keys, space for a tie); Ctrl-C ends. Every choice is kept at once.")
        webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")
        finally:
            server.server_close()
    chosen = ratings.summarize(ratings.read_ratings(directory))
    if not chosen:
        typer.echo("Nothing was chosen yet.")
    for line in chosen:
        typer.echo(told(line))


def told(line):
    """A line of `summarize` as a sentence."""
    one, other = line["systems"]
    parts = [f"{one} {line['wins'][0]} : {line['wins'][1]} {other}, {line['ties']} ties"]
    if line["share"] is not None:
        parts.append(f"{one} is chosen {line['share']:.0%} (95% interval {line['low']:.0%} to {line['high']:.0%})")
    if line["agreement"] is not None:
        parts.append(f"raters agree on {line['agreement']:.0%}, kappa {line['kappa']:.2f}")
    return "; ".join(parts)


def make_server(directory, rater, seed=0, port=0):
    """A server on this machine alone; `serve_forever` it. Raises ValueError as `read_pairs`."""
    from mmgen_tf.evaluation import ratings

    pairs, prompts = ratings.read_pairs(directory, rater, seed), ratings.read_prompts(directory)
    done = {
        (r["item"], *sorted((r["left"], r["right"]))) for r in ratings.read_ratings(directory) if r["rater"] == rater
    }
    pairs = [pair for pair in pairs if (pair.item, *sorted((pair.left, pair.right))) not in done]
    shown = {f"/{side}/{number}": pathlib.Path(directory, getattr(pair, side), pair.item)
             for number, pair in enumerate(pairs) for side in ("left", "right")}  # fmt: skip
    place = [0]

    class Handler(http.server.BaseHTTPRequestHandler):
        """One page, the files it shows, and the choices it sends."""

        def do_GET(self):
            if self.path in shown:
                self.answer(shown[self.path].read_bytes(), _TYPES.get(shown[self.path].suffix.lower(), "text/plain"))
            elif self.path == "/":
                self.answer(page(pairs, place[0], prompts, shown).encode(), "text/html; charset=utf-8")
            else:
                self.send_error(404)

        def do_POST(self):
            sent = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            number, side = int(sent.get("number", ["-1"])[0]), sent.get("side", [""])[0]
            if number == place[0] < len(pairs) and side in ("left", "right", ratings.TIE):
                pair = pairs[number]
                ratings.add_rating(directory, rater, pair, getattr(pair, side, ratings.TIE))
                place[0] += 1
            self.send_response(303)
            self.send_header("Location", "/")
            self.end_headers()

        def answer(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Nothing: the terminal is for the report."""

    return http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)


_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".wav": "audio/wav", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip


def page(pairs, number, prompts, shown):
    """The page of a pair, or of the end; which system is which it does not say."""
    head = f"<!doctype html><html lang='en'><meta charset='utf-8'><title>mmgen rate</title><style>{STYLE}</style>"
    if number >= len(pairs):
        return (
            f"{head}<header><h1>Thank you</h1><p>All pairs are rated; end the command with Ctrl-C.</p></header></html>"
        )
    item, sides = pairs[number].item, []
    for side in ("left", "right"):
        path = shown[f"/{side}/{number}"]
        sides.append(f"<button name='side' value='{side}'>{_show(path, f'/{side}/{number}')}</button>")
    prompt = html.escape(str(prompts.get(pathlib.Path(item).stem, "Which one is better?")))
    return (
        f"{head}<header><h2>{prompt}</h2></header><form method='post'><input type='hidden' name='number' "
        f"value='{number}'><main>{''.join(sides)}</main><footer><button name='side' value='tie'>no difference</button>"
        f"<p><progress value='{number}' max='{len(pairs)}'></progress> {number} of {len(pairs)}</p></footer></form>"
        f"<script>{SCRIPT}</script></html>"
    )


def _show(path, address):
    kind = path.suffix.lower()
    if kind == ".txt":
        return html.escape(path.read_text(encoding="utf-8"))
    if kind == ".wav":
        return f"<audio controls src='{address}'></audio>"
    return f"<img src='{address}' alt={json.dumps('output')}>"
