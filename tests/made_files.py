"""Files of every kind, good and bad, made on the spot."""

from __future__ import annotations

import hashlib
import io
import textwrap
import zipfile
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)

TUNNEL = [
    [
        "# Report on the Penfold tunnel",
        "The tunnel under Penfold hill was dug by two hundred miners.",
    ],
    ["In 1954 the tunnel was closed because its lining had begun to crumble."],
]
"""The pages of a report that tests ask about."""


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    title: str = "",
    head: str = "",
    password: str = "",
    width: int = 78,
) -> bytes:
    """Return a PDF file; each page is a list of paragraphs, wrapped at ``width`` characters.

    A paragraph that begins with "# " is set in large type. ``head`` runs over each page with the
    page's number. A page without paragraphs holds a drawing only.
    """
    objects = [
        "",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for number, paragraphs in enumerate(pages, start=1):
        drawn = ["0 0 m 100 100 l S"]
        y = 800.0
        if head:
            drawn += [_shown(60, 820, 9, head), _shown(520, 820, 9, str(number))]
        for paragraph in paragraphs:
            size = 18 if paragraph.startswith("# ") else 11
            for line in textwrap.wrap(paragraph.removeprefix("# "), width):
                drawn.append(_shown(60, y, size, line))
                y -= 1.25 * size
            y -= 10
        stream = "\n".join(drawn)
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    trailer = ""
    if title:
        objects.append(f"<< /Title ({title}) >>")
        trailer += f" /Info {len(objects)} 0 R"
    if password:
        objects.append(_locked(password))
        trailer += f" /Encrypt {len(objects)} 0 R /ID [<{'00' * 16}> <{'00' * 16}>]"
    return _pdf_of(objects, trailer)


def _pdf_of(objects: Sequence[str], trailer: str) -> bytes:
    """Return the objects of a PDF file, the first of which is its catalog, as the file."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\nstartxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(out)


def drawn_pdf(
    pages: Sequence[Sequence[str]],
    *,
    info: str = "",
    catalog: str = "",
    page: str = "",
    font: str = "",
    objects: Sequence[str] = (),
) -> bytes:
    """Return a PDF file whose pages are drawn by the operators given; /F1 is Helvetica, /F2 bold.

    ``info``, ``catalog``, ``page`` and ``font`` (that of /F1) go into the dictionaries of that
    name; ``objects`` are numbered from 6 on.
    """
    made = [
        "",
        "",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding {font} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
        *objects,
    ]
    kids = []
    for drawing in pages:
        stream = "\n".join(drawing)
        made.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        made.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(made)} 0 R {page}"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        kids.append(f"{len(made)} 0 R")
    made[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    made[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _pdf_of(made, " /Info 5 0 R")


def text_at(x: float, y: float, text: str, size: float = 11, font: str = "F1") -> str:
    """Return the operators that draw a line of text."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def prose_at(
    x: float, y: float, lines: Sequence[str], size: float = 11, step: float = 14
) -> list[str]:
    """Return the operators that draw lines below one another."""
    return [text_at(x, y - step * n, line, size) for n, line in enumerate(lines)]


def _shown(x: float, y: float, size: int, text: str) -> str:
    for mark in "\\()":
        text = text.replace(mark, f"\\{mark}")
    return f"BT /F1 {size} Tf {x} {y:.2f} Td ({text}) Tj ET"


