"""The stand-in of Discord itself, proven with a small client of discord.py's own."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from typing import TYPE_CHECKING

import discord
import pytest
from discord import app_commands
from discord_standin import TOKEN, make_connector, screen
from discord_standin.limits import embed_size

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from typing import Any

    from discord_standin import StandIn


class Rename(discord.ui.Modal, title="Rename"):
    """A form with one line."""

    name: discord.ui.TextInput[Rename] = discord.ui.TextInput(label="Name", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Repeat what was filled in."""
        await interaction.response.send_message(f"renamed to {self.name.value}", ephemeral=True)


class Again(discord.ui.View):
    """Two buttons."""

    def __init__(self) -> None:
        """Last for ever."""
        super().__init__(timeout=None)

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button[Again]) -> None:
        """Change the message."""
        await interaction.response.edit_message(content="again")

    @discord.ui.button(label="Rename", custom_id="rename")
    async def rename(self, interaction: discord.Interaction, _: discord.ui.Button[Again]) -> None:
        """Ask for a name."""
        await interaction.response.send_modal(Rename())


class Parrot(discord.Client):
    """Repeats what it is told."""

    def __init__(self, connector: Any, intents: discord.Intents) -> None:
        """Take the way to the stand-in."""
        super().__init__(
            connector=connector,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
            heartbeat_timeout=6.0,
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(self.make_say())
        self.tree.add_command(app_commands.ContextMenu(name="Repeat", callback=self.repeat))
        self.heard: list[str] = []
        self.resumed = 0

    def make_say(self) -> app_commands.Command[Any, Any, Any]:
        """Return /say with a completed option."""

        @app_commands.command()
        @app_commands.describe(text="what to say")
        async def say(interaction: discord.Interaction, text: str, slowly: bool = False) -> None:
            """Say something."""
            if not slowly:
                await interaction.response.send_message(text, view=Again())
                return
            await interaction.response.defer(thinking=True)
            await interaction.edit_original_response(content=text, view=Again())
            await interaction.followup.send("more", ephemeral=True)

        @say.autocomplete("text")
        async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=typed * n, value=typed * n) for n in (1, 2)]

        return say

    async def repeat(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Say what a message says."""
        await interaction.response.send_message(message.content)

    async def setup_hook(self) -> None:
        """Register the commands and the buttons."""
        self.add_view(Again())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait."""

    async def on_message(self, message: discord.Message) -> None:
        """Repeat a message."""
        if message.author != self.user:
            self.heard.append(message.content)
            if "hush" not in message.content:
                await message.reply(f"heard {message.content}")

    async def on_resumed(self) -> None:
        """Count."""
        self.resumed += 1


class Running:
    """A client on a thread of its own."""

    def __init__(self, standin: StandIn, intents: discord.Intents | None = None) -> None:
        """Start it."""
        self.loop = asyncio.new_event_loop()
        self._intents = intents or discord.Intents(guilds=True, messages=True)
        self._standin = standin
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            try:
                runner.run(self._whole())
            except (asyncio.CancelledError, discord.DiscordException) as error:
                self.error = error

    async def _whole(self) -> None:
        self.task = asyncio.create_task(self._start())
        try:
            await self.task
        finally:
            await asyncio.sleep(0.05)  # TLS connections take a moment to close

    async def _start(self) -> None:
        connector = make_connector(self._standin.server.port, self._standin.server.authority)
        self.client = Parrot(connector, self._intents)
        async with self.client:
            await self.client.start(TOKEN)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something on the client's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(15)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        """Stop it as a bot should stop."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.task.cancel)
        self.join()


@pytest.fixture
def parrot(standin: StandIn) -> Iterator[Running]:
    """The client, online."""
    running = Running(standin)
    standin.wait_online()
    yield running
    running.stop()


def test_a_whole_conversation(standin: StandIn, parrot: Running) -> None:
    """Commands, completion, buttons, a modal, a follow-up, a message command, mentions and DMs."""
    alice = standin.alice
    said = alice.slash("say", text="hello").answer()
    assert screen(said) == "hello\n[Again (secondary)] [Rename (secondary)]"
    assert alice.complete("say", "text", "ho")[1] == {"name": "hoho", "value": "hoho"}
    slow = alice.slash("say", text="slow", slowly=True)
    assert screen(slow.answer()) == "slow\n[Again (secondary)] [Rename (secondary)]"
    assert screen(slow.followup()) == "(only you can see this)\nmore"
    assert alice.click(said, "Again").answer() is said
    assert said.content == "again"
    done = alice.submit(alice.click(said, "Rename"), "Polly")
    assert done.screen() == "(only you can see this)\nrenamed to Polly"
    message = alice.say(standin.news, f"{standin.mention} hi")
    reply = standin.wait_messages(standin.news, after=message)[0]
    assert reply.content == f"heard {standin.mention} hi"
    assert reply.reply_to is message
    assert alice.use_on("Repeat", alice.say(standin.news, "hush")).screen() == "hush"
    alice.say(alice.dm, "in private")
    assert standin.wait_messages(alice.dm)[0].content == "heard in private"


def test_only_what_is_meant_for_the_bot_is_readable(standin: StandIn, parrot: Running) -> None:
    """Without the privileged intent, contents come with mentions and in direct messages only."""
    standin.alice.say(standin.news, "hush, a secret")
    standin.alice.say(standin.news, f"hush {standin.mention}")
    standin.wait(lambda: len(parrot.client.heard) == 2, "two messages")
    assert parrot.client.heard == ["", f"hush {standin.mention}"]
    standin.wait_messages(standin.news)


def test_a_privileged_intent_is_refused(standin: StandIn) -> None:
    """The bot has not been granted it."""
    running = Running(standin, discord.Intents(guilds=True, message_content=True))
    running.join()
    assert isinstance(running.error, discord.PrivilegedIntentsRequired)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embed": discord.Embed(description="x" * 4097)}, "description"),
        ({"embed": discord.Embed(title="x" * 257)}, "title"),
        ({"embed": discord.Embed(title="a", url="ftp://x")}, "url"),
        ({"embed": discord.Embed().add_field(name="a", value="x" * 1025)}, "value"),
        ({"embed": discord.Embed().add_field(name="a", value=" ")}, "value"),
        ({"embed": discord.Embed(title="a").set_footer(text="x" * 2049)}, "footer"),
        ({"embeds": [discord.Embed(description="x" * 3001)] * 2}, "MAX_EMBED_SIZE"),
        ({"content": ""}, "50006"),
    ],
)
def test_messages_over_the_limits_are_refused(
    standin: StandIn, parrot: Running, payload: dict[str, Any], field: str
) -> None:
    """With the error that names the field."""
    channel = parrot.client.get_partial_messageable(standin.news.id)
    with pytest.raises(discord.HTTPException) as refused:
        parrot.do(channel.send(**payload))
    if field == "50006":
        assert refused.value.code == 50006
    else:
        assert refused.value.code == 50035
        assert field in standin.expect("refused")[0]
    assert not [m for m in standin.news.messages.values() if m.author is standin.me]


