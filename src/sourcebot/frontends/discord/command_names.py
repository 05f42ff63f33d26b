"""Names and descriptions of the commands, in the languages that the bot speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

if TYPE_CHECKING:
    from discord.app_commands import TranslationContextTypes, locale_str

_LOCALES = {
    discord.Locale.german: "de",
    discord.Locale.french: "fr",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
TEXTS: dict[str, dict[str, str]] = {
    # Names: Discord shows them in place of the English ones and sends the English ones to the bot.
    "ask": {"de": "fragen", "fr": "demander", "es": "preguntar"},
    "sources": {"de": "quellen", "fr": "sources", "es": "fuentes"},
    "about": {"de": "info", "fr": "apropos", "es": "acerca"},
    "delete-my-data": {
        "de": "meine-daten-löschen",
        "fr": "supprimer-mes-données",
        "es": "borrar-mis-datos",
    },
    "reindex": {"de": "neu-einlesen", "fr": "réindexer", "es": "reindexar"},
    "scope": {"de": "geltungsbereich", "fr": "portée", "es": "alcance"},
    "quiet": {"de": "leise", "fr": "discret", "es": "silencio"},
    "gaps": {"de": "lücken", "fr": "lacunes", "es": "lagunas"},
    "Ask about this": {"de": "Danach fragen", "fr": "Poser cette question", "es": "Preguntar esto"},
    "check": {"de": "prüfen", "fr": "vérifier", "es": "comprobar"},
    "following": {"de": "folgen", "fr": "suivi", "es": "seguidas"},
    "Check with sourcebot": {
        "de": "Mit sourcebot prüfen",
        "fr": "Vérifier avec sourcebot",
        "es": "Comprobar con sourcebot",
    },
    "Report answer": {
        "de": "Antwort melden",
        "fr": "Signaler la réponse",
        "es": "Informar de la respuesta",
    },
    "question": {"de": "frage", "fr": "question", "es": "pregunta"},
    "source": {"de": "quelle", "fr": "source", "es": "fuente"},
    "since": {"de": "seit", "fr": "depuis", "es": "desde"},
    "as-of": {"de": "stichtag", "fr": "à-la-date", "es": "a-fecha"},
    "claim": {"de": "aussage", "fr": "affirmation", "es": "afirmación"},
    "private": {"de": "privat", "fr": "privé", "es": "privado"},
    "publishers": {"de": "herausgeber", "fr": "éditeurs", "es": "editores"},
    "channel": {"de": "kanal", "fr": "salon", "es": "canal"},
    "role": {"de": "rolle", "fr": "rôle", "es": "rol"},
    "clear": {"de": "aufheben", "fr": "effacer", "es": "quitar"},
    "on": {"de": "an", "fr": "activé", "es": "activado"},
    # Descriptions
    "Ask a question: answered with quotes from the articles": {
        "de": "Eine Frage stellen: beantwortet mit Zitaten aus den Artikeln",
        "fr": "Poser une question : la réponse vient en citations des articles",
        "es": "Hacer una pregunta: se responde con citas de los artículos",
    },
    "What do you want to know? Moderators can read it, not who asked": {
        "de": "Was willst du wissen? Die Moderation kann es lesen, nicht, wer fragt",
        "fr": "Que voulez-vous savoir ? La modération peut le lire, sans votre nom",
        "es": "¿Qué quieres saber? La moderación puede leerlo, sin tu nombre",
    },
    "Only articles whose name or title is like this": {
        "de": "Nur Artikel, deren Name oder Titel so lautet",
        "fr": "Seulement les articles dont le nom ou le titre y ressemble",
        "es": "Solo artículos con un nombre o título así",
    },
    "Only articles published then or later, such as 2021-07": {
        "de": "Nur Artikel, die dann oder später erschienen, etwa 2021-07",
        "fr": "Seulement les articles parus alors ou plus tard, comme 2021-07",
        "es": "Solo artículos publicados entonces o después, como 2021-07",
    },
    "What was known on that day, such as 2021-07-20; what came later stands apart": {
        "de": "Was an dem Tag bekannt war, etwa 2021-07-20; Späteres steht für sich",
        "fr": "Ce que l’on savait ce jour-là, comme 2021-07-20 ; la suite est à part",
        "es": "Lo que se sabía ese día, como 2021-07-20; lo posterior va aparte",
    },
    "Show the answer to you alone": {
        "de": "Die Antwort nur dir zeigen",
        "fr": "Ne montrer la réponse qu’à vous",
        "es": "Mostrar la respuesta solo a ti",
    },
    "What the articles say of a sentence: for, against or nothing": {
        "de": "Was die Artikel zu einem Satz sagen: dafür, dagegen oder nichts",
        "fr": "Ce que les articles disent d’une phrase : pour, contre ou rien",
        "es": "Lo que los artículos dicen de una frase: a favor, en contra o nada",
    },
    "A sentence that says something; words in quotation marks are looked up as words": {
        "de": "Ein Satz, der etwas aussagt; was in Anführungszeichen steht, wird wörtlich gesucht",
        "fr": "Une phrase qui affirme ; les mots entre guillemets sont cherchés tels quels",
        "es": "Una frase que afirma algo; lo que va entre comillas se busca tal cual",
    },
    "The questions that you follow: mute them or end that": {
        "de": "Die Fragen, denen du folgst: stumm schalten oder beenden",
        "fr": "Les questions que vous suivez : sourdine ou fin du suivi",
        "es": "Las preguntas que sigues: silenciarlas o terminar",
    },
    "List the articles that answers are quoted from": {
        "de": "Die Artikel, aus denen zitiert wird",
        "fr": "Les articles dont viennent les citations",
        "es": "Los artículos de los que salen las citas",
    },
    "What this bot is, and what it keeps": {
        "de": "Was dieser Bot ist und was er aufbewahrt",
        "fr": "Ce qu’est ce bot et ce qu’il conserve",
        "es": "Qué es este bot y qué conserva",
    },
    "Delete what this bot keeps of you: questions, answers, votes, reports": {
        "de": "Löschen, was der Bot von dir aufbewahrt: Fragen, Antworten, Stimmen, Meldungen",
        "fr": "Supprimer ce que le bot garde de vous : questions, réponses, avis, signalements",
        "es": "Borrar lo que el bot guarda de ti: preguntas, respuestas, votos, informes",
    },
    "Take in added, changed and removed articles (owners of the bot)": {
        "de": "Neue, geänderte und entfernte Artikel einlesen (nur Betreiber des Bots)",
        "fr": "Relire les articles ajoutés, modifiés et retirés (propriétaires du bot)",
        "es": "Leer artículos añadidos, cambiados y quitados (dueños del bot)",
    },
    "Show or set which articles this server, a channel or a role is answered from": {
        "de": (
            "Zeigen oder festlegen, aus welchen Artikeln Server, Kanal oder Rolle Antwort bekommen"
        ),
        "fr": "Voir ou choisir les articles pour le serveur, un salon ou un rôle",
        "es": "Ver o fijar con qué artículos se responde al servidor, a un canal o a un rol",
    },
    "Parts of titles or paths, or patterns like north/*; several separated by ;": {
        "de": "Teile von Titeln oder Pfaden oder Muster wie north/*; mehrere mit ; getrennt",
        "fr": "Parties de titres ou de chemins, ou motifs comme north/* ; séparés par ;",
        "es": "Partes de títulos o rutas, o patrones como north/*; varios separados por ;",
    },
    "Parts of publishers' names; several separated by ;": {
        "de": "Teile von Namen der Herausgeber; mehrere mit ; getrennt",
        "fr": "Parties de noms d’éditeurs ; séparées par ;",
        "es": "Partes de nombres de editores; varias separadas por ;",
    },
    "Only in this channel and its threads, instead of the whole server": {
        "de": "Nur in diesem Kanal und seinen Threads, statt auf dem ganzen Server",
        "fr": "Seulement dans ce salon et ses fils, au lieu de tout le serveur",
        "es": "Solo en este canal y sus hilos, en vez de todo el servidor",
    },
    "Only for who has this role, instead of the whole server": {
        "de": "Nur für alle mit dieser Rolle, statt für den ganzen Server",
        "fr": "Seulement pour qui a ce rôle, au lieu de tout le serveur",
        "es": "Solo para quien tiene este rol, en vez de todo el servidor",
    },
    "Answer from all articles again": {
        "de": "Wieder aus allen Artikeln antworten",
        "fr": "Répondre de nouveau à partir de tous les articles",
        "es": "Responder otra vez con todos los artículos",
    },
    "In a quiet channel I speak only when I can answer": {
        "de": "In einem leisen Kanal rede ich nur, wenn ich antworten kann",
        "fr": "Dans un salon discret, je ne parle que si je peux répondre",
        "es": "En un canal en silencio solo hablo cuando puedo responder",
    },
    "Quiet or not": {"de": "Leise oder nicht", "fr": "Discret ou non", "es": "En silencio o no"},
    "Which channel, instead of this one": {
        "de": "Welcher Kanal, statt diesem",
        "fr": "Quel salon, au lieu de celui-ci",
        "es": "Qué canal, en lugar de este",
    },
    "List the questions that found no answer, most asked first": {
        "de": "Die Fragen ohne Antwort, die häufigsten zuerst",
        "fr": "Les questions restées sans réponse, les plus posées d’abord",
        "es": "Las preguntas sin respuesta, las más repetidas primero",
    },
}
"""English text -> language -> text."""


class Translations(app_commands.Translator):
    """What discord.py asks for each name and description when commands are registered."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: TranslationContextTypes,  # noqa: ARG002 (of the interface)
    ) -> str | None:
        """Return a text in a locale, or None where the English one is to be shown."""
        return TEXTS.get(string.message, {}).get(_LOCALES.get(locale, ""))


def name_of(command: str, language: str) -> str:
    """Return a command as a person of a language sees it, such as "/ask"."""
    return "/" + TEXTS.get(command, {}).get(language, command)
