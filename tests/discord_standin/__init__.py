"""A strict local stand-in of Discord: REST API and gateway over TLS, for the unpatched client.

world, mentions, limits, components, app_commands   what Discord's rules are
errors                                              how it refuses
message_store, interactions, rest, gateway, faults           what it does
tls, server                                         how it is reached
driver, transcript, markdown                         what tests do and see
"""

from discord_standin.driver import Pending, Person, StandIn
from discord_standin.markdown import active
from discord_standin.server import TOKEN
from discord_standin.tls import make_connector
from discord_standin.transcript import every_text, screen

__all__ = [
    "TOKEN",
    "Pending",
    "Person",
    "StandIn",
    "active",
    "every_text",
    "make_connector",
    "screen",
]
