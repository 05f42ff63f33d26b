"""Page furniture is told from prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.furniture import find_clutter, is_clutter, is_listing

FURNITURE = """
Published
20 July 2021
Updated 21 July 2021, 10:15 BST
Share
Share this article
Read more:
Read more: Why the bridge was closed
Read More »
Image source, Getty Images
Image caption, The bridge as it looked in March. It was built in 1931.
Photograph: Ines Okoro/The Quay Gazette
Jo Harle - Agency via Getty Images
Related Topics
More on this story
Advertisement
Skip to main content
We use cookies to give you the best experience on our site. Accept or manage your choices.
By clicking “Accept all” you agree to the storing of cookies on your device.
Sign up to our free morning newsletter
Sign up for the Quay Briefing and get the news in your inbox.
Get the day's headlines delivered straight to your inbox.
Subscribe now for unlimited access.
Follow us on Twitter and Facebook
Do you have a story? Email our newsdesk.
3 min read
128 comments
2 hours ago
Tags: bridges, councils
Czytaj też: Most pozostaje zamknięty
Lea también: El puente sigue cerrado
VEA TAMBIÉN: El puente sigue cerrado
Le puede interesar: El puente de Penfold
Auch lesen: Die Brücke bleibt gesperrt
Lesen Sie hier: Die Brücke bleibt gesperrt
À lire aussi » Le pont reste fermé
Follow The Quay Gazette on Twitter and Instagram
Síguenos en Facebook
Hinterlasse eine Antwort
Schon gelesen?
Published: 20 July 2021
© 2024 The Quay Gazette. All rights reserved.
""".strip().splitlines()

PROSE = """
The council published its report on 20 July 2021.
Published accounts differ on when the bridge was built.
Share prices fell by a tenth on Monday.
Shares in the ferry company rose after the vote.
More than 300 people signed the letter.
Related families lived on both sides of the river.
He signed up for the army in 1914 and was sent to the coast.
We use cookies as bait, the trapper said, because raccoons cannot resist them.
Subscribers complained that the printed edition arrived late.
Follow the towpath for two miles and turn left at the mill.
Photographs of the ceremony show her in the front row.
Read more than one account before you judge, the historian advised.
The picture was taken in 1931.
“Sign here,” the clerk said.
Watch the tide tables closely, the harbour master warns.
Follow the towpath on the left bank.
Lea también el segundo capítulo, dijo el maestro.
Lire aussi les notes aide à comprendre.
Le puede interesar al lector saber cuándo se cerró.
On 20 July 2021 it rained.
He died on 20 July 2021.
She was born on 4 May 1950.
4 May 2020 was the day.
Comments by the minister were not recorded.
Home was a cottage near the weir.
It took two hours.
See also how the mill was saved, she wrote.
""".strip().splitlines()


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture(line: str) -> None:
    """What stands around articles is recognised, however it is written."""
    assert is_clutter(line)
    assert is_clutter(f"  **{line}**")


@pytest.mark.parametrize("line", PROSE)
def test_prose(line: str) -> None:
    """Sentences that merely begin or sound alike are kept."""
    assert not is_clutter(line)


@given(st.text(max_size=400))
def test_any_text_is_judged(text: str) -> None:
    """Whatever stands in a paragraph, there is a verdict; long paragraphs are prose."""
    assert is_clutter(text) in {True, False}
    assert not is_clutter(text + " word" * 70)


def test_links_after_their_label() -> None:
    """Headlines below "Read more" are links; prose ends the box."""
    paragraphs = [
        "The bridge was closed.",
        "Read more:",
        "How the mill was saved",
        "Ferry to stop in October",
        "The council met on Monday.",
        "A caption without a full stop",
    ]
    assert list(find_clutter(paragraphs)) == [False, True, True, True, False, False]


LISTINGS = [
    "Weekly charts Chart (1989) Peak position Norland (NRA) 16 Southmark Top Singles (SPM) 5"
    " Vestria (Official Charts) 66 Osterland (Recorded Music OZ) 4 Saltholm (Varn Top 40) 21 Ansel"
    " Hot 100 31 Penfold Albums 12 Year End Chart (1989) Position Norland 98",
    "Home News Sport Weather Culture Travel Opinion Video Live Local Council Planning Notices Jobs"
    " Motors Property Dating Announcements Family Notices Puzzles Crosswords Sudoku Archive Shop"
    " Newsletters Podcasts Events Directory Contact Advertise Terms Privacy Cookies Accessibility"
    " Complaints Corrections Syndication Letters Obituaries Horoscopes Weddings Births Deaths",
]


@pytest.mark.parametrize("text", LISTINGS)
def test_listings(text: str) -> None:
    """Tables and menus that have lost their layout are no sentences."""
    assert is_listing(text)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge, the mill and the ferry " * 8,
        "THE COUNCIL CLOSED THE BRIDGE ON MONDAY AND SENT THE LORRIES ROUND BY PENFOLD " * 4,
        "Der Rat der Stadt hat die Brücke am Montag geschlossen und die Lastwagen umgeleitet " * 4,
        "市议会周一关闭了这座桥。" * 50,
        "| Norland | 12 | 31 |",
        "Clubs of the county include teams from the NFL (Lowmere Rams, Penfold Chargers); NBA (Varn"
        " Lakers, Saltholm Clippers); MLB (Ansel Dodgers, Angels of Tarnwick, Lowmere Padres); NHL"
        " (Varn Kings, Penfold Ducks); and MLS (Lowmere Galaxy, Club Norland, Ansel United FC).",
        "The winners were Ada Brandt, Ines Okoro, Jo Harle, Oskar Fjeld, Marta Lindqvist, Ravi Menon,"
        " Lena Sorel, Karim Haddad, Tomas Ek and Nora Quist, who had all come by the ferry from Varn"
        " and were met at Saltholm by the mayor.",
    ],
)
def test_no_listings(text: str) -> None:
    """Prose with many names, capitals throughout, other scripts and rows of tables are kept."""
    assert not is_listing(text)
