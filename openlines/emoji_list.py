"""The emoji of the picker with their names in Russian and English, made of what the ``emoji`` package knows."""

import gzip
import json
from collections.abc import Iterator
from functools import lru_cache

import emoji

GROUPS = ("SMILEYS", "PEOPLE", "NATURE", "FOOD", "ACTIVITIES", "TRAVEL", "OBJECTS", "SYMBOLS", "FLAGS")
NEWEST = 15.1
# In the address of the list, so that browsers keep it for a year: another one when anything here changes.
VERSION = f"{emoji.__version__}.1"
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))

# What people call them beside their names.
KEYWORDS = {
    "👍": ("like, ok, yes, good", "лайк, ок, да, хорошо, класс"),
    "👎": ("dislike, no, bad", "дизлайк, нет, плохо"),
    "🙏": ("thanks, please", "спасибо, пожалуйста, прошу"),
    "❤️": ("love", "сердце, любовь"),
    "😊": ("smile, glad", "улыбка, рад, рада"),
    "🙂": ("smile", "улыбка"),
    "😀": ("smile, happy", "улыбка, радость"),
    "😂": ("lol, laugh", "смех, лол, смешно"),
    "😢": ("sad, cry", "грусть, слеза, плачу"),
    "😔": ("sorry, sad", "жаль, извините, грусть"),
    "🤝": ("deal", "договорились, сделка, рукопожатие"),
    "👌": ("ok, fine", "ок, отлично, хорошо"),
    "🔥": ("hot, great", "круто, горячо"),
    "🎉": ("party, congratulations", "праздник, поздравляю, ура"),
    "🎂": ("birthday", "день рождения, торт"),
    "🎁": ("present", "подарок"),
    "✅": ("done, yes", "готово, галочка, да"),
    "❌": ("no, wrong", "нет, ошибка, крестик"),
    "⚠️": ("attention", "внимание, осторожно"),
    "❗": ("important", "важно, восклицание"),
    "❓": ("question", "вопрос"),
    "📦": ("parcel, delivery", "посылка, заказ, доставка"),
    "🚚": ("delivery", "доставка, курьер, грузовик"),
    "💳": ("payment", "оплата, карта"),
    "💰": ("money, price", "деньги, цена"),
    "📞": ("call", "звонок, позвонить, телефон"),
    "📱": ("phone", "телефон, мобильный"),
    "📧": ("mail", "почта, письмо"),
    "📎": ("attachment", "скрепка, вложение, файл"),
    "⏰": ("time", "время, будильник"),
    "⏳": ("wait", "ждём, ожидание, минутку"),
    "📍": ("place, address", "адрес, место, метка"),
    "🏠": ("home", "дом"),
    "⭐": ("rating", "звезда, оценка"),
    "👋": ("hello, bye", "привет, пока, здравствуйте"),
    "🤔": ("think, hmm", "думаю, хм"),
    "😉": ("wink", "подмигиваю"),
    "💪": ("strong", "сила, сможем"),
    "☕": ("coffee", "кофе, чай"),
    "🇷🇺": ("russia", "россия"),
}

