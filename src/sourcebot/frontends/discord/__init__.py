"""The Discord bot: a front end of the service.

``run`` starts and stops it; ``client`` listens; ``commands``, ``moderation``, ``buttons`` and
``conversation`` take what people ask; ``background`` works beside the event loop; ``delivery``
sends; ``store`` remembers. Embeds are made by ``sourcebot.frontends.discord.rendering``.
"""
