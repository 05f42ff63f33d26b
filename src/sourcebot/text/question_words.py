"""What questions ask with, and what sentences give reasons and numbers with, language by language.

Names of months, days, currencies and powers of ten come from CLDR (``dates_in``, ``numbers_in``,
``money``); question words and conjunctions are not in it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sourcebot.text.question_forms import QuestionWords, patterns_of

if TYPE_CHECKING:
    from collections.abc import Mapping


_HAN_NUMBERS = "[一二三四五六七八九十百千万萬亿億兆两兩零〇]"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "ar": {
        "date": "متى|(?:في )?أي(?:ة)? (?:عام|سنة|يوم|شهر|قرن|تاريخ|عقد)",
        "money": "كم (?:يكلف|تكلف|كلف|كلفت|ثمن|سعر|تكلفة)|ما (?:هو |هي )?(?:سعر|ثمن|تكلفة)",
        "number": "كم|ما (?:هو |هي )?(?:عدد|نسبة|طول|ارتفاع|مساحة|عمر)",
        "reason": "لماذا|لم|ما (?:هو )?(?:سبب|السبب)",
        "place": "أين|(?:في |إلى |من )?أي(?:ة)? (?:مدينة|بلد|دولة|مكان|ولاية)",
        "name": "^من|من (?:هو|هي|الذي|التي|كان|كانت)",
        "other": "ما|ماذا|كيف|هل|أي\\w?",
        "because": "لأن\\w*|لانه\\w*|بسبب|لكي|كي|من أجل|نتيجة|نظرا|سبب\\w*|إذ",
        "counted": "واحد\\w?|اثن\\w+|ثلاث\\w*|أربع\\w*|خمس\\w*|ست\\w?|سبع\\w*|ثمان\\w*|تسع\\w*"
        "|عشر\\w*|مائ\\w+|مئ\\w+|ألف|آلاف|مليون|ملايين|مليار|نصف|ربع|ثلث",
        "dated": "القرن|قرن|عقد|العقد|\\w*يني?ات|اليوم|أمس|الماضي|الماضية|الربيع|الصيف|الخريف"
        "|الشتاء",
    },
    "da": {
        "date": "hvornår|hvilke[nt] (?:år|dag|dato|måned)",
        "money": "hvor meget\\b.{,80}\\b(?:kost\\w+|betal\\w+|kroner)|hvad koste\\w*",
        "number": "hvor (?:mange|meget|gammel|lang|stor|høj|langt|ofte)\\w*",
        "reason": "hvorfor",
        "place": "hvor|hvorfra|hvilken by|hvilket land",
        "name": "hvem|hvis",
        "other": "hvad|hvordan|hvilke[nt]?",
    },
    "de": {
        "date": "(?:seit |bis |ab )?wann|welche[mnrs]? (?:jahr\\w*|monat\\w*|tag\\w*|datum|zeit"
        "|uhrzeit)|wie lange ist es her",
        "money": "was kostet\\w*|wie ?viel\\b.{,80}\\b(?:kost\\w*|bezahl\\w*|zahl\\w*|verdien\\w*"
        "|euro|dollar|geld|wert)|wie teuer|welche[mnrs]? (?:preis|betrag|kosten|gehalt)\\w*",
        "number": "wie ?viele?[nrs]?|wie (?:alt|lang|lange|hoch|groß|weit|tief|breit|schnell|oft"
        "|schwer|stark|häufig)\\w*|welche[mnrs]? (?:zahl|anzahl|höhe|länge|größe|anteil|alter"
        "|entfernung)",
        "reason": "warum|weshalb|wieso|aus welche[mn] gr[uü]nd\\w*|was (?:ist|war) der grund"
        "|wodurch",
        "place": "wo|wohin|woher|(?:in |aus |an )?welche[mnrs]? (?:stadt|land|ort|staat|dorf"
        "|gemeinde|kontinent|straße|region)",
        "name": "wer|wen|wem|wessen",
        "other": "was|wie|welche[mnrs]?|womit|wofür|wozu|wobei|wovon|woran|worin|worum",
        "because": "weil|da|denn|wegen|aufgrund|deshalb|daher|deswegen|darum|damit|um zu"
        "|grund\\w*|gründe\\w*|ursache\\w*|durch|infolge|dank|nachdem|sodass|um\\b.{,80}\\bzu",
        "counted": "eins?|eine[mnrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
        "|\\w*zehn|\\w*zig|hundert\\w*|tausend\\w*|million\\w*|milliarde\\w*|halb\\w*|hälfte"
        "|dutzend|doppelt\\w*|drittel|viertel|kein\\w*",
        "dated": "\\w*jahrhundert\\w*|jahrzehnt\\w*|\\d+er|heute|gestern|morgen|vor \\w+ (?:tagen"
        "|wochen|monaten|jahren)|(?:vergangen|letzt|nächst)\\w* (?:jahr|monat|woche)\\w*|frühling"
        "|sommer|herbst|winter|damals",
    },
    "el": {
        "date": "πότε|(?:σε )?ποι[αοά]\\w? (?:χρονιά|έτος|χρόνο|ημερομηνία|ημέρα|μήνα|αιώνα)",
        "money": "πόσο\\b.{,80}(?:κοστίζ|κόστισ|πλήρ|ευρώ|δολάρι)\\w*",
        "number": "πόσ\\w+|ποιος (?:είναι |ήταν )?ο αριθμός",
        "reason": "γιατί|για ποιο λόγο",
        "place": "πού|(?:σε )?ποια (?:πόλη|χώρα|περιοχή)|ποιο μέρος",
        "name": "ποιος|ποιον|ποιοι|ποιους|ποιανού",
        "other": "τι|πώς|ποι\\w+",
    },
    "es": {
        "date": "^cu[aá]ndo|cuándo|(?:en )?qué (?:año|fecha|día|mes|siglo|época|década)",
        "money": "cu[aá]nto\\b.{,80}\\b(?:cuesta|cost\\w+|vale|valía|valió|pag\\w+|gan\\w+|dinero"
        "|euros|dólares)|(?:cuál|qué) (?:es |fue |era )?(?:el )?(?:precio|coste|costo|salario"
        "|presupuesto)",
        "number": "cu[aá]nt[oa]s?|qué (?:edad|porcentaje|tamaño|altura|cantidad|número|distancia"
        "|longitud|proporción|velocidad)|cuál (?:es|fue|era) (?:el|la) (?:edad|porcentaje|tamaño"
        "|altura|cantidad|número|población|distancia|longitud|superficie|proporción)",
        "reason": "(?:por|para) qué|cuál (?:es|fue|era) (?:la causa|la razón|el motivo)",
        "place": "(?:a)?dónde|^donde|(?:en )?(?:qué|cuál) (?:ciudad|país|lugar|estado|región"
        "|pueblo|continente)",
        "name": "qui[eé]n(?:es)?",
        "other": "qué|cu[aá]l(?:es)?|cómo",
        "because": "porque|debido|a causa|ya que|puesto que|pues|para|por|raz[oó]n\\w*|causa\\w*"
        "|motivo\\w*|gracias|como resultado",
        "counted": "un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece"
        "|catorce|quince|veinte|veint\\w+|\\w+enta|cien\\w*|mil|miles|mill[oó]n\\w*|medi[oa]"
        "|mitad|docena\\w*|doble|tercio|cuarto",
        "dated": "siglos?|décadas?|hoy|ayer|hace|(?:año|mes|semana) (?:pasad|próxim)\\w+|primavera"
        "|verano|otoño|invierno",
    },
    "fr": {
        "date": "^quand|(?:en |à |depuis )?quel(?:le)? (?:année|date|jour|mois|siècle|heure"
        "|époque|décennie)",
        "money": "combien\\b.{,80}\\b(?:coût\\w*|cout\\w*|pay\\w*|vaut|valait|gagn\\w*|argent|euros"
        "|dollars)|quel(?:le)? (?:est |était |fut )?(?:le |la )?(?:prix|coût|salaire|montant"
        "|budget)",
        "number": "combien|quel(?:le)? (?:est |était |fut )?(?:le |la |l['’])?(?:âge|taille"
        "|hauteur|longueur|population|distance|proportion|superficie|profondeur|vitesse"
        "|pourcentage|nombre|taux|part)",
        "reason": "pourquoi|pour quelles? raisons?|quelle (?:est|était|fut) la (?:cause|raison)",
        "place": "^où|(?:dans |à |en )?quel(?:le)? (?:ville|pays|lieu|état|région|village"
        "|continent|endroit|rue)",
        "name": "^qui",
        "other": "que|qu['’]\\w+|quel(?:le)?s?|comment|quoi|lequel|laquelle|est-ce",
        "because": "parce|car|en raison|à cause|puisque|afin|pour|grâce|cause\\w*|raisons?|dû|due"
        "|suite|faute",
        "counted": "une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze"
        "|quinze|seize|vingt\\w*|trente|quarante|cinquante|soixante|cents?|mille|millions?"
        "|milliards?|moitié|demie?|douzaine|double|tiers|quart",
        "dated": "siècles?|décennies?|années|aujourd['’]hui|hier|demain|il y a|(?:an|année|mois"
        "|semaine) derni\\w+|printemps|automne|hiver",
    },
    "hi": {
        "date": "कब|किस (?:वर्ष|साल|तारीख|दिन|महीने|सदी)",
        "money": "कितने (?:रुपये|पैसे|डॉलर)|कितनी (?:कीमत|लागत)",
        "number": "कितने|कितना|कितनी",
        "reason": "क्यों|किस कारण",
        "place": "कहाँ|कहां|किस (?:शहर|देश|स्थान|राज्य)",
        "name": "कौन|किसने|किसके|किसकी|किसका|किसे|किन्होंने",
        "other": "क्या|कैसे|किस",
    },
    "it": {
        "date": "quando|(?:in |a )?(?:che|quale) (?:anno|data|giorno|mese|secolo|epoca|ora)",
        "money": "quanto\\b.{,80}\\b(?:cost\\w+|pag\\w+|vale|valeva|guadagn\\w+|euro|dollari|soldi)"
        "|qual(?:e|'|’)? ?(?:è|era|fu) (?:il )?(?:prezzo|costo|salario|bilancio)",
        "number": "quant[oaie]|(?:che|quale) (?:età|percentuale|altezza|lunghezza|numero"
        "|distanza)|qual(?:e|'|’)? ?(?:è|era|fu) (?:il |la |l['’])?(?:numero|popolazione|altezza"
        "|età|percentuale)",
        "reason": "perch[eé]|per (?:quale|che) (?:motivo|ragione)",
        "place": "dove|dov['’]|(?:in )?(?:che|quale) (?:città|paese|luogo|stato|regione)",
        "name": "chi",
        "other": "che|cosa|cos['’]|qual[ei]?|quali|come",
        "because": "perch[eé]|poich[eé]|a causa|dato che|siccome|per|affinch[eé]|motiv\\w+"
        "|ragion\\w+|caus\\w+|grazie|dovut\\w+|pertanto",
        "counted": "un[oa]?|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici"
        "|\\w+dici|venti\\w*|\\w+anta|cento|mille|mila|milion\\w+|miliard\\w+|metà|mezz\\w+"
        "|dozzina|doppio|terzo|quarto",
        "dated": "secol\\w+|decenni\\w*|anni|oggi|ieri|domani|fa|scors\\w+|primavera|estate"
        "|autunno|inverno",
    },
    "ja": {
        "date": "いつ|何年(?!間)|何月|何日(?!間)|何世紀|何時(?!間)|どの年|何曜日",
        "money": "いくら|何円|何ドル|何ユーロ|(?:価格|費用|値段)は",
        "number": "何(?:人|個|回|台|歳|才|メートル|キロ|パーセント|％|%|本|冊|種|件|倍|時間|分|つ"
        "|万|千|割|位|年間|日間|カ国|か国|ヶ国|番|頭|匹|枚|軒|校|か所|カ所|度)|いくつ|どのくらい"
        "|どれくらい|どれほど|どれだけ",
        "reason": "なぜ|何故|どうして|理由は|何のために",
        "place": "どこ|何処|どの(?:国|都市|町|県|場所|州|地域)|何(?:県|市|国|州)",
        "name": "誰|だれ|どなた|何者",
        "other": "何|どの|どんな|か。?$",
        "because": "ため|から|ので|理由|原因|によって|により|よって|おかげ",
        "counted": _HAN_NUMBERS,
        "spaced": "",
        "dated": "世紀|年代|昨年|今年|来年|去年|昨日|今日|明日|[春夏秋冬]",
    },
    "ko": {
        "date": "언제|몇 ?년|몇 ?월|며칠|어느 (?:해|날)",
        "money": "얼마(?!나)|몇 (?:원|달러)",
        "number": "몇|얼마나",
        "reason": "왜|어째서|이유",
        "place": "어디|어느 (?:나라|도시|곳)",
        "name": "누구|누가|누군",
        "other": "무엇|어떤|어떻게|무슨",
        "because": "때문|위해|이유|원인",
        "spaced": "",
    },
    "nl": {
        "date": "wanneer|(?:in |op )?welke? (?:jaar|dag|datum|maand|eeuw)|sinds wanneer",
        "money": "hoeveel\\b.{,80}\\b(?:kost\\w*|betaal\\w*|verdien\\w*|euro|dollar|geld)"
        "|wat kost\\w*|wat (?:is|was) de prijs",
        "number": "hoeveel|hoe (?:oud|lang|ver|groot|hoog|diep|vaak|snel|zwaar|breed)|wat (?:is"
        "|was) het (?:aantal|percentage)",
        "reason": "waarom|hoezo|om welke reden",
        "place": "waar|waarheen|waarvandaan|(?:in )?welke? (?:stad|land|plaats|dorp|staat"
        "|provincie)",
        "name": "wie|wiens",
        "other": "wat|welke?|hoe",
        "because": "omdat|want|vanwege|wegens|doordat|zodat|door|reden\\w*|oorzaak|dankzij|daarom"
        "|om\\b.{,80}\\bte",
        "counted": "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\\w+tien"
        "|\\w+tig|honderd\\w*|duizend\\w*|miljoen\\w*|miljard\\w*|half|helft|dozijn|dubbel\\w*"
        "|kwart|derde",
        "dated": "eeuw\\w*|decennium|jaren|vandaag|gisteren|geleden|vorig\\w*|lente|zomer|herfst"
        "|winter",
    },
    "no": {
        "date": "når|hvilke[nt] (?:år|dag|dato|måned)",
        "money": "hvor mye\\b.{,80}\\b(?:kost\\w+|betal\\w+|kroner)|hva koste\\w*",
        "number": "hvor (?:mange|mye|gammel|lang|stor|høy|langt|ofte)\\w*",
        "reason": "hvorfor",
        "place": "hvor|hvorfra|hvilken by|hvilket land",
        "name": "hvem|hvis",
        "other": "hva|hvordan|hvilke[nt]?",
    },
    "pl": {
        "date": "kiedy|(?:w )?(?:którym|jakim|który) (?:roku|dniu|miesiącu|wieku|dzień)|od kiedy",
        "money": "ile\\b.{,80}\\b(?:koszt\\w+|zapłac\\w+|zarabia\\w*|złotych|euro|dolar\\w+"
        "|pieniędzy)|jak(?:a|i) (?:jest |był |była )?(?:cena|koszt)",
        "number": "ile|ilu|iloma|jak (?:wiele|duż\\w+|wysok\\w+|długo|długi\\w*|daleko|star\\w+"
        "|często|głębok\\w+)",
        "reason": "dlaczego|czemu|z jakiego powodu|po co",
        "place": "gdzie|dokąd|skąd|(?:w )?(?:jakim|którym) (?:mieście|kraju|państwie|miejscu)",
        "name": "kto|kogo|komu|kim|czyj\\w*",
        "other": "co|czym|czego|jak\\w*|któr\\w+|czy",
        "because": "ponieważ|bo|gdyż|dlatego|aby|żeby|z powodu|wskutek|przyczyn\\w+|powod\\w+"
        "|dzięki|celu",
        "counted": "jed\\w+|dw\\w+|trz\\w+|czter\\w+|pię\\w+|sześ\\w+|sied\\w+|osi\\w+"
        "|dziewię\\w+|dziesię\\w+|\\w+naście|\\w+dzieścia|\\w+dziesiąt|st[ou]|tysi\\w+|milion\\w*"
        "|miliard\\w*|poł\\w+|pół|tuzin",
        "dated": "wiek\\w*|dekad\\w*|dziś|dzisiaj|wczoraj|jutro|temu|zeszł\\w+|wiosn\\w+|latem"
        "|jesieni\\w*|zim\\w+",
    },
    "pt": {
        "date": "quando|(?:em |n)?(?:o )?(?:que|qual) (?:ano|data|dia|mês|século|época)",
        "money": "quanto\\b.{,80}\\b(?:cust\\w+|pag\\w+|vale|valia|ganh\\w+|dinheiro|euros|reais"
        "|dólares)|qual (?:é|foi|era) o (?:preço|custo|salário|orçamento)",
        "number": "quant[oa]s?|qual (?:é|foi|era) (?:o|a) (?:população|altura|número|idade"
        "|tamanho|percentagem|porcentagem|distância|área)|que (?:idade|percentagem|porcentagem)",
        "reason": "^porque|por ?qu[eê]|qual (?:é|foi|era) (?:a causa|a razão|o motivo)",
        "place": "a?onde|(?:em )?(?:que|qual) (?:cidade|país|lugar|estado|região)",
        "name": "quem",
        "other": "que|qual|quais|como",
        "because": "porque|devido|por causa|já que|pois|para|por|pel[oa]s?|a fim|raz[ãõ]\\w+"
        "|causa\\w*|motivo\\w*|graças",
        "counted": "uma?|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze"
        "|catorze|quinze|vinte|\\w+enta|cem|cento|mil|milh\\w+|bilh\\w+|metade|meio|meia|dúzia"
        "|dobro|terço|quarto",
        "dated": "séculos?|décadas?|anos|hoje|ontem|amanhã|há|(?:ano|mês|semana) passad\\w+"
        "|primavera|verão|outono|inverno",
    },
    "ro": {
        "date": "când|(?:în )?(?:ce|care) (?:an|zi|lună|dată|secol)",
        "money": "cât\\b.{,80}\\b(?:cost\\w*|plăt\\w*|euro|dolari|lei|bani)"
        "|care (?:este|e|era) prețul",
        "number": "cât[ăeți]?\\w?|ce (?:vârstă|procent|înălțime|populație)",
        "reason": "de ce|din ce (?:cauză|motiv)",
        "place": "unde|(?:în )?(?:ce|care) (?:oraș|țară|loc|stat)",
        "name": "cine|cui",
        "other": "ce|care|cum",
        "because": "pentru că|deoarece|fiindcă|din cauza|datorită|întrucât|pentru|ca să",
    },
    "ru": {
        "date": "когда|(?:в |с )?как(?:ом|ой|ого|ое) (?:год\\w*|месяц\\w*|век\\w*|числ\\w*|день"
        "|дня)",
        "money": "сколько\\b.{,80}\\b(?:стои\\w*|заплат\\w*|плат\\w*|зараб\\w*|рубл\\w*|евро"
        "|доллар\\w*|денег)|как(?:ова|ая|ова была) (?:цена|стоимость)",
        "number": "сколько|скольк\\w+|насколько|как(?:ова|ово|ов|ая|ой|ое) (?:была |был "
        "|был[оа] )?(?:численность|высота|длина|площадь|доля|население|возраст|процент|число"
        "|количество|размер)\\w*|как (?:долго|часто|далеко)",
        "reason": "почему|зачем|отчего|по как(?:ой|им) причин\\w+|из-за чего",
        "place": "где|куда|откуда|(?:в |из )?как(?:ом|ой|ого) (?:город\\w*|стран\\w*|мест\\w*"
        "|штат\\w*|област\\w*)",
        "name": "кто|кого|кому|кем|ком|чей|чья|чьё|чье|чьи",
        "other": "что|чем|чего|как|какой|какая|какое|какие|каких|каким|которы\\w+",
        "because": "потому|так как|поскольку|из-за|чтобы|причин\\w+|благодаря|вследствие|ввиду"
        "|поэтому|ради",
        "counted": "од\\w+|дв\\w+|тр\\w+|четыр\\w+|пят\\w+|шест\\w+|сем\\w+|восем\\w+|девят\\w+"
        "|десят\\w+|\\w+надцать|сорок|ст[оа]|сот\\w*|\\w+сот|тысяч\\w*|миллион\\w*|миллиард\\w*"
        "|половин\\w*|дюжин\\w*",
        "dated": "век\\w*|столети\\w*|десятилети\\w*|\\d+-[ех]\\w*|сегодня|вчера|завтра|назад"
        "|прошл\\w+|весн\\w+|лет[ао]м?|осен\\w+|зим\\w+",
    },
    "sv": {
        "date": "när|vilke[nt] (?:år|dag|månad)",
        "money": "hur mycket\\b.{,80}\\b(?:kost\\w+|betal\\w+|kronor)|vad kosta\\w*",
        "number": "hur (?:många|mycket|gammal|lång|stor|hög|långt|ofta)\\w*",
        "reason": "varför",
        "place": "var|vart|varifrån|vilken stad|vilket land",
        "name": "vem|vems|vilka",
        "other": "vad|hur|vilk\\w+",
    },
    "th": {
        "date": "เมื่อไร|เมื่อไหร่|เมื่อใด|ปีใด|ปีไหน|ปีอะไร|วันใด|วันไหน|วันที่เท่าไร|พ\\.ศ\\.ใด|ค\\.ศ\\.ใด",
        "money": "ราคาเท่าไร|กี่บาท|กี่ดอลลาร์",
        "number": "เท่าไร|เท่าไหร่|เท่าใด|กี่",
        "reason": "ทำไม|เพราะเหตุใด|เพราะอะไร|เหตุใด",
        "place": "ที่ไหน|ที่ใด|เมืองใด|เมืองไหน|ประเทศใด|ประเทศไหน|จังหวัดใด|จังหวัดไหน",
        "name": "ใคร|ผู้ใด",
        "other": "อะไร|อย่างไร|ใด|ไหน",
        "because": "เพราะ|เนื่องจาก|เพื่อ|สาเหตุ|ทำให้",
        "spaced": "",
    },
    "tr": {
        "date": "ne zaman|hangi (?:yıl\\w*|tarih\\w*|gün\\w*|ay\\w*|yüzyıl\\w*)|kaç yılında",
        "money": "kaç (?:para|lira|dolar|avro|euro)\\w*|ne kadar\\b.{,80}\\b(?:öde\\w+|mal ol\\w+"
        "|fiyat\\w*)",
        "number": "kaç\\w*|ne kadar",
        "reason": "neden|niçin|niye",
        "place": "nere\\w+|hangi (?:şehir\\w*|şehr\\w*|ülke\\w*|kent\\w*|il\\w*|yer\\w*)",
        "name": "kim\\w*",
        "other": "ne|hangi\\w*|nasıl",
        "because": "çünkü|nedeniyle|dolayı|yüzünden|için|sebeb\\w+|neden\\w*|sayesinde",
    },
    "uk": {
        "date": "коли|[ув] якому (?:році|місяці|столітті)",
        "money": "скільки\\b.{,80}\\b(?:кошту\\w+|гривень|грн)",
        "number": "скільки|наскільки",
        "reason": "чому|навіщо",
        "place": "де|куди|звідки|[ув] як(?:ому місті|ій країні)",
        "name": "хто|кого|кому|ким|чий",
        "other": "що|чим|як\\w*",
    },
    "vi": {
        "date": "khi nào|bao giờ|lúc nào|(?:vào )?(?:năm|ngày|tháng|thế kỷ) nào",
        "money": "bao nhiêu (?:tiền|đồng|đô la)",
        "number": "bao nhiêu|mấy|bao (?:lâu|xa|cao)",
        "reason": "tại sao|vì sao|sao lại|lý do",
        "place": "ở đâu|nơi nào|đâu|(?:thành phố|quốc gia|nước|tỉnh) nào",
        "name": "ai",
        "other": "gì|nào|thế nào",
        "because": "vì|bởi vì|bởi|do|để|nhờ|nguyên nhân|lý do",
    },
    "zh": {
        "date": "什么时候|什麼時候|何时|何時|哪一?年|哪一?天|哪一?日|哪个(?:月|世纪)|哪個(?:月"
        "|世紀)|几月|幾月|几号|幾號|多久以前|什么时间|什麼時間|何年|哪年",
        "money": "多少(?:钱|錢|美元|欧元|歐元|英镑|英鎊|人民币|人民幣|元)|(?:价格|價格|费用|費用"
        "|成本)(?:是|為|为)",
        "number": "多少|[几幾](?!乎)|多(?:大|高|长|長|远|遠|深|重|宽|寬|快|久)|比例|百分之",
        "reason": "为什么|為什麼|为何|為何|(?:原因|理由)(?:是|為|为)|什么原因|什麼原因",
        "place": "哪里|哪裡|哪裏|哪儿|哪兒|何处|何處|何地|什么地方|什麼地方|哪[一个個座]*(?:国家"
        "|國家|国|國|城市|城|地方|州|省|地区|地區|大陆|大陸)",
        "name": "谁|誰|哪位|何人|什么人|什麼人",
        "other": "什么|什麼|哪|如何|怎么|怎麼|怎样",
        "because": "因为|因為|因此|由于|由於|因|为了|為了|导致|導致|所以|原因|以便|使",
        "counted": _HAN_NUMBERS,
        "spaced": "",
        "dated": "世[纪紀]|年代|去年|今年|明年|昨天|今天|明天|[春夏秋冬][天季]",
    },
}
"""By ISO 639 code; English is in ``answer_types``. See ``patterns_of``."""

ASKING = frozenset(_WORDS)
"""The languages that ``question_words`` knows, as ISO 639 codes."""


@cache
def question_words(language: str) -> QuestionWords | None:
    """Return what a language asks with, None where that is not known.

    Patterns are made when they are first needed: those of all languages take a while.
    """
    words = _WORDS.get(language)
    return patterns_of(**words) if words else None
