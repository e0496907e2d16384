"""The commands: each is a door to a verb, and imports it when it is opened."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from translator.errors import DuizhaoError

if TYPE_CHECKING:
    from typing import Any


class Door(TyperGroup):
    """Where every command comes out again: what the user can mend is one line, and ends with 2."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  # the context's class is not in typer's interface
        """Run a command."""
        try:
            super().invoke(ctx)
        except DuizhaoError as error:
            print(f"duizhao: {error}", file=sys.stderr)
            raise typer.Exit(2) from error
        except KeyboardInterrupt as error:
            print("\nduizhao: stopped", file=sys.stderr)
            raise typer.Exit(130) from error
        finally:
            flush()


class Shelf(TyperGroup):
    """The commands of the glossary: many, so they are made when one of them is wanted."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # whatever typer gives a group
        super().__init__(**settings)
        self.commands = {}

    def _open(self) -> None:
        if not self.commands:
            from translator.cli.glossary import commands  # noqa: PLC0415  # start-up

            self.commands = commands()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401  # as above
        """List the commands."""
        self._open()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401  # as above
        """Give a command."""
        self._open()
        return super().get_command(ctx, cmd_name)


def flush() -> None:
    """Send what is printed on its way; where nobody reads any more, it goes nowhere."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:
                stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


