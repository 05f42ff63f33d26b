"""Closed classes of English words, and the open ones that questions use most."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WH = _words(
    """
    how what when where whether which who whom whose why
    """
)
BE = _words(
    """
    are aren't be been being is isn't was wasn't were weren't
    """
)
AUXILIARIES = BE | _words(
    """
    can can't could couldn't did didn't do does doesn't don't had hadn't has hasn't have haven't
    may might must shall should shouldn't will won't would wouldn't
    """
)
PERSONAL = {
    "he": "he",
    "him": "he",
    "his": "he",
    "himself": "he",
    "she": "she",
    "her": "she",
    "hers": "she",
    "herself": "she",
    "it": "it",
    "its": "it",
    "itself": "it",
    "they": "they",
    "them": "they",
    "their": "they",
    "theirs": "they",
}
"""Pronouns that refer to something named before, with the one that stands for all its cases."""

POSSESSIVE = frozenset({"his", "its", "their"})
PRONOUNS = frozenset(PERSONAL) | _words(
    """
    i me mine my our then there us we you your
    """
)
DETERMINERS = _words(
    """
    a all an another any both each every her his its my no other our some the their these this
    those your
    """
)
PREPOSITIONS = _words(
    """
    about above across after against among around as at before behind below between by during
    for from in into near of on over per since than through till to under until via with without
    """
)
JOINING = _words(
    """
    at between for from in near of on over to
    """
)
"""The prepositions that join two noun phrases into one where they stand right between them."""

ADVERBS = _words(
    """
    again ago already also altogether always away back big closed deep down early else even ever
    exactly far fast few fewer first free heavy here high instead just last late least less
    little long many more most much never not now off often old once only open out really so
    soon still tall then there today together tomorrow too twice up very wide yesterday yet
    """
)
"""Adverbs, and adjectives that stand behind a verb."""

TIMES = _words(
    """
    afternoon april august autumn century date day days decade december evening february friday
    fridays future hour hours january july june march may minute minutes moment monday mondays
    month months morning night november october past saturday saturdays september spring summer
    sunday sundays thursday thursdays time times tuesday tuesdays wednesday wednesdays week
    weekend weekends weeks winter year years
    """
)
MEN = _words(
    """
    actor boy brother chairman father fisherman grandfather headmaster husband king man prince
    son spokesman uncle
    """
)
WOMEN = _words(
    """
    actress aunt chairwoman daughter girl grandmother headmistress mother princess queen sister
    spokeswoman wife woman
    """
)
PEOPLE = (
    MEN
    | WOMEN
    | _words(
        """
    ambassador architect artist astronomer author baker biologist bishop boss builder candidate
    captain carpenter chair chef chemist chief coach commissioner composer cook councillor
    curator dancer deputy designer director doctor driver editor employee engineer farmer
    founder friend gardener governor guide head headteacher hiker historian inspector inventor
    journalist judge keeper lawyer leader librarian loser manager mathematician mayor member
    minister mp musician neighbour nurse officer opponent owner painter pastor person physicist
    pilot player poet predecessor president priest principal professor pupil referee reporter
    researcher rival sailor scientist sculptor secretary senator singer soldier spokesperson
    student successor teacher trainer treasurer victim watchmaker winner witness writer
    """
    )
)
"""Nouns for one person."""

PLURALS = _words(
    """
    cattle children feet men mice people police staff teeth women
    """
)
"""Plurals that do not end in s."""

GROUPS = _words(
    """
    agency army association authority band board choir church club committee company cooperative
    council couple court crew family firm government group jury ministry operator orchestra
    parliament party police school staff team union university
    """
)
"""Nouns for which one may say “they”."""

PLACES = _words(
    """
    airport arena bakery bath bay beach brewery bridge building cafe café camp castle cathedral
    cave cemetery center centre church cinema city coast country county court district factory
    farm field forest gallery garden gorge hall harbour hill hospital hotel house hut island
    lake library market mill mine mountain museum observatory office park peninsula place
    playground pool port prison quarter region reserve restaurant river room school sea shop
    site square stadium station street suburb theatre tower town university valley village wood
    works workshop zoo
    """
)
"""Nouns for where one can be “there”."""

PROPER_THINGS = _words(
    """
    act association avenue award bank bridge church club college committee company council
    courier court east flood gazette hall institute island lake lane mount museum new news north
    party port post prize review river road saint school sea society south square street times
    treaty union university valley war west
    """
)
"""Words of names that are not a person's."""

