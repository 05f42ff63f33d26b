"""Articles in other languages: detected, cut into their sentences, found by their words."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ARTICLES, Project, run_cli
from hypothesis import given
from hypothesis import strategies as st
from made_models import aligned_model, matching_model

from sourcebot.answering.opening import open_service
from sourcebot.articles.files import parse_article
from sourcebot.config.settings import ReaderConfig
from sourcebot.embedding.exported import open_embedder
from sourcebot.index.embedded.lexical import LexicalIndex, add_to_lexical
from sourcebot.text.languages import STEMMERS, language_of, question_language
from sourcebot.text.sentences import split_sentences
from sourcebot.text.terms import stemmed, terms_of, weights_in
from sourcebot.types import AbstentionReason, Answer, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcebot.embedding.embedder import OnnxEmbedder

TEXTS = {
    "de": "Die alte Hafenbrücke in Lauental wurde am 3. März 2022 gesperrt, weil Ingenieure Risse fanden. Die Reparaturen kosten laut Dr. Weber ca. 2,4 Mio. Euro. Lastwagen fahren über Pfennigau.",
    "es": "El viejo puente del puerto de Valmar se cerró el 3 de marzo de 2022. El Sr. Ortega dijo que las obras costarán dos millones. Los camiones pasarán por Pinar.",
    "fr": "Le vieux pont du port de Valmer a été fermé le 3 mars 2022. Selon M. Fabre, les travaux coûteront deux millions. Les camions passeront par Pinède.",
    "it": "Il vecchio ponte del porto di Valmare è stato chiuso il 3 marzo 2022. Secondo il Dott. Rossi i lavori costeranno due milioni. I camion passeranno per Pineta.",
    "zh": "河口镇的旧港桥于2022年3月3日关闭，因为工程师发现了裂缝。维修费用为二百四十万元！卡车将绕道而行。",
    "ja": "河口町の古い港の橋は2022年3月3日に閉鎖された。「危険だった。待てなかった。」と技師は語った。修理には八か月かかる！",
    "ar": "أغلق الجسر القديم في ميناء الوادي في الثالث من مارس بعد أن وجد المهندسون شقوقا. هل ستعود الشاحنات قريبا؟ قال المجلس إن الإصلاح يستغرق ثمانية أشهر.",
    "hi": "नदीपुर का पुराना पुल तीन मार्च को बंद कर दिया गया। इंजीनियरों को उसमें दरारें मिली थीं। मरम्मत में आठ महीने लगेंगे।",
}  # fmt: skip


def sentences(text: str, language: str = "") -> list[str]:
    """Return the sentences as texts."""
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)), language)]


@pytest.mark.parametrize("language", TEXTS)
def test_languages_are_detected(language: str) -> None:
    """From the text, and three sentences of it are three sentences."""
    text = TEXTS[language]
    assert language_of("", text) == language
    assert len(sentences(text, language)) == 3


@pytest.mark.parametrize("name", ARTICLES)
def test_english_is_english(name: str) -> None:
    """Names and tables do not mislead."""
    article, _ = parse_article(name, ARTICLES[name].encode())
    assert article.language == "en"


def test_what_a_file_states_counts_and_short_texts_stay_unknown() -> None:
    """A region is left out; what is no code is not believed."""
    assert language_of("pt-BR", TEXTS["es"]) == "pt"
    assert language_of("Spanish!", TEXTS["es"]) == "es"
    assert language_of("", "Bonjour.") == ""
    stated = f"---\nlanguage: FR\n---\n{TEXTS['es']}\n"
    assert parse_article("a.md", stated.encode())[0].language == "fr"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Im 19. Jahrhundert lebten hier z. B. Gerber und Färber."),
        ("de", "Hr. Weber wohnt in der Hauptstr. Nr. 5 bei Prof. Lindner."),
        ("es", "La Sra. Ruiz y el Dr. Gil viajaron con los Sres. Pardo."),
        ("fr", "Mme. Leroy et MM. Petit et Roux ont signé l'art. 5 hier."),
        ("pt", "O Sr. Melo e a Dra. Pires chegaram ontem."),
        ("nl", "Volgens dhr. Visser en mevr. Bakker is dat goed."),
        ("ja", "「行こう。早く。」と彼は言った。"),
    ],
)
def test_abbreviations_do_not_end_sentences(language: str, text: str) -> None:
    """Each is one sentence."""
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    "expected",
    [
        ["他来了。", "她走了！", "谁？", "“我不去。”", "好。"],
        ["هل جاء؟", "نعم، جاء أمس."],
        ["यह पुल है।", "वह बंद है॥", "कब?"],
        ["یہ پل ہے۔", "وہ بند ہے۔"],
        ["He came。", "She left."],
    ],
)
def test_other_scripts_end_sentences_in_their_way(expected: list[str]) -> None:
    """Whatever the language is said to be, with or without spaces."""
    assert sentences(" ".join(expected)) == expected


@given(
    st.text(alphabet="aB. 。！？؟।」』”、と「1\n", max_size=60), st.sampled_from(["", "de", "ja"])
)
def test_no_letter_is_lost(text: str, language: str) -> None:
    """Sentences are ordered, disjoint, and hold all that is not white space."""
    spans = split_sentences(text, Span(0, len(text)), language)
    assert "".join("".join(s.of(text) for s in spans).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_words_are_stemmed_in_their_language() -> None:
    """Forms of a word are one term, and no term of another language."""
    for language, forms in {
        "de": "Häuser Hauses",
        "fr": "maisons maison",
        "es": "puentes puente",
        "ru": "мосты мостов",
    }.items():
        terms = set(terms_of(forms, language))
        assert len(terms) == 1, terms
        assert terms.pop().startswith(f"{language}:")
    assert terms_of("Die Häuser", "de") == terms_of("Häuser", "de")
    assert terms_of("bridges", "en") == terms_of("bridge", "xx") == ["bridg"]


def test_scripts_without_spaces_give_pairs() -> None:
    """A word inside a sentence shares terms with the word alone."""
    assert terms_of("港桥关闭") == ["港桥", "桥关", "关闭"]
    assert set(terms_of("橋")) <= set(terms_of("橋 は"))
    assert set(terms_of("สะพาน")) <= set(terms_of("สะพานเก่าปิด"))


@given(st.text(max_size=80), st.sampled_from(["", *STEMMERS]))
def test_terms_survive_the_index(text: str, language: str) -> None:
    """No term holds white space, and each belongs to its language alone."""
    terms = terms_of(text, language)
    assert not any(set(term) & set(" \t\n\r") for term in terms)
    weights = dict.fromkeys(terms, 1.0)
    assert weights_in(weights, language) == weights
    assert weights_in(weights, "xx" if stemmed(language) else "de") == {}


def test_a_question_is_analysed_in_every_indexed_language(tmp_path: Path) -> None:
    """Each paragraph is found by other forms of its words; languages not indexed add no terms."""
    rows = [
        (1, 1, "Die Brücken wurden gesperrt.", "Brücken", "de"),
        (2, 2, "Los puentes fueron cerrados.", "Puentes", "es"),
        (3, 3, "港桥于三月关闭。", "港桥", "zh"),
        (4, 4, "The bridges were closed.", "Bridges", "en"),
    ]
    add_to_lexical(tmp_path / "lexical", rows)
    index = LexicalIndex(tmp_path / "lexical")
    for question, best in {"Brücke": 1, "puente": 2, "港桥": 3, "bridge": 4}.items():
        weights = index.weights(question)
        assert index.search(weights, 4)[0].tolist() == [best]
        assert {term.rpartition(":")[0] for term in weights} == {"", "de", "es"}


def test_an_article_is_asked_in_its_language(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """The index keeps the language, and a German question finds the German article."""
    files = {f"{language}.txt": text for language, text in TEXTS.items()}
    project = make_project(tmp_path / "p", {**ARTICLES, **files})
    project.index(embedder)
    service = project.service()
    held = {a.source.path: a.source.language for a in service.articles()}
    assert {f"{language}.txt": language for language in TEXTS}.items() <= held.items()
    assert held["bridge.md"] == "en"
    for question, path in {
        "Was kosten die Reparaturen der Hafenbrücke in Lauental?": "de.txt",
        "¿Cuándo se cerró el viejo puente de Valmar?": "es.txt",
        "河口镇的旧港桥什么时候关闭？": "zh.txt",
    }.items():
        _, retrieval = service.ask_with_evidence(question)
        assert retrieval.evidence[0].source.path == path


MEANINGS = [
    ("bridge", "brücke"), ("harbour", "hafen"), ("closed", "gesperrt"), ("repairs", "reparaturen"),
    ("cost", "kosten", "kostet"), ("bees", "bienen"), ("honey", "honig"), ("library", "bücherei"),
    ("books", "bücher"), ("opened", "geöffnet"), ("ferry", "fähre"), ("captain", "kapitän"),
    ("steered", "gesteuert"), ("tonnes", "tonnen"), ("horses", "pferde"),
]  # fmt: skip
BOTH = {
    "lauental.md": "---\ntitle: Lauental\nlanguage: de\n---\nDie Brücke im Hafen wurde am 3. März 2022 gesperrt.\n\nDie Reparaturen kosten 2,4 Mio. Euro.\n",
    "ansel.md": "---\ntitle: Ansel\nlanguage: de\n---\nDie Bienen gaben elf Tonnen Honig, so viel wie noch nie.\n",
    "tarnwick.md": "---\ntitle: Tarnwick\nlanguage: en\n---\nThe library was opened in 1931. It holds 84,000 books.\n",
    "varn.md": "---\ntitle: Varn\nlanguage: en\n---\nThe captain of the ferry, Oskar Fjeld, has steered it since 1998.\n",
}
ACROSS = {
    "When was the harbour bridge closed?": "Die Brücke im Hafen wurde am 3. März 2022 gesperrt.",
    "How much do the repairs cost?": "Die Reparaturen kosten 2,4 Mio. Euro.",
    "How much honey did the bees give?": "Die Bienen gaben elf Tonnen Honig, so viel wie noch nie.",
    "Wann wurde die Bücherei geöffnet?": "The library was opened in 1931.",
    "Wer war der Kapitän der Fähre?": "The captain of the ferry, Oskar Fjeld, has steered it since 1998.",
    "Wann wurde die Brücke gesperrt?": "Die Brücke im Hafen wurde am 3. März 2022 gesperrt.",
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Articles in two languages, with models of both configured; asked by people for the first time."""
    folder = tmp_path_factory.mktemp("both")
    models = {
        "embedding": aligned_model(folder / "embedding", MEANINGS),
        "reader": matching_model(folder / "reader", MEANINGS),
    }
    project = Project(folder / "project")
    for name, text in BOTH.items():
        project.write(name, text)
    tables = "".join(f'[{table}]\nmodel = "{model}"\n' for table, model in models.items())
    (project.folder / "config.toml").write_text(f"{tables}[answer]\nthreshold = 0.5\n", "utf-8")
    return project