app = typer.Typer(
    cls=Door,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help is quicker to make, to read in a pipe and to quote
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.add_typer(
    typer.Typer(
        cls=Shelf,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="""The terms that are the same in every sentence of every post.

        They stand in `glossary/*.yaml`, to be edited by hand or by these commands, which change only what they must.
        """,
        short_help="Add, change, find and prove the terms that are the same in every post.",
    ),
    name="glossary",
)

Post = Annotated[Path, typer.Argument(help="A Chinese post.", metavar="POST", show_default=False)]
Posts = Annotated[
    list[Path] | None,
    typer.Argument(help="Posts, or folders of posts; without any, the project's.", metavar="POST", show_default=False),
]
Glossaries = Annotated[
    list[Path] | None,
    typer.Option("--glossary", "-g", metavar="FILE", help="A further glossary file; may be repeated."),
]
MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", metavar="USD", min=0, show_default=False, help="Do not spend more than this."),
]
LeastSure = Annotated[
    int, typer.Option(help="List so many drafts that the machine was least sure of.", min=0, metavar="N")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _version(value: bool) -> None:
    if value:
        from translator import __version__  # noqa: PLC0415

        typer.echo(f"duizhao {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Chinese Markdown posts into English ones, block for block, to be reviewed by a person.

    Start with `duizhao translate POST`, then `duizhao review POST`.
    """
    del version


def chosen_posts(places: list[Path] | None) -> list[Path]:
    """Find the posts that are meant; none at all is an error."""
    from translator.config import Project  # noqa: PLC0415

    project = Project.of(places[0] if places else Path.cwd())
    found = project.posts(places or [project.root / name for name in project.settings.sources or ["."]])
    if not found:
        raise DuizhaoError(f"no Chinese post was found under {', '.join(map(str, places or [project.root]))}")
    return found


@app.command(short_help="Make a folder a project: settings, and a first glossary.")
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The project's folder; without one, this.", show_default=False)
    ] = Path(),
) -> None:
    """Make a folder a project: write `duizhao.yaml` with every setting and `glossary/terms.yaml`.

    What is there already stays as it is.
    """
    from translator.cli.output import say, settings_text  # noqa: PLC0415
    from translator.config import CACHE, FILE  # noqa: PLC0415
    from translator.pipeline.files import write  # noqa: PLC0415

    for path, text in ((folder / FILE, settings_text()), (folder / "glossary" / "terms.yaml", GLOSSARY)):
        if path.exists():
            say(f"{path} is there already; left as it is")
            continue
        write(path, text)
        say(f"wrote {path}")
    say(f"caches will stand in {folder / CACHE}/, which may be deleted at any time")
    say("next: duizhao translate POST")


GLOSSARY = """\
# The terms that are the same in every sentence of every post.
# Edit them here or with `duizhao glossary add`, `set` …; `duizhao glossary report` proves that they are obeyed.
#
#   - term: 沐神                    # as you write it
#     aliases: [李沐, 李沐大神]      # other ways you write it
#     translation: Mu Li            # what the English says
#     also: [Li Mu]                 # accepted in a person's English, never produced
#     forbidden: [Bath God]         # never accepted
#     first: Mu Li (沐神)           # at its first mention in a post
#     kind: person                  # a person's name is found even inside longer words
#     keep: true                    # instead of a translation: leave it exactly as you wrote it
#     case: true                    # only with these capitals: Go, not go
#     only: [heading, code]         # a term only there; `with: [张量]`: only where that word stands in the block
#     note: the nickname is affectionate
terms: []
"""


@app.command(short_help="Draft the English of posts, and the record of their review.")
def translate(
    posts: Posts = None,
    *,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            "-e",
            metavar="NAME",
            show_default=False,
            help="Which engine drafts; `duizhao engines` lists them. `a,b`: what a refuses goes to b.",
        ),
    ] = "",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default=False,
            help="Write the English of one post to a file, `-` for standard output, and no record.",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Draft again what no person has approved.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be drafted and what it would take; ask and write nothing.")
    ] = False,
    max_cost: MaxCost = None,
    as_json: Json = False,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Print what a language model would be asked; ask nothing.")
    ] = False,
    no_memory: Annotated[
        bool, typer.Option("--no-memory", help="Do not reuse approved segments of other posts.")
    ] = False,
    glossary: Glossaries = None,
) -> None:
    """Draft the English of posts: `zh.md` becomes `en.md`, and `en.po` records every pair for review.

    Only what is new is drafted. What a person approved or wrote, in `en.po` or in `en.md`, is never changed.
    A post named `-` is read from standard input, its English printed.
    """
    from translator.cli.translate import Asked, run, run_text  # noqa: PLC0415
    from translator.pipeline.verbs import Options  # noqa: PLC0415

    if posts and (Path("-") in posts or output):
        if len(posts) != 1:
            raise typer.BadParameter("give exactly one post with --output, and nothing beside `-`")
        if force or dry_run or as_json or max_cost is not None:
            raise typer.BadParameter("--force, --dry-run, --json and --max-cost are for posts with a record")
        run_text(posts[0], engine, output or "-", glossary or [])
        return
    if output:
        raise typer.BadParameter("say which post --output is for")
    options = Options(force, dry_run, not no_memory, tuple(glossary or ()), max_cost)
    run(chosen_posts(posts), Asked(engine, options, as_json, show_prompt))


@app.command(short_help="Look for what is wrong with translations.")
def check(posts: Posts = None, as_json: Json = False) -> None:
    """Look for what is wrong with translations: terms, numbers, leftover Chinese, links, punctuation, gaps.

    Ends with 1 where there is an error, so that it can stand in CI. Writes nothing.
    """
    from translator.cli.look import check as run  # noqa: PLC0415

    raise typer.Exit(run(chosen_posts(posts), as_json=as_json))


@app.command(short_help="Approve drafts, take approvals back, decide conflicts.")
def approve(
    post: Post,
    keys: Annotated[
        list[str] | None,
        typer.Argument(
            help="Keys of segments, as `duizhao segments` shows them; a beginning will do.",
            metavar="KEY",
            show_default=False,
        ),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Approve every draft.")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="Approve every draft without findings.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take approvals back.")] = False,
    take: Annotated[
        str,
        typer.Option(
            "--take",
            metavar="english|record",
            show_default=False,
            help="Decide conflicts: `english` takes what en.md says, `record` what en.po says.",
        ),
    ] = "",
) -> None:
    """Approve drafts: they are kept for good and reused wherever the same sentence stands."""
    from translator.cli.look import approve as run  # noqa: PLC0415

    if take not in {"", "english", "record"}:
        raise typer.BadParameter("--take is `english` or `record`")
    if keys and (everything or clean):
        raise typer.BadParameter("give keys, or --clean, or --all")
    if not (keys or everything or clean):
        raise typer.BadParameter("say what to approve: keys, --clean or --all")
    run(post, keys or [], everything=everything, clean=clean, undo=undo, take=take)


@app.command(short_help="Write the English of posts, when nothing is missing.")
def publish(
    posts: Posts = None,
    allow_untranslated: Annotated[
        bool, typer.Option("--allow-untranslated", help="Leave Chinese standing where nothing is said yet.")
    ] = False,
) -> None:
    """Write the English of posts as it is recorded; refuses while something is untranslated or in conflict.

    Drafts that nobody approved go out too, counted, and the front matter says `translation: draft`.
    """
    from translator.cli.look import publish as run  # noqa: PLC0415

    run(chosen_posts(posts), allow_untranslated=allow_untranslated)


@app.command(short_help="Decide about drafts in the browser, both languages side by side.")
def review(
    posts: Posts = None,
    *,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            show_default=False,
            help="Write the page of one post to a file instead: to be read, edited and sent back without this tool.",
        ),
    ] = None,
    merge: Annotated[
        Path | None,
        typer.Option(
            "--merge",
            metavar="FILE",
            show_default=False,
            help="Bring back what was changed on such a page, by segment.",
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", "-e", metavar="NAME", show_default=False, help="Which engine drafts a segment again when asked."
        ),
    ] = "",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            min=0,
            max=65535,
            show_default=False,
            help="The port to serve at, 0 for any; without it 8420, or any where that is taken.",
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            show_default=False,
            help="Serve at this address too, for browsers on other machines. Whoever reaches it and knows the password "
            "can read and change the posts, and nothing is encrypted. The password is asked for, or read from "
            "DUIZHAO_PASSWORD.",
        ),
    ] = "",
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the address only; open no browser.")] = False,
) -> None:
    """Decide about drafts in the browser: Chinese left, English right, the keyboard is enough.

    Serves a page to this machine alone until Ctrl-C; every decision is in `en.po` at once. The command line, Poedit and
    an editor on `en.md` may be used at the same time.
    """
    from translator.cli import review as run  # noqa: PLC0415

    if html and merge:
        raise typer.BadParameter("--html writes a page, --merge reads one: give one of them")
    if (html or merge) and (host or port is not None):
        raise typer.BadParameter("--host and --port are for the server, --html and --merge for files")
    found = chosen_posts(posts)
    if html:
        if len(found) != 1:
            raise typer.BadParameter(f"--html is for one post; these are {len(found)}")
        run.page(found[0], html)
    elif merge:
        run.merge(found, merge)
    else:
        run.serve(found, engine, host, port, no_open=no_open)


@app.command(short_help="Write a post in both languages, for readers.")
def export(
    posts: Posts = None,
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="bilingual", help="What is written; `bilingual` is all there is.")
    ] = "bilingual",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default=False,
            help="A file for one post, `-` to print it, or a folder; else each goes beside its post, as `en-zh.md`.",
        ),
    ] = "",
    html: Annotated[bool, typer.Option("--html", help="One HTML file with two columns instead of Markdown.")] = False,
) -> None:
    """Write a post in both languages, for readers: paragraph under paragraph, or in two columns.

    The Chinese is the post's own, byte for byte; links stay as they are in it. What is untranslated stays Chinese only;
    a machine's draft is marked as one at the top.
    """
    from translator.cli.export import export as run  # noqa: PLC0415

    if form != "bilingual":
        raise typer.BadParameter("--format is `bilingual`")
    run(chosen_posts(posts), output, html=html)


@app.command(short_help="Count what is approved, drafted, stale and untranslated.")
def status(posts: Posts = None, least_sure: LeastSure = 0, as_json: Json = False) -> None:
    """Count, for each post, what is approved, drafted, stale, in conflict and untranslated."""
    from translator.cli.look import status as run  # noqa: PLC0415

    run(chosen_posts(posts), least_sure=least_sure, as_json=as_json)


@app.command(short_help="List a post's segments with their keys and states.")
def segments(post: Post, as_json: Json = False) -> None:
    """List a post's segments with their keys, states and findings."""
    from translator.cli.look import segments as run  # noqa: PLC0415

    run(post, as_json=as_json)


class Named(TyperGroup):
    """Commands beside which a name may stand: it is shown."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # as above
        """Find the command that is meant."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


engines = typer.Typer(
    cls=Named,
    invoke_without_command=True,
    rich_markup_mode=None,
    short_help="List the engines, tell about one, fetch a model.",
)
app.add_typer(engines, name="engines")


@engines.callback()
def engines_list(context: typer.Context, as_json: Json = False) -> None:
    """List the engines: which are ready, what each can do, and what the others lack.

    `duizhao engines NAME` tells everything about one. The names that this folder's project gives are listed too.
    """
    context.obj = as_json
    if context.invoked_subcommand is None:
        from translator.cli.engines import engines as run  # noqa: PLC0415

        run(as_json=as_json)


@engines.command("show", short_help="Tell everything about one engine.")
def engines_show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="An engine, or a name that the project gives.", metavar="NAME")],
    as_json: Json = False,
) -> None:
    """Tell everything about one engine: what it can do, its settings with their defaults, where its key comes from."""
    from translator.cli.engines import show as run  # noqa: PLC0415

    run(name, as_json=as_json or context.obj)