def test_an_unguarded_mention_is_seen(standin: StandIn, parrot: Running) -> None:
    """Whoever would be notified is noted; with none allowed, nobody is."""
    channel = parrot.client.get_partial_messageable(standin.news.id)
    text = f"@everyone and <@{standin.alice.user.id}>"
    parrot.do(channel.send(text))
    assert standin.server.violations == []
    everybody = discord.AllowedMentions.all()
    parrot.do(channel.send(text, allowed_mentions=everybody))
    assert len(standin.expect("notifies")) == 2


def test_missing_permissions_and_deleted_references(standin: StandIn, parrot: Running) -> None:
    """50013 without a permission; a reply to a deleted message is refused unless it need not exist."""
    channel = parrot.client.get_partial_messageable(standin.news.id)
    # Mentioned, it sees what is written, and does not answer "hush".
    gone = standin.alice.say(standin.news, f"{standin.mention} hush")
    standin.alice.delete(gone)
    reference = discord.MessageReference(message_id=gone.id, channel_id=standin.news.id)
    with pytest.raises(discord.HTTPException, match="Unknown message"):
        parrot.do(channel.send("x", reference=reference))
    standin.expect("REPLIES_UNKNOWN_MESSAGE")
    reference.fail_if_not_exists = False
    parrot.do(channel.send("x", reference=reference))
    standin.deny(standin.news, "send_messages")
    with pytest.raises(discord.Forbidden) as refused:
        parrot.do(channel.send("x"))
    assert refused.value.code == 50013


def test_a_late_acknowledgement_is_unknown(standin: StandIn, parrot: Running) -> None:
    """And a second one is refused as well."""
    standin.fail("POST /interactions", delay=3.1)
    failed = standin.alice.slash("say", text="late")
    standin.wait(lambda: standin.calls("callback 404 10062"), "10062")
    assert failed.interaction.acknowledged_after is None
    done = standin.alice.slash("say", text="once")
    done.answer()
    done.deliver_again()
    standin.wait(lambda: standin.calls("callback 400 40060"), "40060")


