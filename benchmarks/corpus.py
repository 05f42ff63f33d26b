"""A project of any size, the same for the same seed, for measuring speed and memory."""

from __future__ import annotations

import random
from pathlib import Path

PEOPLE = "Ada Brandt|Tomas Okafor|Lena Virtanen|Omar Haddad|Ruth Castellan|Ivo Petrov|Mei Tanaka"
PLACES = "Lowmere|Tarnwick|Saltholm|Varn|Penfold|Ansel|Grimsby Hill|Oster Bay|Kellport|Norrin"
BODIES = "council|hospital|school|museum|harbour board|library|railway|orchestra|parish|institute"
ACTIONS = "approved|rejected|postponed|opened|closed|repaired|sold|doubled|inherited|measured"
THINGS = (
    "bridge|budget|roof garden|ferry line|archive|telescope|vineyard|water mill|tram|lighthouse"
    "|choir|orchard|printing press|rowing club|cable car|weather station|bakery|ice rink|quarry"
)
REASONS = (
    "after a long dispute|because costs had risen|to general surprise|by a narrow vote"
    "|without giving reasons|as its founder had wished|despite a petition|following an inspection"
)
TRAILS = (
    "critics called the step hasty|supporters praised it|nobody objected|an appeal is expected"
    "|the minister declined to comment|two members abstained|a report will follow in spring"
)


def sentence(rng: random.Random) -> str:
    """Return one invented sentence of about 25 words."""
    person, place, body, action, thing, reason, trail = (
        rng.choice(words.split("|"))
        for words in (PEOPLE, PLACES, BODIES, ACTIONS, THINGS, REASONS, TRAILS)
    )
    return (
        f"On {rng.randint(1, 28)} June {rng.randint(1900, 2025)} the {body} of {place} {action} "
        f"the {thing} {reason}, {person} said, at a price of {rng.randint(2, 999)},000 crowns; "
        f"{trail}."
    )


def question(rng: random.Random) -> str:
    """Return a question about the invented articles."""
    body, place, thing = (rng.choice(w.split("|")) for w in (BODIES, PLACES, THINGS))
    return rng.choice(
        (
            f"When did the {body} of {place} close the {thing}?",
            f"Who said that the {thing} of {place} was sold?",
            f"How much did the {thing} cost the {body} of {place}?",
            f"Why was the {thing} in {place} postponed?",
        )
    )


def write_corpus(project: Path, paragraphs: int, seed: int = 1) -> None:
    """Write articles of ten paragraphs each under ``project``/sources."""
    rng = random.Random(seed)
    for number in range(paragraphs // 10):
        folder = project / "sources" / f"{number // 500:03}"
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["---", f"title: Chronicle {number}", "publisher: Benchmark", "---", ""]
        for _ in range(10):
            lines += [" ".join(sentence(rng) for _ in range(rng.choice((1, 1, 2)))), ""]
        (folder / f"{number:06}.md").write_text("\n".join(lines), "utf-8")


def write_pages(folder: Path, count: int, seed: int = 5) -> None:
    """Write ``count`` web pages of ten paragraphs each, with what pages have around an article."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    links = "".join(
        f'<li><a href="/{n}">{rng.choice(THINGS.split("|"))}</a></li>' for n in range(40)
    )
    for number in range(count):
        prose = "".join(
            f"<p>{' '.join(sentence(rng) for _ in range(rng.choice((1, 1, 2, 3))))}</p>"
            for _ in range(10)
        )
        (folder / f"{number:05}.html").write_text(
            f"<!DOCTYPE html><html lang='en'><head><title>Chronicle {number} | Benchmark</title>"
            "<meta property='og:site_name' content='Benchmark'></head><body>"
            "<div class='cookie-banner'><p>We use cookies to improve our service.</p></div>"
            f"<nav><ul>{links}</ul></nav><main><article><h1>Chronicle {number}</h1>"
            f"<time datetime='2024-05-01'>1 May 2024</time>{prose}</article></main>"
            f"<aside class='related'><ul>{links}</ul></aside><footer>© 2024</footer></body></html>",
            "utf-8",
        )