@engines.command("fetch", short_help="Download a model once, to work without a network.")
def engines_fetch(
    name: Annotated[
        str,
        typer.Argument(
            help="`firefox`, `argos`, or with --from any name for a model of your own.",
            metavar="NAME",
            show_default=False,
        ),
    ],
    origin: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="URL|FOLDER",
            show_default=False,
            help="Take it from here: a fetched model's folder, a CTranslate2 folder, or an archive of one "
            "(.zip, .argosmodel, .tar.gz).",
        ),
    ] = "",
    sha256: Annotated[
        str,
        typer.Option("--sha256", metavar="HEX", show_default=False, help="What the archive's SHA-256 must be."),
    ] = "",
) -> None:
    """Download a model once; from then on it works without a network.

    A download that was cut goes on where it stopped. Every file is compared with its hash where one is known, and takes
    its place only when all are there. `firefox` is found by Firefox's own service of models, `argos` in its index.
    """
    from translator.cli.engines import fetch as run  # noqa: PLC0415

    run(name, origin, sha256)


Engines = Annotated[
    list[str] | None,
    typer.Option(
        "--engine",
        "-e",
        metavar="NAME",
        show_default=False,
        help="An engine, `a,b` for a chain; may be repeated. Without one, the project's.",
    ),
]


@app.command(short_help="Measure engines by English that somebody stands behind.")
def evaluate(
    places: Annotated[
        list[Path] | None,
        typer.Argument(
            help="A file of rows, Chinese TAB English or name TAB Chinese TAB English; or posts, or folders of posts. "
            "Without any, the project's posts.",
            metavar="FILE.tsv|POST",
            show_default=False,
        ),
    ] = None,
    *,
    engine: Engines = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, show_default=False, help="Take so many sentences, by chance."),
    ] = None,
    seed: Annotated[
        int,
        typer.Option("--seed", metavar="N", min=1, help="What chance begins with; the same seed, the same figures."),
    ] = 12345,
    no_glossary: Annotated[
        bool,
        typer.Option(
            "--no-glossary", help="Do not tell the engines the terms; how they say them is counted all the same."
        ),
    ] = False,
    glossary: Glossaries = None,
    max_cost: MaxCost = None,
    as_json: Json = False,
) -> None:
    """Measure engines by English that somebody stands behind: a file of rows, or the approved segments of posts.

    Prints BLEU and chrF2 with sacrebleu's signature and 95 % intervals, of several engines with the probability that
    they differ by chance, how many terms are said as the glossary says, what was refused, speed and cost. An approved
    segment is asked for as if its post had never been translated: its own English helps nobody.
    """
    from translator.cli.evaluate import Asked, is_rows, run_posts, run_rows  # noqa: PLC0415

    asked = Asked(tuple(engine or ()), tuple(glossary or ()), not no_glossary, limit, seed, max_cost, as_json)
    if places and is_rows(places):
        run_rows(places[0], asked)
    else:
        run_posts(chosen_posts(places), asked)


