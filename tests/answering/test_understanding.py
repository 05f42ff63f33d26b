"""What a question of a conversation is taken to mean, without any search."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import quote_of

from sourcebot.answering.meanings import Meaning, Unclear
from sourcebot.answering.referents import Turn
from sourcebot.answering.understanding import understand
from sourcebot.types import Answer, Span


def turn(question: str, quote: str = "", words: str = "", paragraph: str = "") -> Turn:
    """Return a turn that one quote answered, or none."""
    if not quote:
        return Turn(question, (), answered=False)
    start = quote.index(words)
    answering = Span(start, start + len(words or quote))
    given = quote_of(quote, words=answering, paragraph=paragraph or quote)
    return Turn(question, (given,), answered=True)


def understood(question: str, turns: Sequence[Turn]) -> tuple[Meaning, ...]:
    """Return what a question is taken to mean, which must be clear."""
    meanings = understand(question, turns)
    assert not isinstance(meanings, Unclear)
    return meanings


HALL = turn("When will the market hall reopen?", "The market hall will reopen in May 2026.")
VISITORS = turn("How many visitors did the museum have in 2018?", "In 2018 it had 41,000 visitors.")
MAYOR = turn(
    "Who is the mayor of Ostrey?",
    "Helena Marsh has been mayor since 2021.",
    paragraph="Helena Marsh has been mayor since 2021. She owns no car.",
)
SCHOOL = turn("How much did the school on Linden Street cost?", "It cost 17 million euros.")
OWNER = turn("Who founded Brandt & Sons?", "Georg Lind founded it in 1911.", "Georg Lind")
AUTHOR = turn("Who wrote the hymn?", "Ida Sorn wrote it in 1902.", "Ida Sorn")
AGE = turn("How old is Ada Brandt?", "Ada Brandt is 71.", "71", "Ada Brandt is 71. She has a son.")
BIRTH = turn("Where was Ida Sorn born?", "Ida Sorn was born in Lindby.", "Lindby")
ROCKET = turn("How high is Heron 1?", "Heron 1 is 23 metres high.")
TRAIN = turn("When does the night train to Lisbon depart?", "It departs at 18:50.")
REBUILT = turn("Who rebuilt Calvera?", "Aurelio Bassi rebuilt it.", "Aurelio Bassi")
BOUGHT = turn("What did Ida Sorn buy?", "Ida Sorn bought a raincoat.", "a raincoat")
GOATS = turn("Who keeps the goats?", "Paola Ferri keeps the 65 goats.", "Paola Ferri")
WATER = turn("May I drink the water?", "Babies must not, of the old, nor other babies.")
BANNED = turn("Was the hymn ever banned?", "It was banned in 1936.")
RIPENS = turn("Which cheese of the dairy of Merle ripens longest?", "The Black Lamp does.")
TOADS = turn("How many toads were counted in 1985?", "In 1985 some 14,000 were counted.")
GOALS = turn("Who scored the most goals ever?", "Uwe Stahnke scored 187.", "Uwe Stahnke")
LARGEST = turn("What is the largest object of the museum?", "It is a chandelier.")
BELL = turn("What happened in Lindby in 1709?", "The pond of Lindby froze.")
BAKERY = turn("Who bought the bakery?", "The sixteen employees have bought the bakery.")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (HALL, "How much did it cost?", "How much did the market hall cost?"),
        (HALL, "and what is its roof made of?", "what is the market hall’s roof made of?"),
        (HALL, "How many people work there?", "How many people work in the market hall?"),
        (HALL, "Why?", "Why will the market hall reopen?"),
        (HALL, "Where exactly?", "Where will the market hall reopen?"),
        (HALL, "And the swimming pool?", "When will the swimming pool reopen?"),
        (HALL, "What about the tram?", "When will the tram reopen?"),
        (HALL, "No, I meant the town hall.", "When will the town hall reopen?"),
        (HALL, "not the market hall but the town hall", "When will the town hall reopen?"),
        (HALL, "When was the hall built?", "When was the market hall built?"),
        (VISITORS, "And in 2019?", "How many visitors did the museum have in 2019?"),
        (VISITORS, "2020?", "How many visitors did the museum have in 2020?"),
        (VISITORS, "no, in 2019", "How many visitors did the museum have in 2019?"),
        (VISITORS, "Why so many?", "Why did the museum have in 2018 so many visitors?"),
        (
            VISITORS,
            "How many people worked there then?",
            "How many people worked in the museum in 2018?",
        ),
        (MAYOR, "Where was she born?", "Where was Helena Marsh born?"),
        (MAYOR, "What does her husband do?", "What does Helena Marsh’s husband do?"),
        (MAYOR, "Since when?", "Since when has Helena Marsh been the mayor of Ostrey?"),
        (MAYOR, "And of Skarholm?", "Who is the mayor of Skarholm?"),
        (SCHOOL, "Who designed it?", "Who designed the school on Linden Street?"),
        (
            SCHOOL,
            "How many pupils go to this school?",
            "How many pupils go to the school on Linden Street?",
        ),
        (
            BAKERY,
            "How much did they pay for it?",
            "How much did the sixteen employees pay for the bakery?",
        ),
        (BAKERY, "When?", "When was the bakery bought?"),
        (OWNER, "When?", "When did Georg Lind found Brandt & Sons?"),
        (AUTHOR, "When?", "When was it that Ida Sorn wrote the hymn?"),
        (OWNER, "How many people work there?", "How many people work in Brandt & Sons?"),
        (AGE, "And her son?", "How old is Ada Brandt’s son?"),
        (BIRTH, "Who lives there?", "Who lives in Lindby?"),
        (AUTHOR, "How did she earn her money?", "How did Ida Sorn earn her money?"),
        (AUTHOR, "how long did it take her?", "how long did it take Ida Sorn?"),
        (GOATS, "how many are there?", "how many goats are there?"),
        (WATER, "Babies too?", "May I drink the water for babies?"),
        (WATER, "The old as well?", "May I drink the old?"),
        (BANNED, "until when?", "Until when was the hymn banned?"),
        (RIPENS, "What does it cost?", "What does the dairy of Merle cost?"),
        (ROCKET, "Where did it take off?", "Where did Heron 1 take off?"),
        (TRAIN, "and the one to Saltburg?", "When does the night train to Saltburg depart?"),
        (REBUILT, "how long did that take?", "rebuilt Calvera: how long did that take?"),
        (REBUILT, "Where did that happen?", "rebuilt Calvera: Where did that happen?"),
        (BOUGHT, "what for?", "Why did Ida Sorn buy?"),
        (BOUGHT, "how come?", "Why did Ida Sorn buy?"),
        (HALL, "ok and now the tram. what does it cost?", "what does the tram cost?"),
        (TOADS, "and now?", "How many toads were counted now?"),
        (TOADS, "And last year?", "How many toads were counted last year?"),
        (GOALS, "and the second most?", "Who scored the second most goals ever?"),
        (LARGEST, "And the smallest one?", "What is the smallest object of the museum?"),
        (BELL, "When did the railway come then?", "Lindby: When did the railway come then?"),
        (HALL, "What about the tram? When does it start?", "When does the tram start?"),
        (HALL, "as for the tram, what does it cost?", "what does the tram cost?"),
        (HALL, "Back to the museum. Who runs it?", "Who runs the museum?"),
    ],
)
def test_follow_ups_are_written_out(before: Turn, question: str, meant: str) -> None:
    """Pronouns and what is left out are filled in from the turn before."""
    meanings = understand(question, [before])
    assert not isinstance(meanings, Unclear)
    assert meanings[0].question == meant


def test_another_owner() -> None:
    """A genitive or "his" alone takes the place of the owner whom the last question named."""
    claim = turn("What does Konrad Tillmann want?", "Konrad Tillmann wants money.")
    lawyer = turn("Who is Beate Tillmann's lawyer?", "Her lawyer is Ayla Demir.", "Ayla Demir")
    for words in ("And his?", "and Konrad Tillmann's?", "Konrad Tillmann’s?"):
        meanings = understood(words, [claim, lawyer])
        assert meanings[0].question == "Who is Konrad Tillmann's lawyer?", words
        assert {"konrad", "tillmann"} <= meanings[0].needed


@pytest.mark.parametrize("words", ["And the second one?", "the other one?", "and the others"])
def test_one_of_nothing_is_asked_back_about(words: str) -> None:
    """Where the last question has names only, "the second one" is one of nothing known."""
    unclear = understand(words, [OWNER])
    assert isinstance(unclear, Unclear)
    assert unclear.word == words.lower().removeprefix("and ").rstrip("?")
    assert understood(words, [LARGEST])


def test_a_part_with_a_preposition_is_added_or_exchanged() -> None:
    """A part such as "for the whole year" adds to "for students" or takes its place: both are tried."""
    ticket = turn("How much is a ticket for students?", "Students pay 5 euros.")
    meanings = understood("for the whole year?", [ticket])
    assert [meaning.question for meaning in meanings] == [
        "How much is a ticket for students for the whole year?",
        "How much is a ticket for the whole year?",
    ]


@pytest.mark.parametrize(
    ("asked", "question", "meant"),
    [
        ("who is the captain of sv ammerau?", "how old is he?", "How old is Jonas Aydin?"),
        ("what does jonas aydin say?", "where was he born?", "Where was Jonas Aydin born?"),
        ("where does he play?", "when did jonas aydin begin?", ""),
    ],
)
def test_names_typed_without_capitals(asked: str, question: str, meant: str) -> None:
    """They are known by how the quotes write them; words that begin a sentence are no names."""
    text = "Dockers cheered. The captain of SV Ammerau is Jonas Aydin, who says little."
    quote = quote_of(text, words=Span(text.index("Jonas"), text.index(", who")))
    before = Turn.of(Answer(asked, (quote,), 0.9))
    assert not {"Dockers", "Captain"} & set(before.question.split())
    meanings = understood(question, [before])
    assert [m.question[:1].upper() + m.question[1:] for m in meanings] == ([meant] if meant else [])


def test_a_name_without_capitals_binds_its_own_pronoun() -> None:
    """Such as "What did ada brandt ask of her son?", which needs nothing that was said before."""
    assert understand("what did ada brandt ask of her son?", ()) == ()
    assert isinstance(understand("what did the town ask of her?", ()), Unclear)


@pytest.mark.parametrize(
    "question",
    [
        "How long is the tram line to Port Elving?",
        "When did Northline say that it would stop?",
        "Is it true that Helena Marsh owns a car?",
        "Who is Viktor Lund?",
        "Does the National Museum sell its clocks?",
    ],
)
def test_new_questions_are_left_alone(question: str) -> None:
    """A question that says what it is about, or refers to its own words, is asked as it stands."""
    assert understand(question, [MAYOR]) == ()


def test_short_questions_are_tried_as_they_stand_first() -> None:
    """What may be a new subject is only perhaps about the old one."""
    (meaning,) = understood("When was the observatory built?", [HALL])
    assert not meaning.sure
    (meaning,) = understood("When did the ferry company say that it would stop?", [HALL])
    assert not meaning.sure
    assert not meaning.refers
    (meaning,) = understood("How many people came?", [HALL])
    assert not meaning.sure
    assert meaning.bare


@pytest.mark.parametrize(
    ("before", "question", "word"),
    [
        ([], "How much did it cost?", "it"),
        ([], "And in 2019?", ""),
        ([], "Why?", ""),
        ([HALL], "Where was she born?", "she"),
        ([HALL], "no", ""),
    ],
)
def test_what_refers_to_nothing_is_asked_back(before: list[Turn], question: str, word: str) -> None:
    """Where nothing fitting was named before, no guess is made."""
    assert understand(question, before) == Unclear(word)


def test_two_things_side_by_side_are_asked_back_about() -> None:
    """After "the bridge or the tower", "it" may be either, unless the answer named one."""
    both = "Which is older, the bridge or the tower?"
    unclear = understand("Who built it?", [turn(both)])
    assert unclear == Unclear("it", ("the bridge", "the tower"))
    (meaning,) = understood("Who built it?", [turn(both, "The tower is the older of both.")])
    assert meaning.question == "Who built the tower?"


def test_neither_a_couple_nor_a_measure_is_it() -> None:
    """What no "it" can stand for is passed over for what was named earlier."""
    mill = turn("Who founded the mill?", "Ilse and Georg Brandt founded the mill.")
    carved = turn("How many stones did Ilse and Georg Brandt lay?", "They laid 600.")
    paid = turn("How much do they get for a tonne?", "They get 95 euros.")
    for last in (carved, paid):
        (meaning,) = understood("Who runs it?", [mill, last])
        assert meaning.question == "Who runs the mill?"
    (meaning,) = understood("Where did they live?", [mill])
    assert meaning.question == "Where did Ilse and Georg Brandt live?"


def test_a_pronoun_skips_whom_it_cannot_mean() -> None:
    """The paragraph calls Helena Marsh "she": "he" is somebody named before."""
    lund = turn("Who is Viktor Lund?", "Viktor Lund runs a saw mill.")
    (meaning,) = understood("How old is he?", [lund, MAYOR])
    assert meaning.question == "How old is Viktor Lund?"


def test_a_pronoun_after_another_name_tells_nothing_of_the_first() -> None:
    """The paragraph calls Emil Roth "he", not Leona Varga."""
    text = "Managing director Leona Varga expects rain. Emil Roth warns. He measured dust."
    director = turn("Who is the managing director?", text[:43], "Leona Varga", text)
    (meaning,) = understand("What does she expect?", [director])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "What does Leona Varga expect?"


def test_what_has_an_owner_stands_for_it() -> None:
    """After "the bridge's repair" it is the bridge."""
    repair = turn("What will the rope bridge’s repair cost?", "It costs 380,000 euros.")
    (meaning,) = understand("How many people cross it?", [repair])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "How many people cross the rope bridge?"


def test_a_question_that_found_nothing_leads_back_to_the_one_before() -> None:
    """What a fragment is put into comes from the last answer where the last question had none."""
    meanings = understand("And in 2019?", [VISITORS, turn("How many people came?")])
    assert not isinstance(meanings, Unclear)
    assert "How many visitors did the museum have in 2019?" in [m.question for m in meanings]


WORDS = "it she there that and in 2019 why how many the hall Ada no , ? what about of did is"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=8))
def test_anything_is_understood_or_not(words: list[str]) -> None:
    """Whatever is said, there is a meaning of at least one word, or a question back."""
    meanings = understand(" ".join(words), [MAYOR, HALL])
    if not isinstance(meanings, Unclear):
        assert all(m.question.strip(" ?") for m in meanings)


COINS = turn("How many silver coins were found near Ashby Moor?", "1,312 silver coins were found.")
CLOSED = turn("Which bridge was closed in March?", "The harbour bridge was closed in March.")
HURT = turn("How many were injured?", "Nineteen people were hurt.")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (COINS, "By whom?", "By whom were the silver coins found near Ashby Moor?"),
        (CLOSED, "Why?", "Why was the bridge closed in March?"),
        (VISITORS, "Why?", "Why did the museum have the visitors in 2018?"),
        (HURT, "Did any of them die?", "Did any of the people injured die?"),
    ],
)
def test_what_was_counted_is_the_subject(before: Turn, question: str, meant: str) -> None:
    """Or the object, where the question has another subject."""
    (meaning,) = understood(question, [before])
    assert meaning.question == meant


CARD = turn("What does a year card cost?", "A year card costs 90 euros.")
NEW_SCHOOL = turn("When will the new school open?", "The new school opens in May.")


@pytest.mark.parametrize(
    "question", ["What does a day ticket cost?", "Are dogs allowed?", "Who will cut the ribbon?"]
)
def test_a_whole_question_stands_first_for_itself(question: str) -> None:
    """What went before is added only where it finds nothing; what it names must be there then."""
    meanings = understand(question, [CARD])
    assert isinstance(meanings, tuple)
    assert all(not meaning.sure and meaning.fresh for meaning in meanings)


def test_signs_of_reference() -> None:
    """A noun with "the", or no noun at all; a new thing is none."""

    def one(question: str) -> Meaning:
        meanings = understand(question, [NEW_SCHOOL])
        assert isinstance(meanings, tuple)
        return meanings[0]

    assert one("Who is the architect?").refers
    assert not one("What does a year card cost?").refers
    assert one("How many were injured?").bare
    assert not one("How many were injured?").sure
    assert one("How many pupils?").sure
    assert one("And how many were injured?").sure


def test_what_has_a_price_has_also_a_place() -> None:
    """A question of what something costs is not asked again with "where" in it."""
    meanings = understand("And where?", [CARD])
    assert isinstance(meanings, tuple)
    assert meanings[0].question == "year card: where?"


def test_an_adjective_is_no_subject() -> None:
    """After "how strong was the storm" the storm is spoken of; "the one" names nothing either."""
    storm = turn("How strong was storm Berit?", "Storm Berit reached 148 kilometres an hour.")
    for question in ("How many people were hurt?", "And how many were hurt?"):
        (meaning,) = understand(question, [storm])  # type: ignore[misc]  # no Unclear
        assert meaning.question.startswith("storm Berit: ")
    record = turn("How old was the one who had the record before?", "Jonas Friis was 17.")
    assert [phrase.text for phrase in record.phrases] == ["the record"]


def test_what_is_mine_is_no_subject() -> None:
    """After "can I bring my dog?" the museum is spoken of; a question without a verb refers."""
    dog = turn("Can I bring my dog?", "Dogs must stay outside.")
    for question in ("Is there a restaurant?", "why fewer now?"):
        (meaning,) = understood(question, [VISITORS, dog])
        assert meaning.question.startswith("museum: ")
    assert meaning.refers


def test_a_noun_in_front_is_no_name() -> None:
    """After "Things: which was the hardest?" no "she" is called Things; Skarholm keeps its name."""
    asked = Answer("Things: which was the hardest?", (quote_of("I mended 41 things."),), 0.9)
    assert Turn.of(asked).question == "the things: which was the hardest?"
    town = Answer("Skarholm: how many live there?", (quote_of("Skarholm has 5,200."),), 0.9)
    assert Turn.of(town).question == "Skarholm: how many live there?"


def test_what_stands_in_front_keeps_its_article() -> None:
    """A subject in front of a question gets "the" in English, and nothing in other languages."""
    for asked in ("La fuente de Valdorro: Desde cuándo estaba seca?", "Le pont: où est-il?"):
        assert Turn.of(Answer(asked, (quote_of("x y"),), 0.9)).question == asked
    heating = Answer("Heating plant of Lindby: how many farms?", (quote_of("x y"),), 0.9)
    assert Turn.of(heating).question == "the heating plant of Lindby: how many farms?"


def test_what_stands_in_front_is_the_subject() -> None:
    """Of a question that was itself written out: "plant" is no verb there."""
    wood = (quote_of("It burns the wood of 40 farms."),)
    reply = Answer("How many farms?", wood, 0.9, meant="Heating plant: from how many farms?")
    (meaning,) = understand("What did it cost?", [Turn.of(reply)])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "What did the heating plant cost?"


def test_a_correction_is_about_what_it_names() -> None:
    """Its first words are no part of the question that others follow."""
    reply = Answer("Sorry, I meant: who works at Northgate?", (quote_of("Ada works there."),), 0.9)
    assert Turn.of(reply).question == "who works at Northgate?"
    meanings = understand("and at St Agnes?", [Turn.of(reply)])
    assert isinstance(meanings, tuple)
    assert meanings[0].question == "who works at St Agnes?"


def test_a_ticket_is_that_of_what_was_spoken_of() -> None:
    """Other articles have tickets, too: they are not asked."""
    meanings = understand("And a ticket?", [turn("How long is the tram?", "The tram is long.")])
    assert isinstance(meanings, tuple)
    assert all(not meaning.everywhere and not meaning.about for meaning in meanings)


TOWN_HALL = turn("Was kostet der Umbau des Rathauses?", "Er kostet 7 Millionen Euro.")
BATHS = turn("Wie viele Besucher zählte das Freibad am See?", "Das Freibad zählte 58.000 Besucher.")
LADY = turn("Wer ist die Bürgermeisterin?", "Bürgermeisterin ist Petra Lohse.", "Petra Lohse")
BRIDGE_FR = turn("Quand rouvre le pont de Mirvelle ?", "Le pont rouvre en avril.")
FOUNTAIN = turn("¿Cuándo se construyó la fuente de Valdorro?", "Se construyó en 1794.")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (TOWN_HALL, "Und warum?", "Warum kostet der Umbau des Rathauses?"),
        (TOWN_HALL, "Wer hat ihn entworfen?", "der Umbau des Rathauses: Wer hat ihn entworfen?"),
        (BATHS, "Und 2019?", "Wie viele Besucher zählte das Freibad am See 2019?"),
        (BATHS, "2019?", "Wie viele Besucher zählte das Freibad am See 2019?"),
        (BATHS, "und im Winter?", "Wie viele Besucher zählte das Freibad am See im Winter?"),
        (BATHS, "Seit wann gibt es das?", "das Freibad am See: Seit wann gibt es das?"),
        (LADY, "Wann wurde sie geboren?", "Petra Lohse: Wann wurde sie geboren?"),
        (LADY, "seit wann?", "Seit wann ist die Bürgermeisterin?"),
        (BRIDGE_FR, "Pourquoi est-il fermé ?", "le pont de Mirvelle: Pourquoi est-il fermé ?"),
        (BRIDGE_FR, "Et pourquoi ?", "Pourquoi rouvre le pont de Mirvelle?"),
        (BRIDGE_FR, "Qui l'a construit ?", "le pont de Mirvelle: Qui l'a construit ?"),
        (FOUNTAIN, "¿Por qué?", "Por qué se construyó la fuente de Valdorro?"),
        (FOUNTAIN, "¿Quién la hizo?", "la fuente de Valdorro: Quién la hizo?"),
        (FOUNTAIN, "¿Y en 1810?", "Cuándo se construyó la fuente de Valdorro en 1810?"),
    ],
)
def test_other_languages(before: Turn, question: str, meant: str) -> None:
    """Pronouns get the subject in front; parts go into the last question."""
    meanings = understand(question, [before])
    assert isinstance(meanings, tuple)
    assert meanings[0].question == meant


@pytest.mark.parametrize(
    ("before", "question", "near"),
    [
        (BATHS, "Wann ist es geöffnet?", "Wann ist das Freibad am See geöffnet?"),
        (LADY, "Wann wurde sie geboren?", "Wann wurde Petra Lohse geboren?"),
        (BRIDGE_FR, "Pourquoi est-il fermé ?", "Pourquoi le pont de Mirvelle est-il fermé ?"),
        (BRIDGE_FR, "Qui l'a construit ?", "Qui a construit le pont de Mirvelle ?"),
        (FOUNTAIN, "¿Quién la hizo?", "Quién hizo la fuente de Valdorro?"),
        (FOUNTAIN, "¿Por qué estaba seca?", "Por qué estaba seca la fuente de Valdorro?"),
    ],
)
def test_pronouns_give_way_in_other_languages(before: Turn, question: str, near: str) -> None:
    """In the form that the article just quoted is asked in first."""
    meanings = understand(question, [before])
    assert isinstance(meanings, tuple)
    assert meanings[0].near[0] == near


@pytest.mark.parametrize(
    "question",
    [
        "Wie lange arbeitete Olaf Brinkmann im Freibad?",
        "Was kostet eine Jahreskarte?",
        "Quand ouvre la piscine de Mirvelle ?",
        "¿Cuánto cuesta la entrada del museo?",
    ],
)
def test_whole_questions_in_other_languages(question: str) -> None:
    """Are asked as they stand, as is everything outside of a conversation."""
    assert understand(question, [TOWN_HALL]) == ()
    assert understand(question, []) == ()


DRAWN = turn("Wann wurde das Rathaus von Wiesenau entworfen?", "Es wurde 1911 entworfen.")


def test_a_subject_ends_with_its_name() -> None:
    """The predicate after it is none of it."""
    (meaning,) = understood("Wer hat es gebaut?", [DRAWN])
    assert meaning.question == "das Rathaus von Wiesenau: Wer hat es gebaut?"


@pytest.mark.parametrize(
    ("before", "question"),
    [(HALL, "Und warum?"), (BATHS, "Et pourquoi ?"), (BATHS, "Why?"), (DRAWN, "Who drew it?")],
)
def test_languages_are_not_mixed(before: Turn, question: str) -> None:
    """A part is put into no question of another language, and refers to none."""
    assert isinstance(understand(question, [before]), Unclear)
    assert isinstance(understand("How many pupils?", [BATHS]), tuple)
    assert understand("How many pupils?", [BATHS]) == ()


@pytest.mark.parametrize("question", ["Und warum?", "Wann starb er?", "Et où ?", "¿Quién la hizo?"])
def test_nothing_before_in_other_languages(question: str) -> None:
    """What refers to nothing is asked back about."""
    assert isinstance(understand(question, []), Unclear)


@given(st.text(max_size=80), st.sampled_from([TOWN_HALL, BATHS, BRIDGE_FR, FOUNTAIN, HALL]))
def test_any_words_after_any_language(words: str, before: Turn) -> None:
    """Whatever is written, something is meant, or it is asked as it stands or back."""
    assert isinstance(understand(words, [before]), tuple | Unclear)
