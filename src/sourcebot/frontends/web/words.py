"""What the page says, by language. Quotes stay in the language of their article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sourcebot.render.conflicts import RELATIONS
from sourcebot.render.wording import REASONS
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sourcebot.types.locators import Locator


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language; braces are filled in."""

    code: str = "en"
    name: str = "English"
    months: str = (
        "January February March April May June July August September October November December"
    )
    date: str = "{day} {month} {year}"
    skip: str = "Skip to the content"
    navigation: str = "Main"
    ask: str = "Ask"
    read: str = "Read"
    gaps: str = "Gaps"
    add: str = "Add"
    language: str = "Language"
    sign_in: str = "Sign in"
    sign_out: str = "Sign out"
    key: str = "Token"
    key_help: str = "Whoever runs this page gave it to you."
    key_wrong: str = "This token is not known here."
    tagline: str = "Answers in the words of the articles, each with its source – or none at all."
    question: str = "Your question"
    filters: str = "Filters"
    source: str = "Title or file"
    publisher: str = "Publisher"
    since: str = "Published since"
    until: str = "Published until"
    all_languages: str = "all languages"
    any_publisher: str = "all publishers"
    working: str = "Looking it up …"
    answer: str = "Answer"
    no_answer: str = "No answer in the articles"
    reasons: Mapping[str, str] = field(
        default_factory=lambda: {reason.value: text for reason, text in REASONS.items()}
    )
    facts: Mapping[str, str] = field(
        default_factory=lambda: {
            "date": "a date or time",
            "number": "a number",
            "sum": "a sum of money",
            "name": "a name",
            "place": "a place",
            "reason": "a reason",
        }
    )
    relations: Mapping[str, str] = field(
        default_factory=lambda: {relation.value: text for relation, text in RELATIONS.items()}
    )
    later: str = "Said later:"
    open: str = "Not answered of it:"
    missing: str = "What is missing: {fact}."
    nothing_indexed: str = "Whoever runs this page can put articles into its folder."
    nothing_relevant: str = "Ask in other words, or see under “Read” what the articles are about."
    unclear: str = "Ask again in a whole sentence that names it."
    options: str = "It may refer to:"
    covered: str = "The articles closest to it:"
    nearest: str = "Closest quotes, none of them sure to answer"
    sure: str = "very likely the answer"
    likely: str = "likely the answer"
    unsure: str = "perhaps the answer: read it in its place"
    probability: str = "estimated probability {percent}"
    verbatim: str = "Verbatim quote"
    in_article: str = "in the article"
    show_place: str = "Show in the article"
    original_page: str = "On its web page"
    also: str = "Also in:"
    paragraph: str = "paragraph {number}"
    page: str = "page {number}"
    slide: str = "slide {number}"
    sheet: str = "sheet {number}"
    time: str = "at {number}"
    share: str = "Share and export"
    permalink: str = "Permanent link"
    cite_as: str = "Save quotes as"
    article: str = "Article"
    choose: str = "The article with the quote appears here."
    whole: str = "Read the whole article"
    page_picture: str = "Page {number} of the original, with the words boxed"
    given: str = "Given on {day}; shown as it was given."
    filtered: str = "Asked with filters: {filters}"
    ask_again: str = "Ask again now"
    standings: Mapping[str, str] = field(
        default_factory=lambda: {
            "intact": "intact: the words stand where they stood",
            "moved": "moved: the words stand elsewhere in the file now",
            "altered": "altered: the file no longer holds these words",
            "gone": "gone: the file is not there any more",
        }
    )
    articles: str = "Articles"
    search: str = "Search"
    one_article: str = "1 article"
    many_articles: str = "{count} articles"
    none_found: str = "No article is like this."
    previous: str = "Previous"
    next: str = "Next"
    part: str = "Part {part} of {parts}"
    outline: str = "Outline"
    about: str = "About this article"
    published: str = "Published"
    author: str = "Author"
    file: str = "File"
    written_in: str = "Language"
    address: str = "Address"
    text_file: str = "Text as it is quoted"
    originals: str = "Originals"
    versions: str = "Earlier versions"
    copies: str = "Also published as"
    changed: str = "This file has changed since it was indexed."
    not_marked: str = "The quote cannot be marked: the file has changed since it was given."
    has_moved: str = "The file has changed since the quote was given; it stands here now."
    gaps_intro: str = "Questions that found no answer, the latest first."
    no_gaps: str = "Every question found an answer, or none was asked."
    times: str = "asked {times} times"
    once: str = "asked once"
    last_asked: str = "last on {day}"
    add_intro: str = "Files and pages become articles, and are indexed at once."
    add_files: str = "Files"
    add_files_help: str = "Choose files, or drop them here: at most {megabytes} MB each."
    add_address: str = "Address of a page or feed"
    add_button: str = "Add"
    add_nothing: str = "Choose a file or give an address."
    adding: str = "Adding"
    add_done: str = "Done"
    add_wait: str = "This page shows what has been done when it is loaded again."
    reload: str = "Load again"
    stages: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    wrong: str = "This did not work"
    not_here: str = "There is no such page here."
    back: str = "Back to the first page"
    minutes: str = "Please wait {seconds} s before you ask again."
    busy: str = "Too many questions are waiting just now. Please ask again in a moment."

    def day(self, date: dt.date) -> str:
        """Return a date as people write it."""
        month = self.months.split()[date.month - 1]
        return self.date.format(day=date.day, month=month, year=date.year)

    def located(self, locator: Locator) -> str:
        """Return where in an original something stands, such as "page 4"."""
        words: str = getattr(self, locator.kind.value)
        return one_line(words.format(number=locator.label))

    def count(self, number: int) -> str:
        """Return a number of articles in words."""
        return self.one_article if number == 1 else self.many_articles.format(count=number)

    def confidence(self, probability: float) -> str:
        """Return in words how sure an answer is."""
        if probability >= 0.8:
            return self.sure
        return self.likely if probability >= 0.5 else self.unsure


