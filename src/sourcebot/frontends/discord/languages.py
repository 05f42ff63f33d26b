"""The bot's sentences in German, French and Spanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.frontends.discord.words import ENGLISH, Words
from sourcebot.text.answer_types import AnswerType
from sourcebot.types import AbstentionReason

if TYPE_CHECKING:
    from collections.abc import Mapping

GERMAN = Words(
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Es gibt noch keine Artikel.",
        AbstentionReason.NOTHING_RELEVANT: (
            "Die Artikel beantworten das nicht: Nichts in ihnen gehört dazu."
        ),
        AbstentionReason.NOT_STATED: (
            "Die Artikel beantworten das nicht: Sie berühren das Thema, sagen es aber nicht."
        ),
        AbstentionReason.UNCLEAR: (
            "Es ist nicht klar, worauf sich diese Frage bezieht. Bitte in einem ganzen Satz fragen."
        ),
    },
    nearest="Die nächsten Zitate, die nicht antworten:",
    facts={
        AnswerType.DATE: "ein Datum oder eine Zeit",
        AnswerType.NUMBER: "eine Zahl",
        AnswerType.SUM: "ein Geldbetrag",
        AnswerType.NAME: "ein Name",
        AnswerType.PLACE: "ein Ort",
        AnswerType.REASON: "ein Grund",
        AnswerType.OTHER: "",
    },
    months=("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    date="{day}. {month} {year}",
    missing="Was fehlt: {fact}.",
    covered="Die nächsten Artikel:",
    paragraph="Absatz {number}",
    page_number="Seite {number}",
    slide_number="Folie {number}",
    sheet_name="Tabellenblatt {number}",
    time="bei {number}",
    refused="Keine Antwort in den Artikeln",
    also="Auch in",
    confidence="Sicherheit {percent}",
    verbatim="wörtliches Zitat",
    more_quotes="Mehr Zitate",
    context="Zusammenhang",
    helpful="Hilfreich",
    not_helpful="Nicht hilfreich",
    thanks="Danke, notiert.",
    meant="Verstanden als: {question}",
    shortened="Die Nachricht ist lang: Nur ihre ersten {count} Zeichen wurden gelesen.",
    here="Unten beantwortet.",
    busy="Gerade warten zu viele Fragen. Bitte frag in einer Minute noch einmal.",
    throttled=(
        "Discord lässt mich gerade zu wenig senden (Rate-Limit), darum kam deine Antwort nicht an. "
        "Bitte frag in einer Minute noch einmal."
    ),
    limited=(
        "Discord lässt mich gerade nichts in {channel} senden (Rate-Limit), "
        "darum antworte ich hier."
    ),
    cooldown="Bitte warte {seconds} s bis zur nächsten Frage.",
    wrong="Etwas ist schiefgegangen",
    failed=(
        "Das hat nicht geklappt und ist protokolliert. Kommt es wieder vor, nenne dem Betreiber "
        "des Bots die Referenz unten."
    ),
    unusable="Die Frage lässt sich so nicht stellen",
    no_index="Der Index ist gerade nicht benutzbar. Bitte sag dem Betreiber des Bots Bescheid.",
    reference="Referenz {reference}",
    gone="Diese Antwort wird nicht mehr aufbewahrt. Bitte frag noch einmal.",
    no_more="Es gibt keine weiteren Zitate.",
    how_to_ask="Stell mir eine Frage: erwähne mich darin, schreib sie mir, oder nimm /ask.",
    no_text="In dieser Nachricht ist kein Text, den ich lesen könnte.",
    not_mine="Das ist keine Antwort von mir, die ich noch kenne.",
    report_title="Diese Antwort melden",
    report_label="Was stimmt nicht daran?",
    reported="Danke. Die Moderation dieses Servers kann deine Meldung lesen.",
    moderators_only="Das darf nur, wer den Server verwalten darf.",
    servers_only="Das geht nur auf Servern.",
    sources="Artikel",
    no_sources="Hier gibt es keine Artikel.",
    page="Seite {page} von {pages} · Artikel: {articles}",
    previous="Zurück",
    next="Weiter",
    about=(
        "Ich antworte mit wörtlichen Zitaten aus einer Sammlung von Artikeln, jedes mit seiner "
        "Quelle, und sage es, wenn die Artikel nicht antworten. Ich schreibe keinen eigenen Text, "
        "kann also auch keinen erfinden. Die Wörter, die antworten, sind fett; die Sicherheit ist "
        "die geschätzte Wahrscheinlichkeit, dass das Zitat antwortet."
    ),
    privacy="Datenschutz",
    keeps=(
        "Fragen, Antworten und Rückmeldungen werden {days} Tage aufbewahrt, mit einem "
        "verschlüsselten Hash statt der fragenden Person. Ich lese nur Nachrichten, die mich "
        "erwähnen, mir antworten oder an mich gehen."
    ),
    keeps_nothing=(
        "Fragen werden nicht aufbewahrt, Antworten {days} Tage lang für ihre Knöpfe. Ich lese nur "
        "Nachrichten, die mich erwähnen, mir antworten oder an mich gehen."
    ),
    building="Die Artikel werden schon eingelesen.",
    indexing="Artikel werden eingelesen",
    starting="Es geht los",
    meanwhile="Fragen werden solange aus dem alten Index beantwortet.",
    indexed="Der Index ist neu",
    up_to_date="Der Index ist auf dem neuesten Stand",
    summary="{added} neu, {changed} geändert, {removed} entfernt, {unchanged} unverändert",
    failed_files="Unbrauchbare Dateien: {count}",
    totals="Artikel: {articles} · Absätze: {paragraphs} · {seconds} s",
    scope="Geltungsbereich",
    scope_all="Der Server antwortet aus allen Artikeln.",
    scope_empty="Es bliebe kein Artikel übrig: Nichts wurde geändert.",
    whole_server="Der ganze Server",
    publishers="Herausgeber",
    allowed="erlaubte Artikel: {count}",
    quiet_on=(
        "In {channel} rede ich nur, wenn ich antworten kann. Unter Erwähnungen ohne Antwort setze "
        "ich \U0001f937; Befehle werden nur dir gegenüber abgelehnt."
    ),
    quiet_off="In {channel} sage ich es auch, wenn die Artikel nicht antworten.",
    gaps="Fragen ohne Antwort",
    no_gaps="Jede Frage fand eine Antwort, oder es gab keine.",
    not_kept="Fragen werden nicht aufbewahrt: log_questions ist aus.",
    asked="{times}× gefragt, Personen: {people}",
    gaps_total="Fragen: {gaps} · beanstandete Antworten: {complaints} · alle in den Dateien",
    moved="In {channel} darf ich nicht schreiben, darum antworte ich hier.",
)

FRENCH = Words(
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Il n’y a pas encore d’articles.",
        AbstentionReason.NOTHING_RELEVANT: (
            "Les articles n’y répondent pas : rien en eux n’a de rapport."
        ),
        AbstentionReason.NOT_STATED: (
            "Les articles n’y répondent pas : ils touchent au sujet, mais ne le disent pas."
        ),
        AbstentionReason.UNCLEAR: (
            "On ne voit pas à quoi cette question se rapporte. Posez-la en une phrase complète."
        ),
    },
    nearest="Les citations les plus proches, qui ne répondent pas :",
    facts={
        AnswerType.DATE: "une date ou une heure",
        AnswerType.NUMBER: "un nombre",
        AnswerType.SUM: "une somme d’argent",
        AnswerType.NAME: "un nom",
        AnswerType.PLACE: "un lieu",
        AnswerType.REASON: "une raison",
        AnswerType.OTHER: "",
    },
    months=("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    missing="Ce qui manque : {fact}.",
    covered="Les articles les plus proches :",
    paragraph="paragraphe {number}",
    page_number="page {number}",
    slide_number="diapositive {number}",
    sheet_name="feuille {number}",
    time="à {number}",
    refused="Pas de réponse dans les articles",
    also="Aussi dans",
    confidence="confiance {percent}",
    verbatim="citation littérale",
    more_quotes="Plus de citations",
    context="Contexte",
    helpful="Utile",
    not_helpful="Pas utile",
    thanks="Merci, c’est noté.",
    meant="Compris comme : {question}",
    shortened="Le message est long : seuls ses {count} premiers caractères ont été lus.",
    here="Réponse ci-dessous.",
    busy="Trop de questions attendent en ce moment. Réessayez dans une minute.",
    throttled=(
        "Discord limite mes envois en ce moment, votre réponse n’a donc pas pu être remise. "
        "Réessayez dans une minute."
    ),
    limited="Discord ne me laisse rien envoyer dans {channel} en ce moment : je réponds donc ici.",
    cooldown="Attendez encore {seconds} s avant de poser une autre question.",
    wrong="Quelque chose n’a pas marché",
    failed=(
        "Cela n’a pas marché et se trouve dans le journal. Si cela se répète, donnez à qui gère "
        "ce bot la référence ci-dessous."
    ),
    unusable="La question n’est pas utilisable",
    no_index="L’index n’est pas utilisable en ce moment. Prévenez qui gère ce bot.",
    reference="référence {reference}",
    gone="Cette réponse n’est plus conservée. Posez la question à nouveau.",
    no_more="Il n’y a pas d’autres citations.",
    how_to_ask=("Posez-moi une question : mentionnez-moi, écrivez-moi en privé ou utilisez /ask."),
    no_text="Ce message ne contient pas de texte que je puisse lire.",
    not_mine="Ce n’est pas une de mes réponses, ou je ne la connais plus.",
    report_title="Signaler cette réponse",
    report_label="Qu’est-ce qui ne va pas ?",
    reported="Merci. La modération de ce serveur peut lire votre signalement.",
    moderators_only="Il faut pouvoir gérer le serveur pour faire cela.",
    servers_only="Cela ne marche que sur un serveur.",
    sources="Articles",
    no_sources="Il n’y a pas d’articles ici.",
    page="page {page} sur {pages} · articles : {articles}",
    previous="Précédent",
    next="Suivant",
    about=(
        "Je réponds par des citations littérales d’une collection d’articles, chacune avec sa "
        "source, et je le dis quand les articles ne répondent pas. Je n’écris rien moi-même, donc "
        "je ne peux rien inventer. Les mots qui répondent sont en gras ; la confiance est la "
        "probabilité estimée que la citation réponde."
    ),
    privacy="Vie privée",
    keeps=(
        "Questions, réponses et avis sont conservés {days} jours, avec une empreinte chiffrée à "
        "la place de l’identité. Je ne lis que les messages qui me mentionnent, me répondent ou "
        "me sont envoyés."
    ),
    keeps_nothing=(
        "Les questions ne sont pas conservées ; les réponses le sont {days} jours pour leurs "
        "boutons. Je ne lis que les messages qui me mentionnent, me répondent ou me sont envoyés."
    ),
    building="Les articles sont déjà en cours d’indexation.",
    indexing="Indexation",
    starting="Début",
    meanwhile="En attendant, l’ancien index répond aux questions.",
    indexed="L’index est nouveau",
    up_to_date="L’index est à jour",
    summary="{added} ajoutés, {changed} modifiés, {removed} retirés, {unchanged} inchangés",
    failed_files="Fichiers inutilisables : {count}",
    totals="articles : {articles} · paragraphes : {paragraphs} · {seconds} s",
    scope="Portée",
    scope_all="Le serveur répond à partir de tous les articles.",
    scope_empty="Il ne resterait aucun article : rien n’a été changé.",
    whole_server="Tout le serveur",
    publishers="Éditeurs",
    allowed="articles permis : {count}",
    quiet_on=(
        "Dans {channel} je ne parle que si je peux répondre. Sous une mention sans réponse je mets "
        "\U0001f937 ; les refus aux commandes restent privés."
    ),
    quiet_off="Dans {channel} je dis aussi quand les articles ne répondent pas.",
    gaps="Questions sans réponse",
    no_gaps="Chaque question a trouvé une réponse, ou aucune n’a été posée.",
    not_kept="Les questions ne sont pas conservées : log_questions est désactivé.",
    asked="posée {times}×, personnes : {people}",
    gaps_total="questions : {gaps} · réponses contestées : {complaints} · toutes dans les fichiers",
    moved="Je n’ai pas le droit d’écrire dans {channel}, je réponds donc ici.",
)

SPANISH = Words(
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Todavía no hay artículos.",
        AbstentionReason.NOTHING_RELEVANT: (
            "Los artículos no responden a esto: nada en ellos tiene que ver."
        ),
        AbstentionReason.NOT_STATED: (
            "Los artículos no responden a esto: tocan el tema, pero no lo dicen."
        ),
        AbstentionReason.UNCLEAR: (
            "No está claro a qué se refiere esta pregunta. Pregunte con una frase completa."
        ),
    },
    nearest="Las citas más cercanas, que no responden:",
    facts={
        AnswerType.DATE: "una fecha o una hora",
        AnswerType.NUMBER: "un número",
        AnswerType.SUM: "una suma de dinero",
        AnswerType.NAME: "un nombre",
        AnswerType.PLACE: "un lugar",
        AnswerType.REASON: "una razón",
        AnswerType.OTHER: "",
    },
    months=(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    date="{day} de {month} de {year}",
    missing="Lo que falta: {fact}.",
    covered="Los artículos más cercanos:",
    paragraph="párrafo {number}",
    page_number="página {number}",
    slide_number="diapositiva {number}",
    sheet_name="hoja {number}",
    time="en {number}",
    refused="Sin respuesta en los artículos",
    also="También en",
    confidence="confianza {percent}",
    verbatim="cita literal",
    more_quotes="Más citas",
    context="Contexto",
    helpful="Útil",
    not_helpful="No es útil",
    thanks="Gracias, anotado.",
    meant="Entendido como: {question}",
    shortened="El mensaje es largo: solo se leyeron sus primeros {count} caracteres.",
    here="Respondido abajo.",
    busy="Hay demasiadas preguntas en espera. Vuelve a preguntar en un minuto.",
    throttled=(
        "Discord limita lo que puedo enviar ahora, así que tu respuesta no se pudo entregar. "
        "Vuelve a preguntar en un minuto."
    ),
    limited="Discord no me deja enviar nada a {channel} ahora, así que respondo aquí.",
    cooldown="Espera {seconds} s antes de volver a preguntar.",
    wrong="Algo ha fallado",
    failed=(
        "No ha funcionado y está en el registro. Si se repite, da a quien lleva este bot la "
        "referencia de abajo."
    ),
    unusable="La pregunta no se puede usar",
    no_index="El índice no se puede usar ahora. Avisa a quien lleva este bot.",
    reference="referencia {reference}",
    gone="Esta respuesta ya no se conserva. Vuelve a preguntar.",
    no_more="No hay más citas.",
    how_to_ask="Hazme una pregunta: menciona mi nombre, escríbeme o usa /ask.",
    no_text="En este mensaje no hay texto que pueda leer.",
    not_mine="No es una respuesta mía que aún conozca.",
    report_title="Informar de esta respuesta",
    report_label="¿Qué está mal?",
    reported="Gracias. La moderación de este servidor puede leer tu informe.",
    moderators_only="Solo puede hacerlo quien puede gestionar el servidor.",
    servers_only="Esto solo funciona en servidores.",
    sources="Artículos",
    no_sources="Aquí no hay artículos.",
    page="página {page} de {pages} · artículos: {articles}",
    previous="Anterior",
    next="Siguiente",
    about=(
        "Respondo con citas literales de una colección de artículos, cada una con su fuente, y lo "
        "digo cuando los artículos no responden. No escribo texto propio, así que no puedo "
        "inventarlo. Las palabras que responden van en negrita; la confianza es la probabilidad "
        "estimada de que la cita responda."
    ),
    privacy="Privacidad",
    keeps=(
        "Preguntas, respuestas y opiniones se conservan {days} días, con un hash cifrado en lugar "
        "de quien preguntó. Solo leo mensajes que me mencionan, me responden o me llegan."
    ),
    keeps_nothing=(
        "Las preguntas no se conservan; las respuestas, {days} días para sus botones. Solo leo "
        "mensajes que me mencionan, me responden o me llegan."
    ),
    building="Los artículos ya se están indexando.",
    indexing="Indexando",
    starting="Empezando",
    meanwhile="Mientras tanto responde el índice anterior.",
    indexed="El índice es nuevo",
    up_to_date="El índice está al día",
    summary="{added} añadidos, {changed} cambiados, {removed} quitados, {unchanged} iguales",
    failed_files="Archivos que no se pueden usar: {count}",
    totals="artículos: {articles} · párrafos: {paragraphs} · {seconds} s",
    scope="Alcance",
    scope_all="El servidor responde con todos los artículos.",
    scope_empty="No quedaría ningún artículo: no se cambió nada.",
    whole_server="Todo el servidor",
    publishers="Editores",
    allowed="artículos permitidos: {count}",
    quiet_on=(
        "En {channel} solo hablo cuando puedo responder. Bajo una mención sin respuesta pongo "
        "\U0001f937; a los comandos solo te lo digo a ti."
    ),
    quiet_off="En {channel} también digo cuando los artículos no responden.",
    gaps="Preguntas sin respuesta",
    no_gaps="Todas las preguntas hallaron respuesta, o no hubo ninguna.",
    not_kept="Las preguntas no se conservan: log_questions está apagado.",
    asked="preguntado {times}×, personas: {people}",
    gaps_total="preguntas: {gaps} · respuestas criticadas: {complaints} · todo en los archivos",
    moved="No puedo escribir en {channel}, así que respondo aquí.",
)

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def words_for(locale: object) -> Words:
    """Return the sentences for a Discord locale such as ``en-GB``; English for unknown ones."""
    return LANGUAGES.get(str(locale).partition("-")[0], ENGLISH)
