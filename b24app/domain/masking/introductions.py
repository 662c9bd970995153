"""Finding the names that people and companies introduce themselves by. Pure.

Works on the text as it was written, for a name is told from a word by its capital letter. A cue must lead to it: *my name is*, *regards*,
a post such as *director*, a legal form such as *LLC*; a capital alone hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[int, int, str]

_CAPITAL, _SMALL = "[A-ZА-ЯЁЎҚҒҲÀ-ÖØ-ÞĞİŞ]", "[a-zа-яёўқғҳß-öø-ÿğış]"
_POLITE = r"(?!(?:Вы|Вас|Вам|Вами|Ваш\w*|Вами|Siz\w*|Сиз\w*)(?!\w))"
_NAME = _POLITE + rf"{_CAPITAL}{_SMALL}{{2,}}(?:['ʻʼ’‘`-](?:{_CAPITAL}|{_SMALL})+)*"
_FULL = rf"{_NAME}(?:\s+(?:{_NAME}|{_CAPITAL}\.)){{0,2}}"
_TITLE = rf"{_CAPITAL}[\w'ʻʼ’‘&.-]*[\w]"
_FIRM = rf"{_TITLE}(?:\s+(?:&\s+)?{_TITLE}){{0,3}}(?:\s*{_CAPITAL}\.){{0,2}}"
_QUOTED = r"(?:«[^«»\n]{2,60}»|“[^“”\n]{2,60}”|„[^„“”\n]{2,60}[“”]|\"[^\"\n]{2,60}\")"
_WORD = r"[^\W\d_]{3,}"

_POSTS = (
    r"colleague|partner|assistant|director|ceo|owner|founder|merchandiser|sales\s+(?:manager|rep\w*)|manager|buyer|technologist|accountant"
    r"|(?:ген\w*\s+)?директор\w*|менеджер\w*|владел\w+|хозяин\w*|хозяйк\w+|закупщи\w+|технолог\w*|бухгалтер\w*|начальни\w+|руководител\w+|представител\w+|контактн\w+\s+лиц\w+|коллег\w+|партн[её]р\w*|помощни\w+|ассистент\w*"
    r"|direktor\w*|menejer\w*|rahbar\w*|boshlig'?\w*|boshliq\w*|buxgalter\w*|texnolog\w*|xo'jayin\w*|mas'ul\w*|agent\w*|ukam|akam|opam|singlim|o'g'lim|sherig\w+|hamkor\w*|xodim\w*|укам|акам|опам|ходим\w*|брат\w*|сестр\w*|сотрудни\w+|egas\w+"
    r"|hamkasb\w*|yordamchi\w*|ҳамкасб\w*|ҳамкор\w*|ёрдамчи\w*|раҳбар\w*|бошли[қғ]\w*|хўжайин\w*|масъул\w*|агент\w*|contact\s+person"
)
_PARTING = (
    r"(?:(?:best|kind|warm)\s+)?regards|sincerely|yours|cheers|thanks\s+and\s+regards|с\s+уважением|с\s+наилучшими(?:\s+пожеланиями)?"
    r"|hurmat\s+bilan|ehtirom\s+bilan|ҳурмат\s+билан|эҳтиром\s+билан"
)
_CALLED = (
    r"меня\s+зовут|меня\s+звать|зовите\s+меня|мо[её]\s+имя|имя\s+мо[её]|my\s+(?:full\s+)?name\s+is|my\s+name's|name's"
    r"|(?:mening\s+|meni\s+)?ismim|(?:менинг\s+)?исмим|ismi-sharifim|исми-шарифим|familiyam|фамилиям|фамилия\s+моя|моя\s+фамилия"
)
_NOT_NAMES = (
    r"(?:not|the|on|in|at|and|here|written|same|как|так|тоже|уже|не|там|тут|здесь|ham|ҳам|va|ва|emas|эмас)(?!\w)"
)
_AFTER = rf"(?P<more>,?\s+(?:from|of|at|из|от)\s+(?:(?:компани\w+|фирм\w+|фабрик\w+|the|company|factory)\s+)?(?:{_QUOTED}|{_FIRM}))?"
_GAP = r"\s*[:,—–-]?\s*"

_PEOPLE = (
    rf"(?i:\b(?:{_CALLED})\b)\s*[:—–-]?\s*(?!(?i:{_NOT_NAMES}))(?P<name>{_FULL}|{_WORD}(?:\s+{_NAME}){{0,2}}){_AFTER}",
    rf"(?i:\b(?:{_PARTING})\b)[\s,!.:—–-]*(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\b(?:{_POSTS})\b(?:\s+(?:shaxs|шахс))?){_GAP}(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\b(?:this\s+is|it's|it\s+is|here\s+is)\b)\s+(?P<name>{_FULL})(?=,?\s+(?:from|here|speaking|of|again|your|the)\b){_AFTER}",
    rf"(?i:\b(?:i\s+am|i'm|im)\b)\s+(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\b(?:ask\s+for|speak\s+(?:to|with)|talk\s+to|спросит[еь]|спрашивайт?е|попросит[еь]|обращайтесь\s+к|пишет|беспокоит|на\s+связи|говорит)\b)\s+(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\bэто\b){_GAP}(?P<name>{_FULL})(?=,?\s+(?:из|от|с|компани\w+|фирм\w+|фабрик\w+)\b){_AFTER}",
    rf"(?i:\bя\b){_GAP}(?P<name>{_FULL})(?=\s*[,.!]|\s+(?:из|от|с)\b|\s*$){_AFTER}",
    rf"(?i:\b(?:card|визитк\w+|vizitka\w*|contact|контакт\w*|kontakt\w*|aloqa|алоқа|связ[ьи]|имя|name|ism|исм)\b)\s*[:—–-]\s*(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\b(?:men|мен)\b)\s+(?:\w+(?:dan|lik|дан|лик)\s+)?(?!\w+(?:dan|da|ga|дан|да|га)(?:man|ман)?\b)(?P<name>{_FULL})(?=\s*,|(?<=man)\b|(?<=ман)\b|\s+\w+\s+(?:korxona|fabrika|firma|sex|корхона|фабрика|цех))",
    rf"(?<!\w)(?P<name>{_FULL})\s+(?:aka|opa|ака|опа|xonim|хоним|hoji|домла)\s+(?:bilan|билан|deb|деб|javob|жавоб|qo'ng'iroq|қўнғироқ|hal|ҳал)(?!\w)",
    rf"(?<!\w)(?P<name>{_CAPITAL}{_SMALL}+(?:man|ман),\s+{_FIRM}(?:dan|дан))(?!\w)",
    rf"(?<!\w)(?:Mr|Mrs|Ms|Mister|Madam|Г-н|Г-жа|господин\w*|госпож\w+)\.?\s+(?P<name>{_FULL})",
)
# Where people and firms are looked up; what they are called there follows.
_PLACES = (
    r"2\s?гис|2\s?gis|дубль\s?гис|карт(?:ах|е|ы)|maps?|google|гугл\w*|яндекс\w*|yandex\w*|youtube|yutub\w*|ютуб\w*|olx|alibaba|linkedin|facebook\w*|feysbuk\w*|фейсбук\w*"
    r"|instagram\w*|инстаграм\w*|telegram\w*|телеграм\w*|авито|avito|вконтакте|uzum|узум|озон\w*|ozon\w*|вб|wb|wildberries|вайлд\w*|маркет\w*|xarita\w*|харита\w*"
)
_SOUGHT = (
    rf"(?i:\b(?:{_PLACES})\b)[^\n.!?«“\"]{{0,25}}(?P<name>{_QUOTED})",
    rf"(?i:\b(?:{_PLACES})\b)(?:[\s,:—–-]+(?i:мы|это|как|we|are|as|da|biz|биз|page|страница|канал))*[\s,:—–-]+(?P<name>{_NAME}\s+{_FULL})",
    rf"(?i:\b(?:find|search|look|ищите|найд[её]те|найти|toping|топинг)\b)(?:\s+(?i:us|me|up|for|as|under|нас|меня|как|по|имени))+\s+(?P<name>{_FULL}|{_QUOTED})",
    rf"(?i:\b(?:find|search|ищите|найд[её]те|найти)\b)\s+(?P<name>{_NAME}\s+{_FULL}|{_QUOTED})\s+(?i:(?:on|in|at|в|во|на)\s+(?:{_PLACES})\b)",
    rf"(?i:\b(?:позвонит|перезвонит|свяжется|напишет|набер[её]т|ответит)\b)\s+(?P<name>{_FULL})",
)
_BEFORE = "ООО|ОАО|ЗАО|ПАО|АО|ИП|ЧП|ТОО|СП|ОсОО|OOO|YaTT|YTT|ЯТТ"
"""Legal forms that stand before the name; the others stand behind it, or before it in quotation marks."""
_BEHIND = (
    r"МЧЖ|ХК|ҚК|АЖ|MChJ|MCHJ|mchj|XK|QK|AJ|LLC|LLP|JSC|Ltd|LTD|Limited|Inc|GmbH|Corp|BV|S\.?L\.?|SRL|SpA|PLC|AŞ|FE|JV"
    r"|[Ss]p\.?\s*z\s*o\.?\s?o|Co\.,?\s*Ltd"
)
_FIRMS = (
    r"компани\w*|фирм\w*|фабрик\w*|предприяти\w*|бренд\w*|магаз\w*|цех\w*|ателье|производств\w*|kompaniya\w*|korxona\w*|fabrika\w*|firma\w*|brend\w*|zavod\w*|do'kon\w*|sex\w*|atelye\w*"
    r"|корхона\w*|компания\w*|завод\w*|дўкон\w*|company|factory|brand|firm|enterprise|mill|store|shop"
)
_OURS = r"мы|наш\w*|мо[яй]|biz|bizning|mening|биз|бизнинг|менинг|our|we\s+are|we're|my"
_SAID = (
    r"(?:nomi|номи|название|названием|называется|под\s+названием|called|named|name|is|это|деб\s+аталади|deb\s+ataladi)"
)
_COMPANIES = (
    rf"(?<!\w)(?:{_BEFORE})(?!\w)\s*(?P<name>{_QUOTED}|{_FIRM})",
    rf"(?<!\w)(?:{_BEHIND})(?!\w)\.?\s*(?P<name>{_QUOTED})",
    rf"(?P<name>{_QUOTED}|(?<!\w){_FIRM}),?\s+(?:{_BEHIND})(?!\w)",
    rf"(?i:\b(?:{_FIRMS})\b)(?:\s*[:—–-]?\s*(?i:{_SAID}))?\s*[:—–-]?\s*(?P<name>{_QUOTED})",
    rf"(?P<name>{_QUOTED})\s+(?i:(?:{_FIRMS})\b)",
    rf"(?i:\b(?:{_FIRMS})\s+{_SAID}\b)\s*[:—–-]?\s*(?P<name>{_FIRM})",
    rf"(?i:\b(?:{_OURS})\b)[\s:—–-]+(?i:(?:\w+\s+)?(?:{_FIRMS})\b)(?:\s*[:—–-]?\s*(?i:{_SAID}))?\s*[:—–-]?\s*(?P<name>{_FIRM})",
)
# The first three letters of one word of each cue: most texts have none of them and need no closer look.
_SPELLED_STARTS = """
    dir ceo own fou mer sal man buy tec acc col par ass con men rah bos bux tex jay mas uka aka opa sin lim she ham xod yor age ega
    reg you che hur eht nam ism fam thi it is her am im ask spe tal car viz kon alo fin sea loo top xon hoj mr mrs ms mis mad
    m ooo yat ytt mch mhc xk qk aj llc llp jsc ltd inc gmb cor bv s sl srl spa plc aş fe jv sp co
    kom kor fab fir bre mag pro zav do dok sex ate com bra ent mil sto sho
    gis goo yan yut olx ali lin fac fey ins tel avi uzu ozo wb wil mar map xar
    дир мен вла хоз зак тех бух нач рук пре кон кол пар пом асс бра сес сот рах раҳ бош хўж хуж мас ука ака опа ход ҳам ёрд аге
    ува наи ҳур эҳт зов зва имя исм фам это я поз пер свя нап наб отв спр поп обр пиш бес гов хон дом гос г
    ооо оао зао пао ао ип чп тоо сп осо ятт мчж хк қк аж ком фир фаб маг цех ате кор зав дўк бре про
    гис дуб кар гуг янд юту фей инс тел ави вко озо вб вай мар узу хар ищи най топ виз ало
