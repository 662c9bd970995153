"""Finding user names of messengers and networks, and registration numbers of companies, in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[int, int, str]

_PLACES = (
    r"telegr[a-z]*|т[еэ]л[еэи]г\w*|tg(?:'?im|imiz|da|ga)?|тг(?:да|га|дан|им\w*|шк\w*)?|line\s+id|instagram\w*|insta[a-z]{0,5}|инстаграм\w*|нельзя\s?грам\w*|инст(?:[аеуы]\w{0,5})?|ig|иг|[wv]h?[ao]ts?[au]p+\w*|в[ао]т?[сц][ао]п\w*"
    r"|viber|вайбер\w*|skype|скайп\w*|we\s?chat|ви\s?чат\w*|qq|zalo|zoom|teams|snapchat|снапчат\w*|threads|twitter|твиттер\w*|одноклассник\w*|facebook[a-z]*|фейсбук\w*|imo|signal|gmail|вк|vk|вконтакте|tik\s?tok|тик\s?ток\w*|youtube|ютуб\w*|discord|дискорд\w*|linkedin|kakao\w*|messenger|мессенджер\w*|логин\w*|login|ник\w{0,3}|nick\w{0,5}|handle|профил\w+|profil[a-z]*|akkaunt[a-z]*|аккаунт\w*|account|nickname|username|юзернейм\w*"
)
_AT_NAME = re.compile(r"(?<![\w.])@\s?[a-z][a-z0-9_.]{2,31}")
_SAID = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)\s*(?:(?:id|ник\w*|nick\w*|user\w*|-?да|-?da)\s*)?[:=–—-]+\s*@?(?P<name>[a-z][a-z0-9_.]{{3,31}})"
)
_LOOKS_MADE = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)\s+(?:(?:мой|ник|это|как|my|handle|name|account|is|id|as|mening|da|page|страниц\w*|канал\w*|sahifa\w*|kanal\w*|саҳифа\w*)\s+){{0,2}}(?P<name>(?=[a-z0-9_.]*[0-9_]|[a-z]+\.[a-z]{{2}})[a-z][a-z0-9_.]{{3,31}})"
)
_NICK = re.compile(
    r"(?<!\w)(?:ник|нику|ником|nick|nik(?:im|imiz|i)|nickname|username|логин\w*|login)\s+@?(?P<name>[a-z][a-z0-9_.]{3,31})(?!\w)"
)
# In Uzbek the sign's name is also the plain word for a puppy, so there the name must look made.
_SPELLED_AT = re.compile(
    r"(?<!\w)(?:(?:собака|собачка|sobaka|sobachka|кучукча)\s+|kuchukcha\s+(?=[a-z.]*[0-9_]|[a-z]+\.[a-z]{3}))(?P<name>[a-z][a-z0-9_.]{3,31})(?!\w)"
)
_FILES = r"pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|svg|dxf|zip|rar|7z|csv|txt|mp[34]|mov|psd|cdr|eps|ai|dwg|plt|tiff?"
# A name with an underscore is nobody's article number when a messenger is spoken of in the same breath.
_NEAR_PLACE = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)[^\n]{{1,60}}?(?<![\w@./])(?P<name>[a-z][a-z0-9]*_[a-z0-9_]+)(?![\w.]*\.\w)"
)
_BEFORE_PLACE = re.compile(
    rf"(?<![\w@.])(?P<name>[a-z][a-z0-9]*_[a-z0-9_]+|[a-z]{{3,28}}\.(?!(?:{_FILES})\b)[a-z]{{3,28}})\W{{1,3}}(?:(?:on|in|at|via|в|во|на|через)\s+)?(?:{_PLACES})(?!\w)"
)
_SOUGHT_BY_NAME = re.compile(
    rf"(?<!\w)(?:пиш\w+|ищ\w+|найд\w+|yozing|toping|ёзинг|топинг)\s+(?!(?:мне|нам|нас|меня|ему|ей|им|сюда|туда|лучше|просто|или|и|в|на|через|menga|bizga|менга|бизга)(?!\w))"
    rf"(?P<name>[\w.]{{3,31}}(?:\s+(?!(?:в|на|через|или)\s)[\w.]{{3,31}})?)\s+(?:{_PLACES})\W*$"
)
# Words that lead from a place to a name there; a Latin word behind them in a Cyrillic sentence is that name.
_NAMING = (
    r"мой|моя|наш|наша|ник|это|как|под|именем|ищите|найд[её]те|пишите|называ\w+|зовут|страниц\w|профиль|аккаунт|логин"
    r"|канал|группа|тоже|такой|там|вот"
)
_FOREIGN_NAMED = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)(?:[\s,:—–-]+(?:{_NAMING})){{1,3}}[\s,:—–-]+(?P<name>[a-z][a-z0-9_.]{{4,31}})(?![\w./])"
)
_MINE = r"мой|моя|наш|наша|my|our|mening|bizning|менинг|бизнинг"
_NAMED_BEFORE = re.compile(
    rf"(?<![\w@.])(?P<name>[a-z][a-z0-9_.]{{3,31}})\s*[-–—,:]\s*(?:это\s+|is\s+)?(?:{_MINE})\s+(?:{_PLACES})(?!\w)"
)
_SUCH = re.compile(
    rf"(?<!\w)(?:{_MINE})\s+(?:{_PLACES})(?!\w)\s*(?:такой|такая|вот|это|следующий|shu|shunday|mana|шу|шундай|мана|here|below)\s*[:—–-]\s*(?P<name>[a-z][a-z0-9_.]{{3,31}})(?!\w)"
)
_PROFILE_PATH = re.compile(r"(?:linkedin|линкедин)\W{1,3}(?P<name>in/[a-z0-9-]{3,60})")
_TOLD = re.compile(rf"(?<!\w)(?:{_PLACES})(?!\w)(?:\s+\w{{2,12}}){{1,2}}\s*:\s*(?P<name>[a-z][a-z0-9]*[_.][a-z0-9_.]+)")
_SHORT_LINK = re.compile(rf"(?<!\w)(?:{_PLACES})\W+t\W*me\W+(?P<name>[a-z][a-z0-9_]{{3,31}})")
# Where a channel, a page or an id is announced, the last plain word of the sentence is its name.
_ANNOUNCED = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)\W+(?:канал|kanal|page|sahifa|саҳифа|страниц|группа|guruh|гуруҳ)[\w']*(?:\s+[\w']{{2,12}})?\s*:\s*@?"
    r"(?P<name>[a-z][a-z0-9_.]{4,31})(?=\s*(?:[,;!)\n]|\.(?!\w)|$))"
)
_NOT_NAMES = "us|me|it|him|them|my|our|your|the|you|news|updates|messages|answers|orders|offers|buyers|suppliers|this|that|what|more"
_SOUGHT = re.compile(
    rf"(?<!\w)(?:look(?:\s+up|\s+for)?|search(?:\s+for)?|find|type|add|ищи\w*|най[дт]\w*|наби\w*|поищ\w*|забей\w*|добав\w*)\s+(?:меня\s+|нас\s+|как\s+|по\s+)*"
    rf"(?!(?:{_NOT_NAMES})\s)(?P<name>[a-z][a-z0-9_.]{{4,31}})\s+(?:on|in|at|в|во|на|через)\s+(?:{_PLACES})(?!\w)"
)
_SOUGHT_THERE = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)\W+(?P<name>[a-z][a-z0-9_.]{{4,31}})\s+(?:deb|деб|degan|деган|nomi|номи)(?!\w)"
)
_SOUGHT_BY_WORDS = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)(?:\s+(?:top\w+|qidir\w+|топ\w+|қидир\w+|излан\w*))?\W+(?P<name>[\w.'-]{{2,31}}(?:\s+[\w.'-]{{2,31}}){{0,3}})\s+(?:deb|деб)\s+(?:yozs|yozi|yozv|qidir|izla|top|chiq|ёзс|ёзи|ёзв|қидир|изла|топ|чиқ)"
)
# A Latin word beside a messenger's name in a Cyrillic sentence; what the networks call their own parts stays.
_PARTS = "premium|business|reels|stories|direct|desktop|web|bots?|group|channel|chat|api|shop|ads?|orqali|kanal|guruh"
_FOREIGN = re.compile(
    rf"(?:[а-яё]\W+(?:{_PLACES})(?!\w)\W{{1,3}}|(?<!\w)(?:tg|тг)\s+)(?!(?:{_PARTS})(?!\w))(?P<name>[a-z][a-z0-9_.]{{4,31}})(?=\s*(?:[,;!)\n]|\.(?!\w)|[а-яё]|$))"
)
# Letters with figures at their end look made too, unless the letters name a kind of code.
_CODE_LETTERS = (
    r"model|lot|art\w*|pantone|iso|gost|kod|code|oeko\w*|standard|razmer|size|order|zakaz|rev|ver|version|img|dsc|photo|foto|video|file|doc|scan|spec|page|sheet"
    r"|cotton|style|sample|batch|color|colour|rang|dizayn|design"
)
_MADE_NEAR_PLACE = re.compile(
    rf"(?<!\w)(?:{_PLACES})(?!\w)[^\n.!?]{{1,40}}?(?<![\w@./-])(?P<name>(?!(?:{_CODE_LETTERS})\d)[a-z]{{4,28}}\d{{1,4}}|[a-z]{{3,28}}\.(?!(?:{_FILES})\b)[a-z]{{3,28}})(?![\w./-])"
)
_COMMON = (
    r"same|public|private|closed|open|down|blocked|broken|below|above|here|there|empty|active|number|name|account|nomer\w*|raqam\w*|profil\w*|page|kanal\w*|channel"
    r"|group|orqali|bilan|also|available|different|another|business|premium|linked|wrong|busy|better|please|today|tomorrow|only|\w+(?:ing|ed|ly|able)"
)
_OWN = re.compile(
    rf"(?<!\w)(?:my|our|мо[йяё]|наш\w?|mening|bizning|менинг|бизнинг)\s+(?:{_PLACES})(?!\w)\s*(?:is|это|[:—–-])?\s+(?!(?:{_COMMON})(?!\w))"
    r"(?P<name>[a-z][a-z0-9_.]{4,31})(?=\s*(?:[,;!)\n]|\.(?!\w)|$))"
)
_INVITING = (
    r"канал\w*|kanal\w*|групп\w*|guruh\w*|гуруҳ\w*|чат\w*|chat\w*|подпи\w+|obuna\w*|обуна\w*|qo'shil\w*|қўшил\w*|join|subscribe|follow|add|добав\w+|найд\w+|ищ\w+|qidir\w*"
    r"|излан\w*|изла\w*|search|find|напи\w+|пиш\w+|yoz\w*|ёз\w*|личк\w+|dm|stori\w*|сторис\w*"
)
_INVITED = re.compile(
    rf"(?<!\w)(?:{_INVITING})(?!\w)[^\n.!?]{{1,30}}?(?<![\w@./])(?P<name>(?!(?:{_CODE_LETTERS})_)[a-z][a-z0-9]{{2,}}_[a-z0-9_]{{2,}})(?![\w.]*\.\w)"
)
_NUMBERED = re.compile(r"(?<!\w)(?:qq|zoom(?:\s*id)?|meeting\s+id)\W{0,3}(?P<name>\d(?:[ -]?\d){6,11})(?!\w)")
_PAGE_NUMBER = re.compile(r"(?<![\w./])(?P<name>id\d{6,12})(?!\w)")
_SPELLED_NAME = re.compile(
    r"(?<![\w.])(?P<name>[a-z][a-z0-9.]*\s+(?:under\s?score|нижнее\s+подч\w+|подч[её]ркивани\w+|pastki\s+chiziq\w*|пастки\s+чизи[қк]\w*)\s+[a-z0-9][a-z0-9_.]*)"
)
_NUMBER_OF_PERSON = re.compile(
    rf"(?<!\w)(?:айди|id|идентификатор\w*)(?!\w)(?:\W+\w{{1,10}}){{0,2}}\W+(?:{_PLACES})(?!\w)\W*(?P<name>\d{{8,11}})(?!\w)"
    rf"|(?<!\w)(?:{_PLACES})\W+(?:\w{{1,10}}\W+)?(?:айди|id)(?!\w)\W*(?P<other>\d{{8,11}})(?!\w)"
)
_COMPANY_ID = re.compile(
    r"(?<!\w)(?:инн|кпп|огрн(?:ип)?|stir[a-z]{0,5}|стир\w{0,5}|inn|окпо|tin|(?:vat|tax)(?:\s*(?:id|no|number|code))?|(?:reg(?:istration)?|company)\.?\s*(?:no|number|id)\.?)(?!\w)\s*(?:is|это)?\s*[:№#-]*\s*"
    r"(?P<name>(?:[a-z]{2}\s*)?\d[\d ]{6,16}\d)"
)

_HINTS = re.compile(
    rf"@|\bid\d|(?<!\w)(?:{_PLACES}|нику|ником|nik(?:im|imiz|i)|собака|собачка|sobaka|sobachka|kuchukcha|кучукча"
    r"|инн|кпп|огрн|огрнип|stir[a-z]{0,5}|стир\w{0,5}|inn|окпо|tin|tax|vat|reg|registration|company)(?!\w)|_[a-z0-9]|meeting\s+id|score|подч[её]рк|chizi|чизи"
)

_FINDERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_AT_NAME, "handle"),
    (_SAID, "handle"),
    (_LOOKS_MADE, "handle"),
    (_SHORT_LINK, "handle"),
    (_BEFORE_PLACE, "handle"),
    (_TOLD, "handle"),
    (_NAMED_BEFORE, "handle"),
    (_FOREIGN_NAMED, "handle"),
    (_SUCH, "handle"),
    (_PROFILE_PATH, "handle"),
    (_SOUGHT_BY_NAME, "handle"),
    (_NEAR_PLACE, "handle"),
    (_MADE_NEAR_PLACE, "handle"),
    (_OWN, "handle"),
    (_INVITED, "handle"),
    (_NUMBERED, "handle"),
    (_NICK, "handle"),
    (_SPELLED_AT, "handle"),
    (_ANNOUNCED, "handle"),
    (_FOREIGN, "handle"),
    (_PAGE_NUMBER, "handle"),
    (_SOUGHT, "handle"),
    (_SOUGHT_THERE, "handle"),
    (_SOUGHT_BY_WORDS, "handle"),
    (_SPELLED_NAME, "handle"),
    (_NUMBER_OF_PERSON, "handle"),
    (_COMPANY_ID, "company_id"),
)


def find(text: str) -> Iterator[Found]:
    """Give the places of user names and registration numbers."""
    if not _HINTS.search(text):
        return
    for pattern, kind in _FINDERS:
        for found in pattern.finditer(text):
            group = found.lastgroup or 0
            yield found.start(group), found.end(group), kind