def test_rate_limits_and_failures_are_retried(standin: StandIn, parrot: Running) -> None:
    """The client waits as the headers say and asks again."""
    standin.fail("POST /channels", 2, status=429, retry_after=0.1)
    standin.fail("POST /channels", 1, status=502)
    channel = parrot.client.get_partial_messageable(standin.news.id)
    parrot.do(channel.send("at last"))
    assert [c[-3:] for c in standin.calls("POST /channels")] == ["429", "429", "502", "200"]
    standin.server.front.limit, standin.server.front.window = 2, 0.4
    began = time.monotonic()
    for _ in range(5):
        parrot.do(channel.send("many"))
    assert time.monotonic() - began > 0.6


@pytest.mark.parametrize("trouble", ["drop", "op 7", "op 9 true", "close 4000"])
def test_lost_sockets_are_resumed(standin: StandIn, parrot: Running, trouble: str) -> None:
    """What happened meanwhile arrives once."""
    troubles: dict[str, Callable[[], object]] = {
        "drop": standin.drop_sockets,
        "op 7": standin.ask_to_reconnect,
        "op 9 true": lambda: standin.invalidate(resumable=True),
        "close 4000": lambda: standin.close_sockets(4000),
    }
    troubles[trouble]()
    standin.alice.say(standin.news, f"hush {standin.mention}")
    standin.wait(lambda: len(parrot.client.heard) == 1, "the message")
    standin.wait(lambda: parrot.client.resumed == 1, "the resuming")
    assert len(standin.server.gateway.identifies) == 1
    assert standin.server.gateway.sockets[-1].request.host == "gateway-resume.discord.gg"


def test_an_invalid_session_begins_anew(standin: StandIn, parrot: Running) -> None:
    """After op 9 the client identifies again, at the first gateway."""
    standin.invalidate(resumable=False)
    standin.wait(lambda: len(standin.server.gateway.identifies) == 2, "a new session")
    standin.wait_online()
    assert standin.server.gateway.sockets[-1].request.host == "gateway.discord.gg"
    standin.alice.slash("say", text="still here").answer()


def test_a_clean_stop_ends_the_session(standin: StandIn) -> None:
    """Cancelling the client closes with 1000: the bot is offline at once."""
    running = Running(standin)
    standin.wait_online()
    standin.alice.slash("say", text="ready").answer()
    running.stop()
    standin.wait(lambda: not standin.server.gateway.live, "the end of the session")
    assert standin.server.gateway.closes == [1000]


def test_a_blocked_loop_misses_heartbeats(standin: StandIn, parrot: Running, caplog: Any) -> None:
    """The stand-in has a thread of its own and sees it."""
    standin.server.gateway.interval = 0.2
    standin.drop_sockets()
    standin.wait(lambda: len(standin.server.gateway.resumes) == 1, "the resuming")
    standin.wait(lambda: len(standin.server.gateway.sockets[-1].beats) > 2, "heartbeats")
    assert standin.missed_heartbeats() == 0
    with caplog.at_level(logging.CRITICAL):
        parrot.loop.call_soon_threadsafe(time.sleep, 0.6)
        standin.wait(standin.missed_heartbeats, "a missed heartbeat")


def test_commands_over_the_limits_are_refused(standin: StandIn, parrot: Running) -> None:
    """Names, descriptions and the order of options."""
    assert standin.syncs() == 1
    application = standin.server.application

    def put(*commands: dict[str, Any]) -> None:
        parrot.do(parrot.client.http.bulk_upsert_global_commands(application, list(commands)))

    good = {"name": "good", "description": "x", "type": 1}
    put(good)
    for bad in (
        {**good, "name": "Upper"},
        {**good, "description": "x" * 101},
        {
            **good,
            "options": [good | {"type": 3}, good | {"name": "b", "type": 3, "required": True}],
        },
    ):
        with pytest.raises(discord.HTTPException) as refused:
            put(bad)
        assert refused.value.code == 50035
    assert len(standin.expect("refused")) == 3
    with pytest.raises(AssertionError, match="no command"):
        standin.alice.slash("say", text="gone")


def test_the_size_of_embeds_counts_all_texts() -> None:
    """Title, description, author, footer and fields."""
    embed = discord.Embed(title="ab", description="cde").set_author(name="f").set_footer(text="gh")
    assert embed_size(embed.add_field(name="i", value="jk").to_dict()) == 11


def test_a_wrong_token_is_refused(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 401, before the gateway."""
    standin.server.front.token = "another"
    running = Running(standin)
    running.join()
    assert isinstance(running.error, discord.LoginFailure)
    assert standin.server.gateway.identifies == []
