"""Messages as text, much as they look on a screen, for comparing whole answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discord_standin.world import Message

STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}


def screen(message: Message) -> str:
    """Return a message as text: who sees it, content, embeds, files and buttons."""
    lines = ["(only you can see this)"] if message.ephemeral else []
    lines += ["…is thinking"] if message.loading else []
    lines += [message.content] if message.content else []
    for embed in message.embeds:
        lines += [f"| {line}".rstrip() for line in _embed(embed)]
    lines += [f"<file {name}, {len(content)} bytes>" for name, content in message.files.items()]
    for row in message.components:
        lines.append(" ".join(_item(item) for item in row["components"]))
    lines += [f"reactions: {' '.join(message.reactions)}"] if message.reactions else []
    return "\n".join(lines)


def _embed(embed: Mapping[str, Any]) -> Iterator[str]:
    colour = embed.get("color")
    yield f"-- colour {colour:06x}" if colour is not None else "--"
    if author := embed.get("author"):
        yield author["name"] + (f" <{author['url']}>" if author.get("url") else "")
    if title := embed.get("title"):
        yield f"# {title}" + (f" <{embed['url']}>" if embed.get("url") else "")
    yield from (embed.get("description") or "").splitlines()
    for field in embed.get("fields") or []:
        yield f"* {field['name']}"
        yield from (f"  {line}" for line in field["value"].splitlines())
    if footer := embed.get("footer"):
        yield f"_ {footer['text']}"


def _item(item: Mapping[str, Any]) -> str:
    if item["type"] != 2:
        return f"[select {item.get('placeholder') or item['custom_id']}]"
    label = " ".join(filter(None, ((item.get("emoji") or {}).get("name"), item.get("label"))))
    disabled = ", disabled" if item.get("disabled") else ""
    return f"[{label} ({STYLES[item['style']]}{disabled})]"


def every_text(message: Message) -> list[str]:
    """Return each text of a message that Discord would format as Markdown."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.get("title") or "", embed.get("description") or ""]
        for field in embed.get("fields") or []:
            texts += [field["name"], field["value"]]
    return [text for text in texts if text]