def _locked(password: str) -> str:
    """Return the encryption dictionary of a file that asks for a password (40-bit RC4)."""
    user = (password.encode() + _PADDING)[:32]
    owner = _rc4(hashlib.md5(_PADDING).digest()[:5], user)
    rights = -4
    key = hashlib.md5(
        user + owner + rights.to_bytes(4, "little", signed=True) + bytes(16)
    ).digest()[:5]
    return (
        f"<< /Filter /Standard /V 1 /R 2 /P {rights} /O <{owner.hex()}> "
        f"/U <{_rc4(key, _PADDING).hex()}> >>"
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def docx(
    paragraphs: Sequence[str],
    *,
    title: str = "",
    author: str = "",
    content: str = "",
    styles: str = "",
) -> bytes:
    """Return a Word document; a paragraph that begins with "# " is a heading, with "- " an item.

    ``content`` and ``styles`` are XML with the prefix w that is put below them.
    """
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = ""
    for paragraph in paragraphs:
        style, words = "", paragraph
        if paragraph.startswith("# "):
            style, words = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', paragraph[2:]
        body += f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/styles.xml": f'<?xml version="1.0"?><w:styles xmlns:w="{main}"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>{styles}</w:styles>',
        "word/_rels/document.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{main}"><w:body>{body}{content}</w:body></w:document>',
        "docProps/core.xml": f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator></cp:coreProperties>',
    }
    return packed(parts)


def epub(
    chapters: Sequence[str],
    *,
    title: str = "",
    author: str = "",
    publisher: str = "",
    more: dict[str, str | bytes] | None = None,
    first: str = "c0.xhtml",
) -> bytes:
    """Return a book; ``chapters`` are the insides of their bodies, ``more`` are further parts."""
    items = "".join(
        f'<item id="c{n}" href="{first if n == 0 else f"c{n}.xhtml"}" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f"<dc:publisher>{escape(publisher)}</dc:publisher><dc:language>en</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/book.opf": package,
    }
    for number, chapter in enumerate(chapters):
        parts[f"OEBPS/c{number}.xhtml"] = (
            f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{chapter}</body></html>'
        )
    return packed({**parts, **(more or {})})


def odt(content: str, *, styles: str = "", title: str = "") -> bytes:
    """Return an OpenDocument text; ``content`` and ``styles`` are XML with the prefixes below."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{content}</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}><office:meta><dc:title>{escape(title)}</dc:title></office:meta></office:document-meta>",
        }
    )


def pptx(slides: Sequence[str], *, hidden: Sequence[int] = (), notes: str = "") -> bytes:
    """Return a presentation; a slide is XML of shapes with the prefixes p and a.

    ``notes`` are those of the first slide.
    """
    spaces = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    relation = "http://schemas.openxmlformats.org/package/2006/relationships"
    numbers = range(len(slides), 0, -1)  # the file's order is not that of the show
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>"
        + "".join(f'<p:sldId r:id="r{n}"/>' for n in range(1, len(slides) + 1))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{relation}">'
        + "".join(f'<Relationship Id="r{n}" Target="slides/s{n}.xml"/>' for n in numbers)
        + "</Relationships>",
    }
    for n in numbers:
        show = ' show="0"' if n in hidden else ""
        parts[f"ppt/slides/s{n}.xml"] = f"<p:sld {spaces}{show}>{slides[n - 1]}</p:sld>"
    if notes:
        parts["ppt/slides/_rels/s1.xml.rels"] = (
            f'<Relationships xmlns="{relation}"><Relationship Id="n" Target="../notesSlides/n1.xml"/></Relationships>'
        )
        parts["ppt/notesSlides/n1.xml"] = f"<p:notes {spaces}>{notes}</p:notes>"
    return packed(parts)


def shape(*paragraphs: str, kind: str = "") -> str:
    """Return a shape of a slide; ``kind`` is that of its placeholder."""
    place = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>' if kind else ""
    runs = "".join(f"<a:p><a:r><a:t>{escape(words)}</a:t></a:r></a:p>" for words in paragraphs)
    return f"<p:sp>{place}<p:txBody>{runs}</p:txBody></p:sp>"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, kind)
    return stream.getvalue()


def bomb(size: int = 500 * 1024 * 1024) -> bytes:
    """Return a Word document that would unpack to ``size`` bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(size // 2**20):
                part.write(bytes(2**20))
    return stream.getvalue()
