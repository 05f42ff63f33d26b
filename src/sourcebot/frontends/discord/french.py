"""The bot's sentences in French."""

from __future__ import annotations

from sourcebot.frontends.discord.words import Words
from sourcebot.types import AbstentionReason, AnswerType, Relation
from sourcebot.types.claims import Verdict, Wording
from sourcebot.types.waiting import Happened

FRENCH = Words(
    language="fr",
    reasons={
        AbstentionReason.NOTHING_INDEXED: "Il n’y a pas encore d’articles.",
        AbstentionReason.NOTHING_RELEVANT: "Rien à ce sujet n’a été trouvé dans les articles.",
        AbstentionReason.NOT_STATED: (
            "Aucune réponse trouvée : les articles touchent au sujet, "
            "mais il est peu probable qu’une citation y réponde."
        ),
        AbstentionReason.UNSURE: (
            "Aucune réponse sûre n’a été trouvée, mais une des citations proches peut répondre."
        ),
        AbstentionReason.UNCLEAR: (
            "On ne voit pas à quoi cette question se rapporte. Posez-la en une phrase complète."
        ),
    },
    nearest="Les citations les plus proches ; aucune ne répond à coup sûr :",
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
    spoken="en {language}",
    unread=(
        "Les modèles ne lisent pas cette langue ({language}) : la réponse peut s’y trouver"
        " malgré tout."
    ),
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
    how_to_ask=(
        "Posez-moi une question : mentionnez-moi, écrivez-moi en privé ou utilisez {ask}. La "
        "modération d’un serveur peut lire ce qui y est demandé, mais pas qui le demande."
    ),
    hello="Bonjour !",
    welcome="Avec plaisir.",
    not_understood="Je n’ai pas compris cela comme une question.",
    readable="la modération peut lire les questions",
    joined_title="Bonjour, je suis sourcebot",
    joined=(
        "Je réponds aux questions par des citations littérales d’une collection d’articles, "
        "chacune "
        "avec sa source, et je le dis quand les articles ne répondent pas.\n\n"
        "**Tout le monde** : posez une question avec {ask}, mentionnez-moi, ou répondez à une "
        "réponse pour continuer. {sources} montre les articles, {about} dit ce que je conserve, "
        "{delete} supprime ce que je conserve de vous.\n**Modération** : {scope} limite les "
        "articles pour le serveur, un salon ou un rôle, {quiet} me fait taire là où je ne peux "
        "répondre, {gaps} montre ce qui est resté sans réponse. Vous pouvez lire les questions "
        "posées ici, mais pas qui les pose."
    ),
    no_direct="Je ne réponds pas aux messages privés. Posez la question sur un serveur.",
    no_shared=(
        "En message privé, je ne réponds qu’aux membres d’un serveur où je suis, avec ce que ce "
        "serveur permet."
    ),
    owners_only="Seuls les propriétaires de l’application de ce bot peuvent faire cela.",
    delete_ask=(
        "Cela supprime pour toujours, sur tous les serveurs, ce que je conserve de vous : vos "
        "questions avec leurs réponses, vos avis et signalements. Les boutons sous vos réponses ne "
        "marcheront plus. Les messages dans Discord restent : supprimez-les vous-même. Supprimer ?"
    ),
    delete_yes="Supprimer",
    delete_no="Garder",
    deleted="Supprimé. Réponses : {count}.",
    kept="Rien n’a été supprimé.",
    interrupted="J’ai été interrompu avant de pouvoir répondre. Posez la question à nouveau.",
    not_a_date="« {value} » n’est pas une date. Écrivez-la comme 2021-07-20.",
    empty_question="La question est vide.",
    long_question="La question est trop longue : {most} caractères au plus sont lus.",
    scope_too_narrow="La portée choisie ici ne laisse aucun article. La modération peut l’élargir.",
    none_like="Aucun article ne ressemble à « {value} ». {sources} les montre tous.",
    none_left="Les filtres ensemble ne laissent aucun article.",
    did_you_mean="Vouliez-vous dire {names} ?",
    erase_hint="{delete} supprime ce qui est conservé de vous.",
    parts="Compris comme {count} questions : {questions}",
    open="Sans réponse",
    differ={
        Relation.CONTRADICTION: "Les sources se contredisent :",
        Relation.LATER: "Les sources donnent des valeurs de jours différents :",
        Relation.OTHER_SUBJECT: (
            "Les sources diffèrent, peut-être parce qu’elles parlent de choses différentes :"
        ),
    },
    refers="À quoi se rapporte « {word} » : {options} ?",
    later="Dit plus tard",
    either=" ou ",
    one_place="Choisissez un salon ou un rôle, pas les deux.",
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
    stages={
        "Reading": "Lecture",
        "Embedding": "Vectorisation",
        "Writing": "Écriture",
        "asking followed questions": "Questions suivies",
    },
    verdicts={
        Verdict.SUPPORTS: "Les articles le confirment",
        Verdict.CONTRADICTS: "Les articles le contredisent",
        Verdict.PARTLY: "Les articles le confirment en partie",
        Verdict.SILENT: "Les articles n’en disent rien",
        Verdict.UNSURE: "Incertain : les articles en parlent, mais aucun verdict n’est sûr",
    },
    stances={
        Verdict.SUPPORTS: "Pour",
        Verdict.CONTRADICTS: "Contre",
        Verdict.UNSURE: "À ce sujet",
    },
    wordings={
        Wording.VERBATIM: "les mots sont tels quels dans l’article",
        Wording.ALTERED: "les mots ne sont pas tels quels dans l’article",
        Wording.NOT_FOUND: "les mots ne sont dans aucun article",
    },
    happened={
        Happened.ANSWERED: "Les articles répondent maintenant à une question suivie ici.",
        Happened.CHANGED: "Les articles répondent maintenant autrement à une question suivie ici.",
        Happened.WITHDRAWN: "Les articles ne répondent plus à une question suivie ici.",
    },
    keeps_followers=(
        "Qui suit une question est conservé, sous forme de hachage, jusqu’à la fin du suivi."
    ),
    follow="Prévenez-moi dès qu’il y a une réponse",
    followed=(
        "Je repose cette question quand les articles changent, et je réponds ici. "
        "{following} la montre, la met en sourdine et y met fin."
    ),
    too_many_followed=(
        "Vous suivez déjà {most} questions. Mettez d’abord fin à l’une avec {following}."
    ),
    not_followed="Vous ne suivez pas cette question.",
    ended="Vous ne la suivez plus.",
    following="Questions suivies",
    none_followed=(
        "Vous ne suivez aucune question. Le bouton sous une question sans réponse "
        "commence le suivi."
    ),
    waiting_now="en attente",
    answered_now="réponse trouvée",
    muted="en sourdine",
    since_day="depuis le {day}",
    mute="Sourdine {number}",
    unmute="Réactiver {number}",
    end="Arrêter {number}",
    stop_telling="Ne plus me prévenir",
    waited_for="suivie par {people}",
    checked="Ce qu’en disent les articles",
    nothing_to_check="Aucune phrase de ce message n’affirme quelque chose de vérifiable.",
    first_sentences="les {shown} premières phrases sur {count} ; le fichier les contient toutes",
    no_truth="ce que disent les articles, et non si c’est vrai",
    stated="dit",
    not_stated="non dit",
    left_out="Les points de suspension omettent « {words} ».",
    turning="Ce qui est omis renverse le sens : {words}.",
    beside="À côté : « {words} »",
    added_words="Ajouté dans la citation : « {words} ».",
    missing_words="Absent de la citation : « {words} ».",
    other_words="Cité « {quoted} », dans l’article « {original} ».",
)