# By the first character, the first range that has it; Unicode keeps its groups together only roughly.
RANGES = (
    ("FLAGS", "1F1E6-1F1FF 1F3F3-1F3F4 1F3C1 1F6A9 1F38C"),
    ("PEOPLE", "1F440-1F478 1F47C 1F481-1F487 1F48F 1F491 1F4AA 1F574-1F575 1F57A 1F590 1F595-1F596 1F5E3 1F645-1F647"),
    ("PEOPLE", "1F64B-1F64F 1F6A3 1F6B4-1F6B6 1F6C0 1F6CC 1F90C 1F918-1F91F 1F926 1F930-1F93E 1F977 1F9B4-1F9B9"),
    ("PEOPLE", "1F9CD-1F9CF 1F9D1-1F9DF 1F9E0 1FAC0-1FAC5 1FAF0-1FAF8 261D 26F9 270A-270D 1F385 1F3C2-1F3C4 1F3C7"),
    ("PEOPLE", "1F3CA-1F3CC"),
    (
        "SMILEYS",
        "263A 2639 2620 2763-2764 1F600-1F64A 1F910-1F92F 1F970-1F97A 1F9D0 1FAE0-1FAE9 1F493-1F49F 1F479-1F480",
    ),
    ("SMILEYS", "1F4A9 1F4AF 1F4A2 1F48B-1F48C 1F5A4 1F90D-1F90F 1F9E1 1FA75-1FA77"),
    ("FOOD", "1F345-1F37F 1F32D-1F32F 1F950-1F96F 1F9C0-1F9CB 1FAD0-1FADB 2615 1F382"),
    ("NATURE", "1F400-1F43F 1F330-1F344 1F490 1F940 1F980-1F9AE 1F577-1F578 1F54A 2618 1FAB0-1FABF 1FACE-1FACF"),
    ("ACTIVITIES", "1F380-1F3C6 1F3C8-1F3C9 1F3CF-1F3D3 1F3F8-1F3F9 26BD-26BE 26F3 26F8 1F93F 1F945-1F94F 265F 1F0CF"),
    ("ACTIVITIES", "1F004 1F52E 1F579 1F9E8-1F9E9 1FA80-1FA86 1FAA9 2728"),
    ("TRAVEL", "1F680-1F6A8 1F6E2-1F6FC 1F3D4-1F3F0 1F3CD-1F3CE 1F300-1F32C 1F5FA-1F5FF 2600-2604 2614 26A1 26C4-26C8"),
    ("TRAVEL", "26E9-26F5 26FA 26FD 2708 2744 2B50 1F525 1F4A7 1F550-1F567 231A-231B 23F0-23F3 1F6D5-1F6D7 1F9ED"),
    ("SYMBOLS", "1F170-1F251 1F500-1F507 1F518-1F53D 1F7E0-1F7F0 1F4F3-1F4F6 1F6AB-1F6B3 1F6B7-1F6C5 1F4A0-1F4A1"),
)


@lru_cache(maxsize=1)
def packed_list() -> bytes:
    """The list as gzipped JSON."""
    found = [[sign, GROUPS.index(_group(sign)), english, russian] for sign, english, russian in _known()]
    found.sort(key=lambda row: (row[1], not _is_face(str(row[0]))))
    body = json.dumps({"groups": GROUPS, "emoji": found}, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(body, mtime=0)


def _is_face(sign: str) -> bool:
    """What people look for among the smileys stands before hearts and skulls."""
    return 0x1F600 <= ord(sign[0]) <= 0x1F64A


def _known() -> Iterator[tuple[str, str, str]]:
    """In the order of their code points; skin tones are put on by whoever picks."""
    emoji.config.load_language("ru")
    for sign, about in sorted(emoji.EMOJI_DATA.items()):
        is_whole = about["status"] == emoji.STATUS["fully_qualified"]
        if is_whole and float(about["E"]) <= NEWEST and not SKIN_TONES & set(sign):
            names = dict.fromkeys(_words(name) for name in (about["en"], *about.get("alias", ())))
            english, russian = KEYWORDS.get(sign, ("", ""))
            yield sign, _joined(*names, english), _joined(_words(about.get("ru", "")), russian)


def _joined(*names: str) -> str:
    return ", ".join(name for name in names if name)


def _words(name: str) -> str:
    return name.strip(":").replace("_", " ").replace("  ", " ").lower()


def _group(sign: str) -> str:
    place = ord(sign[0])
    for group, lowest, highest in _ranges():
        if lowest <= place <= highest:
            return group
    return "SYMBOLS" if place < 0x3300 else "OBJECTS"


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[str, int, int], ...]:
    spans = [(group, *span.split("-")) for group, spans in RANGES for span in spans.split()]
    return tuple((group, int(span[0], 16), int(span[-1], 16)) for group, *span in spans)