ATTRIBUTES = _words(
    """
    admission age amount area budget capital cause color colour cost costs date depth duration
    fee height length name number percentage population price prices purpose rate reason rent
    result salary share size speed temperature value weight width
    """
)
"""Properties of things: “the price of the ticket” is about the ticket."""

IRREGULAR = _words(
    """
    ate beat began bent bit blew bought bound broke brought built burst came caught chose cut
    drank drew drove dug fed fell felt fled flew forgot fought found froze gave got grew had
    heard held hid hit hung hurt kept knew laid led left lent lost made meant met paid put quit
    ran rang read rebuilt rewrote rode rose said sang sank sat saw sent set shook shot showed
    shrank slept slid sold sought spent split spoke spread stole stood struck swam swore swung
    taught thought threw told took tore understood underwent went withdrew woke won wore wove
    wrote
    """
)
"""Past forms of irregular verbs."""

VERBS = IRREGULAR | _words(
    """
    accept accuse achieve add admit advise affect age agree allow announce answer apply appoint
    arrange arrest arrive ask attack attend avoid bake ban become begin begun believe belong
    bitten blown born borrow break breed bring broken build burn buy call cancel carried carry
    catch cause celebrate change charge cheat choose chosen claim clear climb close collapse
    collect come complain complete compose conduct confirm connect consider contain contribute
    convict convince cook cost count cover create criticise cross damage deal decide declare
    defeat delay deliver demand deny depart depend derive describe deserve design destroy
    develop devise die dig direct disappear discover discuss dismiss distribute do donate done
    draw drawn drink drive driven earn eat eaten edit elect employ encourage end enter escape
    establish evacuate evict exhibit exist expand expect explain extend fail fall fallen feed
    feel fight fill finance find finish fire fit flee float flow flown fly follow force forget
    forgotten founded freeze frozen get give given go goes gone graduate grow grown guess handle
    hang happen hatch hate have hear help hide hire hold hope hunt increase inform inherit
    injure inspect install intend introduce invent invest invite join keep kill know known land
    last launch lay lead learn learned leave lend let lie like live locate look lose love
    maintain make manage married marry mean measure meet mend mention miss move name need notice
    observe obtain occur offer open operate oppose order organise organize overtake own paint
    pass pay perform perish permit persuade place plan plant play pollute postpone predict
    prefer prepare preserve prevent produce promise promote propose protect prove provide
    publish pull punish pursue push qualify raise reach realise realize rebuild receive
    recommend record recover reduce refuse reject release relocate rely remain remember remind
    remove renew renovate rent reopen repair repeat replace report represent require rescue
    resign restore resume retire return reveal rewrite ridden ride ring ripen rise risen rob run
    rush save say says see seek seem seen select sell send separate serve settle shoot show
    shown shrink shut sign sing sink sit situate sleep smell solve speak spend spoken stand
    start state stay steal steer stolen stop strike studied study succeed sue suffer suggest
    sung supply support surrender survive swear swim sworn take taken talk teach tear tell
    testify think threaten throw torn track train translate travel treat tried try turn undergo
    understand unveil use used vaccinate visit vote wait wake walk want warn wash watch wear
    weigh win wish withdraw withdrawn work worry woven write written
    """
)
"""Verbs that questions are made with; regular forms are derived."""
