"""Shows what people see of the bot: ``python -m benchmarks.discord_screens [--write]``.

The real bot runs against the stand-in of Discord in tests/; what arrives there is written as
text, with ``--write`` into docs/discord.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from conftest import ARTICLES  # noqa: E402
from discord_standin import TOKEN, StandIn, make_connector, screen  # noqa: E402

from sourcebot.config.settings import DiscordConfig  # noqa: E402
from sourcebot.frontends.discord.run import run_bot  # noqa: E402
from sourcebot.frontends.discord.store import BotStore  # noqa: E402
from sourcebot.project import open_project  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "discord.md"
BEGIN, END = "<!-- screens -->", "<!-- end of screens -->"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[StandIn]:
    """Give the stand-in of Discord with the bot online."""
    for name, text in ARTICLES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    project = open_project(folder)
    project.prepare()
    store = BotStore(folder / "discord.sqlite")
    (folder / "tls").mkdir()
    standin = StandIn(folder / "tls")
    loop = asyncio.new_event_loop()
    tasks = []

    async def bot() -> None:
        connector = make_connector(standin.server.port, standin.server.authority)
        config = DiscordConfig(cooldown_seconds=0.0)
        await run_bot(project, store, config, TOKEN, connector=connector, guild_ready_timeout=0.1)

    def run() -> None:
        tasks.append(loop.create_task(bot()))
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(tasks[0])

    thread = threading.Thread(target=run)
    thread.start()
    try:
        standin.wait_online()
        yield standin
    finally:
        loop.call_soon_threadsafe(tasks[0].cancel)
        thread.join()
        standin.stop()
        store.close()


def screens(standin: StandIn, sources: Path) -> Iterator[tuple[str, str]]:
    """Yield what was done, and what was seen then."""
    alice, mod = standin.alice, standin.mod
    question = "When was the old harbour bridge at Lowmere closed?"
    answer = alice.slash("ask", question=question).answer()
    yield f"`/ask question:{question}`", screen(answer)
    yield "The button “Show context”", alice.click(answer, "Show context").screen()
    asked = alice.say(standin.news, f"{standin.mention} Who is the captain of the night ferry?")
    captain = standin.wait_messages(standin.news, after=asked)[0]
    yield "`@sourcebot Who is the captain of the night ferry?`", screen(captain)
    again = alice.say(standin.news, "Since when?", reply_to=captain)
    further = standin.wait_messages(standin.news, after=again)[0]
    yield "A reply to that: `Since when?`", screen(further)
    for question in ("When did the ferry first sail?", "Who won the chess cup?"):
        yield f"`/ask question:{question}`", alice.slash("ask", question=question).screen()
    yield "`/sources`", alice.slash("sources").screen()
    yield "`/about`", alice.slash("about").screen()
    yield "`/gaps`, a moderator's command", mod.slash("gaps").screen()
    (sources / "tower.txt").write_text(
        "The water tower of Tarnwick\n\nThe water tower of Tarnwick was painted blue in 2024.\n"
    )
    yield "`/reindex`, by an owner, after a file was added", standin.owner.slash("reindex").screen()
    done = mod.slash("scope", publishers="Gazette; Wire").screen()
    yield "`/scope publishers:Gazette; Wire`", done
    yield "`/quiet on:True`", mod.slash("quiet", on=True).screen()
    yield "`/reindex`, by somebody else", mod.slash("reindex").screen()
    said = alice.say(alice.dm, "hi")
    yield "`hi`, in a direct message", screen(standin.wait_messages(alice.dm, after=said)[0])
    yield "`/delete-my-data`", alice.slash("delete-my-data").screen()


def main() -> None:
    """Print the screens, or write them into the page."""
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as standin:
        shown = "\n\n".join(
            f"{title}\n\n```text\n{_stable(text)}\n```"
            for title, text in screens(standin, Path(name) / "sources")
        )
    if "--write" not in sys.argv:
        print(shown)
        return
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{shown}\n\n{END}{after}", "utf-8")


def _stable(text: str) -> str:
    """Return a screen without what differs each time."""
    text = re.sub(r"<#\d+>", "#news", text)
    text = re.sub(r"(#:~:text=[^)]{20})[^)]*", r"\1…", text)
    return re.sub(r"\d+\.\d s$", "0.1 s", text, flags=re.MULTILINE)


if __name__ == "__main__":
    main()