def test_models_of_several_languages_answer_across_them(both: Project) -> None:
    """With such models configured, a question in either language is answered from the other."""
    question, quote = next(iter(ACROSS.items()))
    ran = run_cli("ask", question, cwd=both.folder)
    assert ran.status == 0
    assert ran.out.startswith(f"1  {quote}\n")
    service = both.service()
    for question, quote in ACROSS.items():
        reply, retrieval = service.ask_with_evidence(question)
        assert isinstance(reply, Answer)
        assert reply.quotes[0].text == quote
        source = reply.quotes[0].source
        assert retrieval.evidence[0].source.path == source.path
        written = (both.sources / source.path).read_text("utf-8")
        assert reply.quotes[0].span.of(written) == quote


def test_models_of_several_languages_refuse_across_them(both: Project) -> None:
    """What no article says in any language is not answered."""
    both.index(open_embedder(both.config, lambda _: None))
    for question in ("Where are the horses?", "Was kosten die Pferde?"):
        reply = both.service().ask(question)
        assert not isinstance(reply, Answer)
        assert reply.reason is not AbstentionReason.NOTHING_INDEXED


def test_another_model_finds_across_languages_for_the_default_reader(both: Project) -> None:
    """The embedding alone finds the paragraph that answers, though no word of the question is in it."""
    config = both.config
    both.index(open_embedder(config, lambda _: None))
    english = replace(config, reader=ReaderConfig())
    service = open_service(english, lambda _: None, lambda *_: None)
    for question, quote in ACROSS.items():
        _, retrieval = service.ask_with_evidence(question)
        assert retrieval.evidence[0].paragraph.text.startswith(quote)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wann wurde die alte Brücke gesperrt?", "de"),
        ("¿Cuándo se cerró el viejo puente?", "es"),
        ("Почему был закрыт старый мост?", "ru"),
        ("旧港桥什么时候关闭？", "zh"),
        ("لماذا أُغلق الجسر القديم؟", "ar"),
        ("Who closed the Hafenbrücke in Lauental?", "en"),
        ("closing of bridge Lauental", "en"),
        ("2022?", ""),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    """A name of another language does not change it; what is not sure is taken as English."""
    assert question_language(question, ("en", "de", "ru", "zh", "es", "ar")) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("谁设计了这座塔？", "zh"),
        ("1937年、ENRは何を発表しましたか。", "ja"),
        ("هل يقع البرج في المدينة؟", "ar"),
        ("Кто построил башню?", "ru"),
        ("Хто збудував вежу?", "uk"),
        ("Ποιος έχτισε τον πύργο;", "el"),
        ("मीनार किसने बनाई?", "hi"),
        ("ใครสร้างหอคอย", "th"),
        ("Wo liegt die Hyde Park Day School?", "de"),
        ("Wen kontrollieren Gurus?", "de"),
        ("¿Qué significa Chloroplastida?", "es"),
        ("Quem construiu a torre?", "pt"),
        ("Vem byggde tornet på Hydra?", "sv"),
        ("Was Tesla born in Smiljan?", "en"),
        ("Did The Who play in 东京?", "en"),
    ],
)
def test_the_language_of_a_question_about_articles_in_english(question: str, language: str) -> None:
    """Its script and its question words tell it, also where all articles are in English."""
    assert question_language(question, ("en",)) == language


def test_questions_detect_no_language() -> None:
    """The detector and its model are left alone until something is indexed."""
    code = "import sys, sourcebot.answering.service; assert 'py3langid' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