ENGLISH = Words()
GERMAN = Words(
    code="de",
    name="Deutsch",
    months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    date="{day}. {month} {year}",
    skip="Zum Inhalt",
    navigation="Haupt",
    ask="Fragen",
    read="Lesen",
    gaps="Lücken",
    add="Hinzufügen",
    language="Sprache",
    sign_in="Anmelden",
    sign_out="Abmelden",
    key="Schlüssel",
    key_help="Sie haben ihn von denen, die diese Seite betreiben.",
    key_wrong="Dieser Schlüssel ist hier nicht bekannt.",
    tagline="Antworten im Wortlaut der Artikel, jede mit ihrer Quelle – oder gar keine.",
    question="Ihre Frage",
    filters="Filter",
    source="Titel oder Datei",
    publisher="Herausgeber",
    since="Erschienen seit",
    until="Erschienen bis",
    all_languages="alle Sprachen",
    any_publisher="alle Herausgeber",
    working="Wird nachgesehen …",
    answer="Antwort",
    no_answer="Keine Antwort in den Artikeln",
    reasons={
        "nothing_indexed": "Es gibt noch keine Artikel.",
        "nothing_relevant": "In den Artikeln wurde nichts gefunden, was dazu gehört.",
        "not_stated": (
            "Keine Antwort gefunden: Die Artikel berühren das "
            "Thema, aber wohl kein Zitat antwortet."
        ),
        "unsure": (
            "Eine sichere Antwort wurde nicht gefunden; eines der nächsten Zitate kann antworten."
        ),
        "unclear": "Es ist nicht klar, worauf sich diese Frage bezieht.",
    },
    facts={
        "date": "ein Datum oder eine Zeit",
        "number": "eine Zahl",
        "sum": "ein Geldbetrag",
        "name": "ein Name",
        "place": "ein Ort",
        "reason": "ein Grund",
    },
    relations={
        "contradiction": "Die Quellen sagen Verschiedenes:",
        "later": "Die Quellen nennen Werte verschiedener Tage:",
        "other_subject": (
            "Die Quellen sagen Verschiedenes, vielleicht weil sie von Verschiedenem sprechen:"
        ),
    },
    later="Später gesagt:",
    open="Davon nicht beantwortet:",
    missing="Was fehlt: {fact}.",
    nothing_indexed="Wer diese Seite betreibt, kann Artikel in ihren Ordner legen.",
    nothing_relevant=(
        "Fragen Sie mit anderen Worten, oder sehen Sie unter „Lesen“, wovon die Artikel handeln."
    ),
    unclear="Fragen Sie noch einmal in einem ganzen Satz, der es nennt.",
    options="Gemeint sein kann:",
    covered="Die nächsten Artikel:",
    nearest="Die nächsten Zitate; ob eines antwortet, ist nicht sicher",
    sure="sehr wahrscheinlich die Antwort",
    likely="wahrscheinlich die Antwort",
    unsure="vielleicht die Antwort: lesen Sie nach, wo es steht",
    probability="geschätzte Wahrscheinlichkeit {percent}",
    verbatim="Wörtliches Zitat",
    in_article="im Artikel",
    show_place="Im Artikel zeigen",
    original_page="Auf ihrer Webseite",
    also="Auch in:",
    paragraph="Absatz {number}",
    page="Seite {number}",
    slide="Folie {number}",
    sheet="Blatt {number}",
    time="bei {number}",
    share="Teilen und speichern",
    permalink="Dauerhafter Link",
    cite_as="Zitate speichern als",
    article="Artikel",
    choose="Hier erscheint der Artikel mit dem Zitat.",
    whole="Ganzen Artikel lesen",
    page_picture="Seite {number} des Originals, die Wörter umrahmt",
    given="Gegeben am {day}; gezeigt, wie sie gegeben wurde.",
    filtered="Gefragt mit Filtern: {filters}",
    ask_again="Jetzt noch einmal fragen",
    standings={
        "intact": "unverändert: die Wörter stehen, wo sie standen",
        "moved": "verschoben: die Wörter stehen jetzt an anderer Stelle der Datei",
        "altered": "geändert: die Datei enthält diese Wörter nicht mehr",
        "gone": "fort: die Datei ist nicht mehr da",
    },
    articles="Artikel",
    search="Suchen",
    one_article="1 Artikel",
    many_articles="{count} Artikel",
    none_found="Kein Artikel ist so.",
    previous="Zurück",
    next="Weiter",
    part="Teil {part} von {parts}",
    outline="Gliederung",
    about="Über diesen Artikel",
    published="Erschienen",
    author="Autor",
    file="Datei",
    written_in="Sprache",
    address="Adresse",
    text_file="Text, wie er zitiert wird",
    originals="Originale",
    versions="Frühere Fassungen",
    copies="Auch erschienen als",
    changed="Diese Datei hat sich geändert, seit sie eingelesen wurde.",
    not_marked=(
        "Das Zitat kann nicht markiert werden: Die Datei hat sich geändert, seit es gegeben wurde."
    ),
    has_moved="Die Datei hat sich geändert, seit das Zitat gegeben wurde; jetzt steht es hier.",
    gaps_intro="Fragen, die keine Antwort fanden, die letzten zuerst.",
    no_gaps="Jede Frage fand eine Antwort, oder es wurde keine gestellt.",
    times="{times}-mal gefragt",
    once="einmal gefragt",
    last_asked="zuletzt am {day}",
    add_intro="Aus Dateien und Seiten werden Artikel, die gleich eingelesen werden.",
    add_files="Dateien",
    add_files_help=(
        "Wählen Sie Dateien, oder lassen Sie sie hier fallen: je höchstens {megabytes} MB."
    ),
    add_address="Adresse einer Seite oder eines Feeds",
    add_button="Hinzufügen",
    add_nothing="Wählen Sie eine Datei, oder nennen Sie eine Adresse.",
    adding="Wird hinzugefügt",
    add_done="Fertig",
    add_wait="Diese Seite zeigt beim nächsten Laden, was geschehen ist.",
    reload="Neu laden",
    stages={
        "Reading": "Lesen",
        "Embedding": "Einbetten",
        "Writing": "Schreiben",
    },
    statuses={
        "added": "hinzugefügt",
        "updated": "erneuert",
        "unchanged": "unverändert",
        "kept": "behalten",
        "removed": "entfernt",
        "skipped": "ausgelassen",
        "failed": "nicht möglich",
    },
    wrong="Das ging nicht",
    not_here="Diese Seite gibt es hier nicht.",
    back="Zur ersten Seite",
    minutes="Bitte warten Sie {seconds} s, bevor Sie wieder fragen.",
    busy="Gerade warten zu viele Fragen. Bitte fragen Sie gleich noch einmal.",
)
LANGUAGES = {words.code: words for words in (ENGLISH, GERMAN)}
