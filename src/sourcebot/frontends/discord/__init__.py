"""The Discord bot: a front end of the project.

``run`` starts and stops it, ``staying`` keeps it connected; ``client`` listens; ``commands``,
``moderation``, ``erasing``, ``buttons`` and ``conversation`` take what people ask, ``places`` says
from which articles they are answered; ``background`` works beside the event loop; ``delivery``
sends, within what ``throttling`` allows; ``store`` remembers, and ``recovery`` answers what was
cut off. Embeds are made by ``rendering`` and ``lists``, in the ``languages`` that there are.
"""
