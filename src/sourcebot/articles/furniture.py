"""Page furniture: what stands around an article and is never worth quoting.

Share buttons, picture credits and captions, "read more" boxes, cookie notices and pleas to
subscribe come along when a page is copied or extracted. Only a whole paragraph is judged, and
only by wordings that prose hardly uses, because a sentence lost is worse than a button kept.
So do tables and menus that have lost their layout: one long "sentence" of names and figures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.text.dates import only_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 320
"""Longer paragraphs are taken for prose, in code points."""

_BUTTONS = frozenset(
    label.strip()
    for line in """
    about sharing|accept all|accept all cookies|accept cookies|add a comment|advert
    advertisement|back to top|bookmark|close|comment|comments|contents|continue|continue reading
    continue reading below|contribute|cookie policy|copy link|copy this link|discover more
    donate|download|email|email this|embed|facebook|follow|follow this topic|follow us|forward
    get the app|getty images|gift article|gift this article|give feedback|go to homepage|home
    in this story|instagram|internet links|join the conversation|keep reading|latest|latest news
    leave a comment|like|linkedin|listen|listen to this article|loading|log in
    manage cookies|manage preferences|menu|more|more from this author|more like this
    more on this|more on this story|more on this topic|more stories|most popular|most read
    most viewed|next|next article|open menu|our standards|pinterest|play|play video|popular
    previous|previous article|print|print this page|privacy policy|promoted content
    promoted stories|published|published on|read full story|read more|read next|recommended
    recommended for you|recommended reading|reddit|register|reject all|related|related articles
    related content|related internet links|related posts|related reading|related stories
    related topics|reply|report this ad|republish|save|save article|save for later
    scroll to continue|search|see also|see more|share|share article|share full article
    share on facebook|share on linkedin|share on twitter|share on whatsapp|share on x|share this
    share this article|share this page|share this post|share this story|show comments|show less
    show more|sign in|sign up|skip|skip ad|skip advert|skip to content|skip to main content
    skip to navigation|sponsored|sponsored content|subscribe|subscribe now|table of contents
    tags|top|top stories|topics|trending|tweet|twitter|updated|view comments|view gallery
    view original|watch|watch live|watch now|what to read next|whatsapp|you may also like
    you might also like
    anzeige|werbung|inhaltsverzeichnis|inhalt|kommentare|keine kommentare|kommentar schreiben
    kommentare geschlossen|teilen|drucken|merken|abonnieren|anmelden|schlagwörter|nach oben
    zum seitenanfang|zurück|weiter|mehr erfahren|quelle|quellen
    publicité|partager|imprimer|sommaire|commentaires|laisser un commentaire|s'abonner|retour
    publicidad|compartir|imprimir|comentarios|suscríbete|suscribirse|etiquetas|volver
    pubblicità|condividi|stampa|commenti|abbonati|indice|publicidade|compartilhar|comentários
    hinterlasse eine antwort|schreibe einen kommentar|kommentar hinterlassen|leave a reply
    post a comment|schon gelesen?|zum weiterlesen|lust auf mehr?|deja un comentario
    deja una respuesta|temas
    advertentie|delen|reageer|reacties|annons|dela|kommentarer|reklama|udostępnij|komentarze
    """.splitlines()
    for label in line.split("|")
) - {""}
"""Whole paragraphs, without case and closing punctuation."""

_CREDIT = re.compile(
    r"\bvia Getty|\bGetty Images\b|\bPA (?:Images|Media|Wire)\b|\bAP Photo\b|\bShutterstock\b"
    r"|\bAlamy\b|^(?:Photo(?:graph)?|Picture|Image|Credit|Illustration)s?(?: credits?| by)?\s*:|^©",
    re.IGNORECASE,
)
_MOST_CREDIT = 120

_OPENINGS = re.compile(
    r"""
    (?:image|media|video|photo|picture)\s(?:source|caption|credit|copyright)s?\s?[,:]  # BBC and kin
    |(?:photo(?:graph)?s?|pictures?|image|illustration|credit)(?:\s(?:credit|by))?:\s
    |(?:read|see|watch|listen)\s(?:more|also|next|now|on|this|further)\s?(?:on\sthis\s\w+\s?)?:
    |(?:related|also\sread|more\son\sthis|you\smay\salso\slike|in\spictures|in\sfull|from\sthe\sarchive)\s?:
    |(?:czytaj|zobacz)\s(?:też|także|więcej|również)\s?:|dowiedz\ssię\swięcej\s?:
    |(?:le[ae]|vea|lee)\s(?:también|además)\s?:|(?:le|te)\spuede\sinteresar\s?:|puedes\sver\s?:
    |auch\slesen\s?:|(?:jetzt\s)?lesen\ssie\s(?:hier|auch|dazu|mehr)\s?:|(?:auch\sinteressant|passend\sdazu)\s?:
    |(?:à\s)?lire\s(?:aussi|également)\s?[:»]|leggi\sanche\s?:|leia\s(?:também|mais)\s?:|lees\sook\s?:
    |follow\s.{2,60}\son\s(?:x|twitter|facebook|instagram|telegram|youtube)\b
    |s[ií]g(?:ue|a)nos\s(?:en|por)\b|folgen?\s(?:sie\s)?uns\s(?:auf|bei)\b|suivez-nous\ssur\b
    |(?:read\smore|more)\sfrom\s(?:our|the\sauthor|this)\b
    |(?:share\sthis|share\son|tweet\sthis|follow\sus\son|find\sus\son|like\sus\son|join\sus\son)\b
    |(?:advertisement|sponsored\sby|paid\sfor\sby|in\spartnership\swith)\b(?=[^.]*$)
    |(?:published|first\spublished|last\s(?:updated|modified)|updated|posted)\s?:\s
    |(?:letzte\s(?:änderung|aktualisierung)|zuletzt\sgeändert|aktualisiert(?:\sam)?|veröffentlicht(?:\sam)?|stand
        |ultima\smodifica|pubblicato\sil|dernière\smodification|publié\sle|mis\sà\sjour\sle
        |última\s(?:actualización|modificación)|publicado\sel)\s?:?\s(?=.{0,40}\d)(?=[^.!?]{0,60}$)
    |(?:titel|beitrags|symbol)?(?:bild|foto)(?:nachweis|quelle|credit)?\s?:\s|(?:crédits?\s)?photos?\s:\s
    |\d*\s?(?:kommentare?|comentarios|commentaires|commenti|reacties|kommentarer)(?:\s(?:zu|geschlossen|deaktiviert))?$
    |(?:tags?|schlagwörter|schlagworte|stichworte|kategorien?|mots-clés|etiquetas|topics|filed\sunder|categor(?:y|ies)|posted\sin)\s?:\s
    |(?:this\s(?:web)?site|we(?:\sand\sour\s[\w ]{1,30})?)\s
        (?:uses?|stores?)\s[\w\s,]{0,40}?cookies\b
        (?=\s(?:to|on|and|for|in|when|so|that)\b|[.:;]|$)
    |by\s(?:clicking|tapping|continuing\sto|using\sthis\s(?:web)?site)\b
        .{0,80}\b(?:agree|accept|consent|cookies)\b
    |(?:please\s)?enable\sjavascript\b
    |(?:to\s\w+.{0,60},\s)?(?:please\s)?(?:sign\sup|subscribe|register)\s(?:to|for|here|now|today|and\sget)\b
        (?=.{0,200}(?:newsletter|e-?mail|inbox|bulletin|briefing|alert|podcast|channel|subscri|free
        |digest|access|more))
    |(?:get|have|receive)\s.{3,80}\b(?:delivered|sent|straight|direct(?:ly)?)\b.{0,40}\b(?:inbox|e-?mail|phone)\b
    |(?:download|get)\s(?:our|the)\s.{0,30}\bapp\b(?=.{0,60}(?:store|free|android|iphone|play|today|now))
    |(?:support|back)\sour\s(?:work|journalism|reporting)\b
    |(?:become|be)\sa\s(?:member|subscriber|supporter|patron)\s(?:today|now|from|and)\b
    |(?:do\s)?you\shave\sa\s(?:story|tip)\b|got\sa\s(?:story|tip|news\stip)\b|have\syour\ssay\b
    |(?:(?:©.{0,60})?all(?:e)?\s(?:rights\sreserved|rechte\svorbehalten)|alle\srechte\svorbehalten|tous\sdroits\sr.serv.s|copyright\s(?:©|\(c\)|\d{4})|©\s?\d{4})
    |you(?:\shave|'ve|’ve)?\s(?:are\s|have\s)?(?:read|reached)\s.{0,30}\b(?:free|limit)\b
    |this\s(?:article|story|post)\s(?:contains|may\scontain)\saffiliate\slinks\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""How furniture begins that goes on with words of its own."""

_COUNTER = re.compile(
    r"\d[\d,.]*\s?[km]?\s(?:shares?|comments?|likes?|views?|retweets|min(?:ute)?s?\sread|reactions)"
    r"|(?:reading\stime|estimated\sread(?:ing)?(?:\stime)?)\s?:?\s?\d+\s?min\w*"
    r"|(?:\d+\s)?(?:min(?:ute)?s?|hours?|days?|weeks?)\sago",
    re.IGNORECASE,
)


_LISTING_WORDS = 40
_LISTING_PROSE = 0.25
"""A sentence of so many words, of which so few begin with a small letter, is no sentence.

On the articles of the evaluation sets half of the answering sentences of 25 words and more have at
least 0.8."""

_LEADS_TO_LINKS = re.compile(
    r"(?:read|see|watch)\s(?:more|also|next)(?:\son\sthis\s\w+)?|also\sread|in\sthis\sstory|keep\sreading"
    r"|(?:related|more|top|recommended|latest|popular)\s(?:articles?|stories|topics|content|posts|reading|links"
    r"|internet\slinks|from\s.{2,40}|on\s.{2,40})|most\s(?:read|popular|viewed)"
    r"|you\s(?:may|might)\salso\slike|recommended(?:\sfor\syou)?|related|what\sto\sread\snext"
    # The same in the languages that are told apart elsewhere.
    r"|lesen\ssie\s(?:auch|mehr|dazu).{0,30}|weiterlesen|(?:weitere|mehr|ähnliche)\s(?:artikel|beiträge|themen|links"
    r"|nachrichten|meldungen|(?:informationen\s)?zum\sthema).{0,30}|(?:auch|das)\skönnte\s(?:sie|dich)\s(?:auch\s)?interessier.{0,10}"
    r"|(?:à\s)?lire\s(?:aussi|également)|sur\sle\smême\s(?:sujet|thème)|voir\saussi|articles\s(?:liés|similaires)"
    r"|(?:lea|lee|mira|ver)\s(?:también|además)|te\spuede\sinteresar|notas?\srelacionadas?|artículos?\srelacionados?"
    r"|noticias\srelacionadas|más\s(?:noticias|información)|vous\saimerez\saussi|auch\sinteressant|passend\sdazu|leggi\sanche|articoli\scorrelati|leia\s(?:também|mais)"
    r"|lees\sook|lees\smeer|läs\s(?:också|mer)|læs\s(?:også|mere)|les\sogså|czytaj\s(?:też|także|więcej)",
    re.IGNORECASE,
)
_ENDS_SENTENCE = (".", "!", "?", "…", ":", ";", ",", "”", '"', "»", ")")


def find_clutter(paragraphs: Iterable[str]) -> Iterator[bool]:
    """Tell for each paragraph of an article, in order, whether it is page furniture.

    Headlines that follow a label such as "Read more:" are links to other pages.
    """
    after_label = False
    for paragraph in paragraphs:
        words = " ".join(paragraph.split()).strip("*_# ")
        link = after_label and len(words) < _MOST_CREDIT and not words.endswith(_ENDS_SENTENCE)
        found = link or is_clutter(words)
        if found and not link:
            after_label = bool(_LEADS_TO_LINKS.fullmatch(words.rstrip(" .:…»>→")))
        elif not found:
            after_label = False
        yield found


def is_clutter(text: str) -> bool:
    """Return whether a whole paragraph is page furniture rather than part of the article."""
    words = " ".join(text.split()).strip("*_# ")
    if not words or len(words) > _MOST:
        return False
    bare = words.casefold().rstrip(" :…»>→|").lstrip("«<←|▶► ")
    return (
        bare in _BUTTONS
        or bool(_LEADS_TO_LINKS.fullmatch(bare))
        or bool(_OPENINGS.match(words) or _COUNTER.fullmatch(bare))
        or _is_credit(words)
        or only_date(words) is not None
    )


def _is_credit(words: str) -> bool:
    """Return whether a paragraph only says who took a picture."""
    return (
        len(words) < _MOST_CREDIT
        and not words.endswith((".", "!", "?"))
        and bool(_CREDIT.search(words))
    )


def is_listing(sentence: str) -> bool:
    """Return whether a long "sentence" is a run of names and figures: a flattened table or menu.

    Words all in capitals tell nothing, nor do those of scripts without small letters. What ends
    like a sentence may be one that lists names.
    """
    if sentence.rstrip().endswith(_ENDS_SENTENCE):
        return False
    words = [word.lstrip("\"'“‘(«„[") for word in sentence.split()]
    if len(words) < _LISTING_WORDS:
        return False
    small = sum(word[:1].islower() for word in words)
    other = sum(word[:1].isdigit() or word.istitle() for word in words)
    return small + other >= _LISTING_WORDS // 2 and small < _LISTING_PROSE * (small + other)