"""
_STARTS = frozenset(_SPELLED_STARTS.split())
_WORDS = re.compile(r"[^\W\d_]+")
_HINTS = re.compile(
    rf"\b(?:{_POSTS}|{_PARTING}|{_CALLED}|card|визитк\w+|vizitka\w*|contact|контакт\w*|kontakt\w*|aloqa|алоқа|связ[ьи]|имя|name|ism|исм|this\s+is|it's|it\s+is|here\s+is|i\s+am|i'm|im|ask\s+for|speak|talk\s+to|спро[сш]\w+"
    rf"|попрос\w+|обращайт\w+|пишет|беспокоит|на\s+связи|говорит|это|я|men|мен|aka|opa|ака|опа|xonim|хоним|hoji|домла|mrs?|ms|mister|madam|г-\w+|господин\w*|госпож\w+"
    rf"|{_BEFORE.lower()}|{_BEHIND.lower()}|{_FIRMS}|{_PLACES}|find|search|look|ищите|найд[её]те|найти|toping|топинг|позвонит|перезвонит|свяжется|напишет|набер[её]т|ответит)\b"
)
_FINDERS = tuple(re.compile(pattern) for pattern in (*_PEOPLE, *_SOUGHT, *_COMPANIES))
_GREETINGS = (
    r"(?!(?:Здравствуйте|Добрый|Доброе|Привет\w*|Спасибо|Пожалуйста|Да|Салом|Ассалом\w*|Раҳмат|Ҳа|Salom|Assalom\w*|Rahmat|Iltimos|Ha"
    r"|Hello|Hi|Dear|Thanks|Please|Yes)(?!\w))"
)
_BEFORE_CONTACT = re.compile(rf"(?<![\w-]){_GREETINGS}(?P<name>{_FULL}(?:\s*,\s*{_QUOTED})?)\s*[,|—–]\s*$")
_BEHIND_CONTACT = re.compile(rf"\s*[,|—–(]\s*{_GREETINGS}(?P<name>{_FULL})(?=\s*(?:[,.;|)!\n]|$))")
_REACHED_BY = re.compile(rf"(?<=[^\W\d_]\s)(?P<name>{_FULL})\s+(?:on|at|via|по|на)\s+$")
_PARTINGS = frozenset(",|—–")
_REACH = 80
_SIGNED = re.compile(rf"\s*(?P<name>{_NAME}\s+{_FULL})\s*(?:[|,/].*)?$")


def find(written: str, folded: str) -> Iterator[Found]:
    """Give the places of names in a text as it was written; its folded form is looked at first, for a cue."""
    if _STARTS.isdisjoint(word[:3] for word in _WORDS.findall(folded)) or not _HINTS.search(folded):
        return
    for pattern in _FINDERS:
        for found in pattern.finditer(written):
            yield found.start("name"), found.end("more" if found.groupdict().get("more") else "name"), "name"


def beside(written: str, start: int, end: int) -> Iterator[Found]:
    """Give the names right before and right behind a contact, parted from it by a comma or a stroke."""
    parted = written[max(0, start - 2) : start].rstrip()[-1:] in _PARTINGS
    before = _BEFORE_CONTACT.search(written, max(0, start - _REACH), start) if parted else None
    reached = _REACHED_BY.search(written, max(0, start - _REACH), start)
    for found in (before, reached, _BEHIND_CONTACT.match(written, end)):
        if found:
            yield found.start("name"), found.end("name"), "name"


def signatures(written: str) -> Iterator[Found]:
    """Give the names that stand on a line of their own: below or above a contact they sign the message."""
    at = 0
    for line in written.split("\n"):
        signed = _SIGNED.match(line)
        if signed:
            yield at + signed.start("name"), at + signed.end("name"), "name"
        at += len(line) + 1
