"""Screens that several tests of the bot expect, and how two are compared."""

from __future__ import annotations

import re

from conftest import ANSWERED

APPLES = "How many apple trees are in the roof garden of Tarnwick's library?"
LINK = "https://quay.example/bridge#:~:text=The%20old%20harbour%20bridge%20at%20Lowmere%20was%20closed%20on%203%20March%202022%20after%20engineers%20found%20cracks%20in%20two%20of%20its%20main%20beams."
ANSWER = f"""| -- colour 2e8b57
| # {ANSWERED}
| > The old harbour bridge at Lowmere was closed on **3 March 2022** after engineers found cracks in two of its main beams.
|
| [Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022 · paragraph 1
| * Also in
|   Cracks shut Lowmere bridge · Northern Wire · 5 March 2022 · paragraph 1
| _ confidence N % · verbatim quote · bridge.md · moderators can read questions
[Show context (secondary)] [👍 Helpful (secondary)] [👎 Not helpful (secondary)]"""
PRIVATE = "(only you can see this)\n"
CONTEXT = f"""(only you can see this)
| -- colour 4f6d8f
| # Show context
| **The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.**
|
| The council said that the repairs would cost £2.4 million and take about eight months.
|
| [Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022 · paragraph 1"""
SOURCES = """(only you can see this)
| -- colour 4f6d8f
| # Articles
| - Beekeeping on Mount Ansel
| - [Harbour bridge at Lowmere closed](https://quay.example/bridge) · The Quay Gazette · Ines Okoro · 4 March 2022
| - Cracks shut Lowmere bridge · Northern Wire · 5 March 2022
| - Tarnwick Library Reopens With a Roof Garden · 12 September 2023
| - The night ferry between Saltholm and Varn will stop running in October, its owner…
| _ page 1 of 1 · articles: 5"""
ORIGINAL = (
    f"[Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022"
)
COPY = "Cracks shut Lowmere bridge · Northern Wire · 5 March 2022"
ANSWERS = {
    ANSWER,
    ANSWER.replace(ORIGINAL, COPY, 1)
    .replace(f"|   {COPY}", f"|   {ORIGINAL.replace(LINK, LINK.partition('#')[0])}")
    .replace("bridge.md", "copy.md"),
}
"""Which of two copies is quoted first is for the readers to say."""

CONTEXTS = {
    CONTEXT,
    CONTEXT.replace(ORIGINAL, COPY).replace(
        "The council said that the repairs would cost £2.4 million and take about eight months.",
        "Shopkeepers in the lower town fear a quiet spring.",
    ),
}
UNUSABLE = """(only you can see this)
| -- colour 4f6d8f
| # The question cannot be used
| {what}
| _ reference XXXXXXXX"""


def same(text: str) -> str:
    """Return a screen without what differs from run to run."""
    return re.sub(r"reference \w{8}", "reference XXXXXXXX", re.sub(r"\d+ %", "N %", text))
