"""The bot's sentences in German."""

from __future__ import annotations

from sourcebot.frontends.discord.words import Words
from sourcebot.types import AbstentionReason, AnswerType, Relation
from sourcebot.types.claims import Verdict, Wording
from sourcebot.types.waiting import Happened

GERMAN = Words(
    language="de",
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Es gibt noch keine Artikel.",
        AbstentionReason.NOTHING_RELEVANT: (
            "In den Artikeln wurde nichts gefunden, was dazu gehört."
        ),
        AbstentionReason.NOT_STATED: (
            "Keine Antwort gefunden: Die Artikel berühren das "
            "Thema, aber wohl kein Zitat antwortet."
        ),
        AbstentionReason.UNSURE: (
            "Eine sichere Antwort wurde nicht gefunden; eines der nächsten Zitate kann antworten."
        ),
        AbstentionReason.UNCLEAR: (
            "Es ist nicht klar, worauf sich diese Frage bezieht. Bitte in einem ganzen Satz fragen."
        ),
    },
    nearest="Die nächsten Zitate; ob eines antwortet, ist nicht sicher:",
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
    spoken="auf {language}",
    unread=("Die Modelle lesen kein {language}: Was antwortet, kann trotzdem dort stehen."),
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
    how_to_ask=(
        "Stell mir eine Frage: erwähne mich darin, schreib sie mir, oder nimm {ask}. Die "
        "Moderation "
        "eines Servers kann lesen, was dort gefragt wird, aber nicht, wer fragt."
    ),
    hello="Hallo!",
    welcome="Gern geschehen.",
    not_understood="Das habe ich nicht als Frage verstanden.",
    readable="die Moderation kann Fragen lesen",
    joined_title="Hallo, ich bin sourcebot",
    joined=(
        "Ich beantworte Fragen mit wörtlichen Zitaten aus einer Sammlung von Artikeln, jedes mit "
        "seiner Quelle, und sage es, wenn die Artikel nicht antworten.\n\n"
        "**Alle**: mit {ask} fragen, mich in einer Frage erwähnen oder auf eine Antwort antworten, "
        "um weiterzufragen. {sources} zeigt die Artikel, {about} sagt, was ich aufbewahre, "
        "{delete} "
        "löscht, was ich von dir aufbewahre.\n**Moderation**: {scope} begrenzt die Artikel für den "
        "Server, einen Kanal oder eine Rolle, {quiet} lässt mich schweigen, wo ich nicht antworten "
        "kann, {gaps} zeigt, was keine Antwort fand. Ihr könnt die Fragen lesen, die hier gestellt "
        "werden, aber nicht, wer sie stellt."
    ),
    no_direct="In Direktnachrichten antworte ich nicht. Bitte frag auf einem Server.",
    no_shared=(
        "In Direktnachrichten antworte ich nur Mitgliedern eines Servers, auf dem ich bin, und nur "
        "mit dem, was dieser Server erlaubt."
    ),
    owners_only="Das dürfen nur die Betreiber der Anwendung dieses Bots.",
    delete_ask=(
        "Das löscht endgültig und auf allen Servern, was ich von dir aufbewahre: deine Fragen mit "
        "ihren Antworten, Stimmen und Meldungen. Die Knöpfe unter deinen Antworten gehen dann "
        "nicht "
        "mehr. Nachrichten in Discord bleiben: Die lösche selbst. Löschen?"
    ),
    delete_yes="Löschen",
    delete_no="Behalten",
    deleted="Gelöscht. Antworten: {count}.",
    kept="Nichts wurde gelöscht.",
    interrupted="Ich wurde unterbrochen, bevor ich antworten konnte. Bitte frag noch einmal.",
    not_a_date="„{value}“ ist kein Datum. Schreib es als 2021-07-20.",
    empty_question="Die Frage ist leer.",
    long_question="Die Frage ist zu lang: Höchstens {most} Zeichen werden gelesen.",
    scope_too_narrow=(
        "Der Geltungsbereich hier lässt keinen Artikel übrig. Die Moderation kann ihn weiten."
    ),
    none_like="Kein Artikel heißt wie „{value}“. {sources} zeigt alle.",
    none_left="Die Filter zusammen lassen keinen Artikel übrig.",
    did_you_mean="Meinst du {names}?",
    erase_hint="{delete} löscht, was von dir aufbewahrt wird.",
    parts="Verstanden als {count} Fragen: {questions}",
    open="Nicht beantwortet",
    differ={
        Relation.CONTRADICTION: "Die Quellen widersprechen sich:",
        Relation.LATER: "Die Quellen nennen Werte verschiedener Tage:",
        Relation.OTHER_SUBJECT: (
            "Die Quellen unterscheiden sich, vielleicht weil sie von Verschiedenem sprechen:"
        ),
    },
    refers="Worauf bezieht sich „{word}“: {options}?",
    later="Später gesagt",
    either=" oder ",
    one_place="Wähle einen Kanal oder eine Rolle, nicht beides.",
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
    stages={
        "Reading": "Lesen",
        "Embedding": "Einbetten",
        "Writing": "Schreiben",
        "asking followed questions": "Verfolgte Fragen stellen",
    },
    verdicts={
        Verdict.SUPPORTS: "Die Artikel stützen das",
        Verdict.CONTRADICTS: "Die Artikel widersprechen dem",
        Verdict.PARTLY: "Die Artikel stützen das zum Teil",
        Verdict.SILENT: "Die Artikel sagen dazu nichts",
        Verdict.UNSURE: "Unsicher: Die Artikel sprechen davon, aber kein Urteil ist sicher",
    },
    stances={
        Verdict.SUPPORTS: "Dafür",
        Verdict.CONTRADICTS: "Dagegen",
        Verdict.UNSURE: "Dazu",
    },
    wordings={
        Wording.VERBATIM: "Die Wörter stehen so im Artikel",
        Wording.ALTERED: "Die Wörter stehen nicht so im Artikel",
        Wording.NOT_FOUND: "Die Wörter stehen in keinem Artikel",
    },
    happened={
        Happened.ANSWERED: "Die Artikel beantworten jetzt eine hier verfolgte Frage.",
        Happened.CHANGED: "Die Artikel beantworten eine hier verfolgte Frage jetzt anders.",
        Happened.WITHDRAWN: "Die Artikel beantworten eine hier verfolgte Frage nicht mehr.",
    },
    keeps_followers="Wer einer Frage folgt, wird als Hash aufbewahrt, bis das endet.",
    follow="Sag mir, wenn es eine Antwort gibt",
    followed=(
        "Ich stelle diese Frage wieder, wenn sich die Artikel ändern, und antworte hier. "
        "{following} zeigt sie, schaltet sie stumm und beendet das."
    ),
    too_many_followed="Du folgst schon {most} Fragen. Beende erst eine mit {following}.",
    not_followed="Dieser Frage folgst du nicht.",
    ended="Du folgst ihr nicht mehr.",
    following="Verfolgte Fragen",
    none_followed="Du folgst keiner Frage. Der Knopf unter „Keine Antwort“ beginnt das.",
    waiting_now="wartet",
    answered_now="beantwortet",
    muted="stumm",
    since_day="seit {day}",
    mute="{number} stumm",
    unmute="{number} wieder melden",
    end="{number} beenden",
    stop_telling="Nichts mehr davon melden",
    waited_for="darauf warten: {people}",
    checked="Was die Artikel dazu sagen",
    nothing_to_check="Kein Satz dieser Nachricht sagt etwas, das sich nachschlagen ließe.",
    first_sentences="die ersten {shown} von {count} Sätzen; die Datei hat alle",
    no_truth="was die Artikel sagen, nicht, ob es wahr ist",
    stated="steht da",
    not_stated="steht nicht da",
    left_out="Die Auslassung übergeht „{words}“.",
    turning="Was ausgelassen ist, kehrt den Sinn um: {words}.",
    beside="Daneben: „{words}“",
    added_words="Im Zitat hinzugefügt: „{words}“.",
    missing_words="Im Zitat fehlt: „{words}“.",
    other_words="Zitiert „{quoted}“, im Artikel „{original}“.",
)
