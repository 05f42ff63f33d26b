"""Text in any usual encoding, labelled or not; nothing is garbled without a remark."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.adding.extract import extract
from sourcebot.adding.model import Original
from sourcebot.articles.decoding import CODECS, codec_of, decoded

if TYPE_CHECKING:
    from pathlib import Path

UNLABELLED = {
    "cp1252": "Die Brücke über den Löwer bleibt gesperrt. Bürgermeisterin Öhler sagte, es träfe alle.",
    "cp1250": "Most nad Łowerem zamknięty. Burmistrz powiedziała, że naprawa potrwa do jesieni.",
    "cp1251": "Мост через реку закрыт. Мэр сказала, что ремонт продлится до осени этого года.",
    "koi8_r": "Мост через реку закрыт. Мэр сказала, что ремонт продлится до осени этого года.",
    "cp1253": "Η γέφυρα έκλεισε τη Δευτέρα. Η δήμαρχος είπε ότι οι επισκευές θα διαρκέσουν.",
    "cp1254": "Köprü sonbahara kadar kapalı kalacak, dedi belediye başkanı. Onarım uzun sürecek ve işçiler bekliyor.",
    "cp1255": "ראש העירייה סגרה את הגשר הישן ביום שני. התיקון יעלה ארבעה מיליון שקלים ויימשך עד הסתיו.",
    "cp1256": "أغلقت رئيسة البلدية الجسر القديم يوم الاثنين. سيكلف الإصلاح أربعة ملايين ويستمر حتى الخريف.",
    "cp1257": "Merė pirmadienį uždarė senąjį tiltą. Remontas kainuos keturis milijonus eurų ir truks iki rudens.",
    "cp874": "นายกเทศมนตรีปิดสะพานเก่าเมื่อวันจันทร์ การซ่อมแซมจะใช้เงินสี่ล้านบาท",
    "koi8_u": "Мер Лоуміра закрила старий міст у понеділок. Ремонт коштуватиме чотири мільйони гривень.",
    "iso8859_2": "Oprava bude stát čtyři miliony korun a potrvá do podzimu, řekla mluvčí města Žďár.",
    "iso8859_5": "Мост через реку закрыт. Мэр сказала, что ремонт продлится до осени этого года.",
    "iso8859_6": "أغلقت رئيسة البلدية الجسر القديم يوم الاثنين. سيكلف الإصلاح أربعة ملايين ويستمر حتى الخريف.",
    "mac_roman": "La maire a fermé l’ancien pont lundi. Les réparations coûteront quatre millions d’euros.",
    "mac_cyrillic": "Мост через реку закрыт. Мэр сказала, что ремонт продлится до осени этого года.",
    "cp866": "Мост через реку закрыт. Мэр сказала, что ремонт продлится до осени этого года.",
    "cp850": "Die Brücke über den Löwer bleibt gesperrt. Bürgermeisterin Öhler sagte, es träfe alle.",
    "cp852": "Oprava bude stát čtyři miliony korun a potrvá do podzimu, řekla mluvčí města Žďár.",
    "gb18030": "桥周一关闭。市长说，修理将持续到秋天，费用为四百万英镑。",
    "big5": "橋樑週一關閉。市長說，修理將持續到秋天，費用為四百萬英鎊。",
    "cp932": "市長は月曜日、港の橋を閉鎖すると発表した。修理は秋まで続く見込みだ。",
    "euc_jp": "市長は月曜日、港の橋を閉鎖すると発表した。修理は秋まで続く見込みだ。",
    "cp949": "다리는 월요일에 폐쇄되었다. 시장은 수리가 가을까지 계속될 것이라고 말했다.",
}


@pytest.mark.parametrize("codec", UNLABELLED)
def test_unlabelled_text_is_read(codec: str) -> None:
    """A sentence or two are enough; a guess is remarked on unless it is the usual one."""
    text = UNLABELLED[codec]
    found = decoded(text.encode(codec))
    assert (found.text, found.codec) == (text, codec)
    assert bool(found.notes) == (codec != "cp1252")


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [
        ("gb2312", "总理朱镕基", "gbk"),
        ("Shift_JIS", "髙橋市長は①と②", "cp932"),
        ("x-sjis", "髙橋", "cp932"),
        ("euc-kr", "똠방각하", "cp949"),
        ("ISO-8859-1", "“The café”", "cp1252"),
        ("us-ascii", "“The café”", "cp1252"),
        ("unicode-1-1-utf-8", "Brücke", "utf-8"),
        ("utf-16", "Brücke", "utf-8"),
        ("windows-1251", "Мост", "cp1251"),
    ],
)
def test_labels_are_read_as_browsers_read_them(label: str, text: str, codec: str) -> None:
    """A label names the wider encoding that pages with it are in."""
    found = decoded(text.encode(codec), [label])
    assert (found.text, found.notes) == (text, ())


@pytest.mark.parametrize("codec", ["iso2022_jp", "iso2022_kr"])
def test_text_of_seven_bits_with_escapes_is_read(codec: str) -> None:
    """Mail of Japan and Korea is in such encodings; no label is needed."""
    text = (
        "市長は月曜日に港の橋を閉鎖した。"
        if codec == "iso2022_jp"
        else "다리는 월요일에 폐쇄되었다."
    )
    assert decoded(text.encode(codec)).text == text
    assert decoded(text.encode(codec), [codec.replace("iso2022_", "iso-2022-")]).text == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312"])
def test_utf8_that_is_called_something_else_is_read(label: str) -> None:
    """A server states one encoding for all its pages; what the bytes are is told."""
    text = "Die Bürgermeisterin von Löwmere schloss die Brücke für Wochen – „gründlich“."
    found = decoded(text.encode(), [label])
    assert found.text == text
    assert bool(found.notes) == (label != "gb2312"), "as GBK the bytes are no text at all"


def test_what_no_encoding_explains_is_refused() -> None:
    """Nothing is garbled in silence: letters at random are no language's."""
    data = bytes(random.Random(5).choices([*range(0x80, 0x100), 0x20], k=400))
    with pytest.raises(ValueError, match="encoding"):
        decoded(data)


