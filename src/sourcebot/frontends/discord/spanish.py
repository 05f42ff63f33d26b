"""The bot's sentences in Spanish."""

from __future__ import annotations

from sourcebot.frontends.discord.words import Words
from sourcebot.types import AbstentionReason, AnswerType, Relation
from sourcebot.types.claims import Verdict, Wording
from sourcebot.types.waiting import Happened

SPANISH = Words(
    language="es",
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Todavía no hay artículos.",
        AbstentionReason.NOTHING_RELEVANT: "No se encontró nada sobre esto en los artículos.",
        AbstentionReason.NOT_STATED: (
            "No se encontró respuesta: los artículos tocan el tema, "
            "pero es probable que ninguna cita responda."
        ),
        AbstentionReason.UNSURE: (
            "No se encontró una respuesta segura, pero una "
            "de las citas más cercanas puede responder."
        ),
        AbstentionReason.UNCLEAR: (
            "No está claro a qué se refiere esta pregunta. Pregunte con una frase completa."
        ),
    },
    nearest="Las citas más cercanas; no es seguro que alguna responda:",
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
    spoken="en {language}",
    unread=(
        "Los modelos no leen este idioma ({language}): la respuesta puede estar ahí de todos modos."
    ),
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
    how_to_ask=(
        "Hazme una pregunta: menciona mi nombre, escríbeme o usa {ask}. La moderación de un "
        "servidor puede leer lo que se pregunta en él, pero no quién lo pregunta."
    ),
    hello="¡Hola!",
    welcome="De nada.",
    not_understood="No lo he entendido como una pregunta.",
    readable="la moderación puede leer las preguntas",
    joined_title="Hola, soy sourcebot",
    joined=(
        "Respondo a preguntas con citas literales de una colección de artículos, cada una con su "
        "fuente, y lo digo cuando los artículos no responden.\n\n"
        "**Todos**: preguntad con {ask}, mencionadme, o responded a una respuesta para seguir. "
        "{sources} muestra los artículos, {about} dice lo que conservo, {delete} borra lo que "
        "conservo de ti.\n**Moderación**: {scope} limita los artículos para el servidor, un "
        "canal o "
        "un rol, {quiet} me hace callar donde no puedo responder, {gaps} muestra lo que quedó sin "
        "respuesta. Podéis leer las preguntas hechas aquí, pero no quién las hizo."
    ),
    no_direct="No respondo a mensajes directos. Pregunta en un servidor.",
    no_shared=(
        "En mensajes directos solo respondo a miembros de un servidor en el que estoy, con lo que "
        "ese servidor permite."
    ),
    owners_only="Solo pueden hacerlo los dueños de la aplicación de este bot.",
    delete_ask=(
        "Esto borra para siempre, en todos los servidores, lo que conservo de ti: tus "
        "preguntas con "
        "sus respuestas, votos e informes. Los botones bajo tus respuestas dejarán de "
        "funcionar. Los "
        "mensajes en Discord se quedan: bórralos tú. ¿Borrar?"
    ),
    delete_yes="Borrar",
    delete_no="Conservar",
    deleted="Borrado. Respuestas: {count}.",
    kept="No se ha borrado nada.",
    interrupted="Me interrumpieron antes de poder responder. Vuelve a preguntar.",
    not_a_date="«{value}» no es una fecha. Escríbela como 2021-07-20.",
    empty_question="La pregunta está vacía.",
    long_question="La pregunta es demasiado larga: se leen {most} caracteres como mucho.",
    scope_too_narrow=(
        "El alcance fijado aquí no deja ningún artículo. La moderación puede ampliarlo."
    ),
    none_like="Ningún artículo se parece a «{value}». {sources} los muestra todos.",
    none_left="Los filtros juntos no dejan ningún artículo.",
    did_you_mean="¿Quieres decir {names}?",
    erase_hint="{delete} borra lo que se conserva de ti.",
    parts="Entendido como {count} preguntas: {questions}",
    open="Sin respuesta",
    differ={
        Relation.CONTRADICTION: "Las fuentes se contradicen:",
        Relation.LATER: "Las fuentes dan valores de días distintos:",
        Relation.OTHER_SUBJECT: ("Las fuentes difieren, quizá porque hablan de cosas distintas:"),
    },
    refers="¿A qué se refiere «{word}»: {options}?",
    later="Dicho después",
    either=" o ",
    one_place="Elige un canal o un rol, no los dos.",
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
    stages={
        "Reading": "Lectura",
        "Embedding": "Vectorización",
        "Writing": "Escritura",
        "asking followed questions": "Preguntas seguidas",
    },
    verdicts={
        Verdict.SUPPORTS: "Los artículos lo apoyan",
        Verdict.CONTRADICTS: "Los artículos lo contradicen",
        Verdict.PARTLY: "Los artículos lo apoyan en parte",
        Verdict.SILENT: "Los artículos no dicen nada de esto",
        Verdict.UNSURE: "Inseguro: los artículos hablan de esto, pero ningún veredicto es seguro",
    },
    stances={
        Verdict.SUPPORTS: "A favor",
        Verdict.CONTRADICTS: "En contra",
        Verdict.UNSURE: "Sobre esto",
    },
    wordings={
        Wording.VERBATIM: "las palabras están así en el artículo",
        Wording.ALTERED: "las palabras no están así en el artículo",
        Wording.NOT_FOUND: "las palabras no están en ningún artículo",
    },
    happened={
        Happened.ANSWERED: "Los artículos responden ahora a una pregunta que se sigue aquí.",
        Happened.CHANGED: (
            "Los artículos responden ahora de otra manera a una pregunta que se sigue aquí."
        ),
        Happened.WITHDRAWN: "Los artículos ya no responden a una pregunta que se sigue aquí.",
    },
    keeps_followers="Quién sigue una pregunta se guarda, cifrado, hasta que termina.",
    follow="Avísame cuando haya respuesta",
    followed=(
        "Vuelvo a hacer esta pregunta cuando cambian los artículos y respondo aquí. "
        "{following} la muestra, la silencia y la termina."
    ),
    too_many_followed="Ya sigues {most} preguntas. Termina antes una con {following}.",
    not_followed="No sigues esta pregunta.",
    ended="Ya no la sigues.",
    following="Preguntas que sigues",
    none_followed=(
        "No sigues ninguna pregunta. El botón bajo una pregunta sin respuesta lo empieza."
    ),
    waiting_now="en espera",
    answered_now="respondida",
    muted="silenciada",
    since_day="desde el {day}",
    mute="Silenciar {number}",
    unmute="Avisar de {number}",
    end="Terminar {number}",
    stop_telling="No avisarme más",
    waited_for="la siguen {people}",
    checked="Lo que dicen los artículos",
    nothing_to_check="Ninguna frase de este mensaje afirma algo que se pueda comprobar.",
    first_sentences="las primeras {shown} de {count} frases; el archivo las tiene todas",
    no_truth="lo que dicen los artículos, no si es verdad",
    stated="dicho",
    not_stated="no dicho",
    left_out="Los puntos suspensivos omiten «{words}».",
    turning="Lo omitido invierte el sentido: {words}.",
    beside="Al lado: «{words}»",
    added_words="Añadido en la cita: «{words}».",
    missing_words="Falta en la cita: «{words}».",
    other_words="Citado «{quoted}», en el artículo «{original}».",
)