@app.command(short_help="Draft a post with several engines, side by side on a page.")
def compare(
    post: Post,
    *,
    engine: Engines = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default=False,
            help="Where the page goes; else into the project's cache.",
        ),
    ] = None,
    max_cost: MaxCost = None,
    as_json: Json = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Write the page only; open no browser.")] = False,
) -> None:
    """Draft a post with several engines and show what they say side by side, on a page in one file.

    The page has the terms and what the checks find, and what one says and the other does not is marked. Neither `en.md`
    nor `en.po` is read or written: each engine drafts the whole post.
    """
    from translator.cli.compare import run  # noqa: PLC0415

    run(post, engine or [], output, max_cost, as_json=as_json, no_open=no_open)


@app.command(short_help="Let the builtin model go on learning from what was approved.")
def train(
    posts: Posts = None,
    *,
    name: Annotated[
        str,
        typer.Option(
            "--name", "-n", metavar="NAME", show_default=False, help="What it is called; else as the project's folder."
        ),
    ] = "",
    dev: Annotated[
        Path | None,
        typer.Option(
            "--dev",
            metavar="FILE.tsv",
            show_default=False,
            help="Rows of Chinese TAB English that must not become worse: they are measured, and never learnt.",
        ),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", min=1, help="Times through the sentences.")] = 6,
    rate: Annotated[
        float, typer.Option("--rate", metavar="X", min=1e-7, max=1e-2, help="How far each step goes.")
    ] = 2e-4,
    bound: Annotated[
        float, typer.Option("--bound", metavar="X", min=0, help="How much worse the loss of --dev may become.")
    ] = 0.01,
    base: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FOLDER", show_default=False, help="Another model to go on from than the one that ships."
        ),
    ] = None,
    threads: Annotated[
        int,
        typer.Option("--threads", metavar="N", min=0, help="Processor threads; 0: as many as there are, four at most."),
    ] = 0,
    glossary: Glossaries = None,
    as_json: Json = False,
) -> None:
    """Let the builtin model go on learning from your approved sentences: of posts, or of all posts and records.

    A copy of the model learns them, some with their terms as hints, at a low rate; a tenth is held out and says what it
    was worth. The best epoch is kept outside the package, or nothing where none was better. The model that ships stays
    as it is, and only `duizhao.yaml` says which is used. Needs PyTorch: pip install 'duizhao[train]'; some hundred
    sentences take a few minutes, without a network.
    """
    from translator.cli.train import Asked  # noqa: PLC0415
    from translator.cli.train import run as run_training  # noqa: PLC0415
    from translator.train.lesson import Care  # noqa: PLC0415

    care = Care(rate=rate, epochs=epochs, bound=bound, threads=threads)
    asked = Asked(care, name, dev, base, tuple(glossary or ()), not posts, as_json)
    run_training(chosen_posts(posts), asked)


cache = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""What engines that others run answered before: a second run costs nothing.

    It may be cleared at any time; then the same sentences are asked, and paid for, again.
    """,
    short_help="Show and forget what engines answered before.",
)
app.add_typer(cache, name="cache")


@cache.command(short_help="List how many answers are kept, by engine.")
def show(as_json: Json = False) -> None:
    """List how many answers of each engine are kept, their size, the oldest and the newest, and in which file."""
    from translator.cli.kept import show as run  # noqa: PLC0415

    run(as_json=as_json)


@cache.command(short_help="Forget answers; they are asked and paid for again.")
def clear(
    engine: Annotated[
        str, typer.Option("--engine", "-e", metavar="NAME", show_default=False, help="Only those of this engine.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Forget what engines answered before: the same sentences are asked, and paid for, again.

    Posts, records and the memory are not touched.
    """
    from translator.cli.kept import clear as run  # noqa: PLC0415

    run(engine, as_json=as_json)