def test_a_long_text_may_end_within_a_character_where_its_kind_is_told(tmp_path: Path) -> None:
    """The first bytes of a file are enough for its kind, wherever they end."""
    for more in range(3):
        text = (
            "a" * more
            + "市長は月曜日、港の橋を閉鎖すると発表した。修理は秋まで続く見込みだ。" * 200
        )
        file = tmp_path / f"long{more}.txt"
        file.write_bytes(text.encode("cp932"))
        (draft,) = extract(Original(origin=str(file), shown=file.name, file=file))
        assert "修理は秋まで続く見込みだ。" in draft.body
        assert draft.notes == ("its encoding is not stated: read as cp932",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "Имя;Голоса\nАда Брандт;1204\nТомас Рейл;998\n"),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:03,000\nМост через реку закрыт, сказала мэр города.\n",
        ),
        (
            "a.eml",
            "From: Ada <a@b.example>\nSubject: x\nContent-Type: text/plain\n\nМост через реку закрыт, сказала мэр города.\n",
        ),
    ],
)
def test_every_kind_tells_what_was_guessed(name: str, text: str, tmp_path: Path) -> None:
    """Rows, subtitles and mail without a label are read as texts are, with the same remark."""
    file = tmp_path / name
    file.write_bytes(text.encode("cp1251"))
    (draft,) = extract(Original(origin=str(file), shown=name, file=file))
    assert any("read as cp1251" in note for note in draft.notes)
    assert "Мост" in draft.body or "Голоса" in draft.body


def test_mail_is_read_as_browsers_read_its_label(tmp_path: Path) -> None:
    """Programs call Windows-1252 ISO-8859-1: quotation marks are no control characters."""
    head = b"From: Ada <a@b.example>\nSubject: x\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    file = tmp_path / "a.eml"
    file.write_bytes(head + "The “quay” is shut – until May.".encode("cp1252"))
    (draft,) = extract(Original(origin=str(file), shown="a.eml", file=file))
    assert "The “quay” is shut – until May." in draft.body


def test_unknown_and_wrong_labels_do_no_harm() -> None:
    """What no encoding is called, or what the bytes contradict, is passed over."""
    text = "Die Brücke über den Fluß bleibt für Wochen gesperrt."
    assert codec_of("no-such-thing") == ""
    assert decoded(text.encode(), ["no-such-thing", ""]).text == text
    assert decoded(text.encode("cp1252"), ["utf-8"]).text == text


@pytest.mark.parametrize("labels", [[], ["utf-8"]])
def test_one_bad_byte_does_not_turn_a_page_into_another_encoding(labels: list[str]) -> None:
    """It is shown as a replacement, the rest is read, and a remark says so."""
    data = "Löwmere schließt die Brücke. Grüße.".encode()
    found = decoded(data[:9] + b"\xa0" + data[9:], labels)
    assert found.text.replace("\ufffd", "") == data.decode()
    assert found.notes == ("1 byte could not be read as UTF-8 and is shown as \ufffd",)


@pytest.mark.parametrize("codec", ["cp1252", "cp1251"])
def test_mojibake_is_remarked(codec: str) -> None:
    """Text that was saved in a wrong encoding is told; text with the same letters is not."""
    text = (
        "Die Brücke über den Löwer öffnet früh." if codec == "cp1252" else "Мост через реку открыт"
    )
    garbled = text.encode().decode(codec, "ignore")
    assert any("wrong encoding" in note for note in decoded(garbled.encode()).notes)
    assert decoded(text.encode()).notes == ()
    assert decoded("Ça a été très bien à côté : Île-de-France, «Âge», 5 £.".encode()).notes == ()


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    """Whatever letters a text has, in UTF-8 it is read as it is."""
    found = decoded(b"a" + text.encode())
    assert (found.text, found.codec) == (f"a{text}", "utf-8")


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """No bytes raise anything but a refusal, and the codec is one that checks know."""
    try:
        found = decoded(data)
    except ValueError:
        return
    assert found.codec in CODECS
    assert found.text == data.decode(found.codec, "replace")
