"""The kind of fact that a question asks for, and sentences that hold one."""

from __future__ import annotations

import pytest

from sourcebot.text.answer_types import held, type_of
from sourcebot.types import AnswerType


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is Marta Lindqvist?", AnswerType.OTHER),
        ("who was otto von kaiser", AnswerType.OTHER),
        ("Who's Ines Okoro?", AnswerType.OTHER),
        ("Who is the mayor?", AnswerType.NAME),
        ("Who is mayor of Lowmere?", AnswerType.NAME),
        ("Who closed the bridge?", AnswerType.NAME),
        ("How much is the annual pass?", AnswerType.SUM),
        ("How much does it cost?", AnswerType.SUM),
        ("How much honey was harvested?", AnswerType.NUMBER),
        ("When did it open?", AnswerType.DATE),
        ("Where do the lorries go?", AnswerType.PLACE),
        ("Why was it closed?", AnswerType.REASON),
    ],
)
def test_kinds(question: str, kind: AnswerType) -> None:
    """A question for what somebody is asks for no name; one for a price asks for a sum."""
    assert type_of(question) is kind


@pytest.mark.parametrize(
    "sentence",
    [
        "A day pass is ₹ 480.",
        "It costs 250 kr a month.",
        "Adults pay CHF 12.50.",
        "Bilet kosztuje 20 zł.",
        "The fine was ten pence a day.",
        "Children swim free.",
        "The dam cost ¥1,480 million.",
    ],
)
def test_sums_in_any_currency(sentence: str) -> None:
    """A sum of money is one in any currency."""
    assert held(AnswerType.SUM, sentence, "How much does it cost?") is True
    assert held(AnswerType.SUM, "It has 250 seats.", "How much does it cost?") is False


QUESTIONS = {
    "de": (
        "Wann wurde die Brücke geschlossen?",
        "Was kostet eine Tageskarte?",
        "Wie viele Bücher hat die Bücherei?",
        "Warum wurde sie geschlossen?",
        "In welcher Stadt steht der Turm?",
        "Wer hat den Turm gebaut?",
    ),
    "fr": (
        "En quelle année le pont a-t-il été fermé ?",
        "Combien coûte un billet ?",
        "Combien de livres possède la bibliothèque ?",
        "Pourquoi a-t-il été fermé ?",
        "Où se trouve la tour ?",
        "Qui a construit la tour ?",
    ),
    "es": (
        "¿Cuándo se cerró el puente?",
        "¿Cuánto cuesta una entrada?",
        "¿Cuántos libros tiene la biblioteca?",
        "¿Por qué se cerró?",
        "¿En qué ciudad está la torre?",
        "¿Quién construyó la torre?",
    ),
    "pt": (
        "Em que ano a ponte foi fechada?",
        "Quanto custa um bilhete?",
        "Quantos livros tem a biblioteca?",
        "Por que foi fechada?",
        "Onde fica a torre?",
        "Quem construiu a torre?",
    ),
    "it": (
        "Quando è stato chiuso il ponte?",
        "Quanto costa un biglietto?",
        "Quanti libri ha la biblioteca?",
        "Perché è stato chiuso?",
        "In quale città si trova la torre?",
        "Chi ha costruito la torre?",
    ),
    "ru": (
        "В каком году закрыли мост?",
        "Сколько стоит билет?",
        "Сколько книг в библиотеке?",
        "Почему его закрыли?",
        "Где находится башня?",
        "Кто построил башню?",
    ),
    "zh": (
        "这座桥是什么时候关闭的？",
        "一张票多少钱？",
        "图书馆有多少本书？",
        "为什么关闭？",
        "这座塔在哪个城市？",
        "谁建造了这座塔？",
    ),
    "ja": (
        "橋はいつ閉鎖されましたか。",
        "入場券はいくらですか。",
        "図書館には本が何冊ありますか。",
        "なぜ閉鎖されたのですか。",
        "塔はどこにありますか。",
        "塔を建てたのは誰ですか。",
    ),
    "ar": (
        "متى أغلق الجسر؟",
        "كم تكلف التذكرة؟",
        "كم عدد الكتب في المكتبة؟",
        "لماذا أغلق؟",
        "أين يقع البرج؟",
        "من بنى البرج؟",
    ),
}
KINDS = ("DATE", "SUM", "NUMBER", "REASON", "PLACE", "NAME")


@pytest.mark.parametrize("language", QUESTIONS)
def test_kinds_in_other_languages(language: str) -> None:
    """Each language asks for the same kinds, with its own words."""
    asked = QUESTIONS[language]
    assert [type_of(q, language) for q in asked] == [AnswerType[kind] for kind in KINDS]


@pytest.mark.parametrize(
    ("kind", "language", "sentence", "other"),
    [
        ("DATE", "de", "Sie wurde im März geschlossen.", "Sie wurde wegen Rost geschlossen."),
        ("DATE", "es", "Empezó a mediados del siglo XVIII.", "Empezó en la iglesia."),
        ("DATE", "de", "Seit den 90er Jahren wächst sie.", "Seit dem Umbau wächst sie."),
        ("DATE", "ru", "Мост закрыли 3 марта.", "Мост закрыли из-за ржавчины."),
        ("DATE", "zh", "该桥于1894年关闭。", "该桥因生锈而关闭。"),
        ("DATE", "ja", "橋は三月に閉鎖された。", "橋は錆のため閉鎖された。"),
        ("DATE", "ar", "أغلق الجسر في مارس.", "أغلق الجسر بسبب الصدأ."),
        ("NUMBER", "it", "La biblioteca ha dodici sale.", "La biblioteca ha molte sale."),
        ("NUMBER", "ar", "فيها ١٢٠ كتابا.", "فيها كتب كثيرة."),
        ("NUMBER", "zh", "图书馆有三层。", "图书馆很大。"),
        ("SUM", "fr", "Le billet coûte 12 euros.", "Le billet est cher."),
        ("REASON", "es", "Se cerró debido al óxido.", "Se cerró el martes."),
        ("REASON", "pt", "Foi fechada porque havia ferrugem.", "Foi fechada na terça-feira."),
        ("NAME", "ru", "Башню построил Иван Орлов.", "Башню построили рабочие."),
    ],
)
def test_facts_in_other_languages(kind: str, language: str, sentence: str, other: str) -> None:
    """A sentence with the kind of fact is told from one without it."""
    assert held(AnswerType[kind], sentence, "", language) is True
    assert held(AnswerType[kind], other, "", language) is False


@pytest.mark.parametrize(
    ("kind", "language", "sentence"),
    [
        ("NAME", "de", "Die Brücke wurde vom Amt geschlossen."),
        ("NAME", "zh", "市长是王芳。"),
        ("NAME", "ja", "iPhoneを発表したのは田中である。"),
        ("DATE", "el", "Έκλεισε λόγω σκουριάς."),
        ("REASON", "el", "Έκλεισε την Τρίτη."),
        ("NUMBER", "fi", "Kirjastossa on kaksi salia."),
        ("SUM", "pl", "Bilet: 20."),
    ],
)
def test_what_cannot_be_told(kind: str, language: str, sentence: str) -> None:
    """Nothing is said where a language does not show it, or its words are not known."""
    assert held(AnswerType[kind], sentence, "", language) is None
