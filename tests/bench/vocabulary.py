"""Words, names and phones of a shop's customers: enough different ones, and as unevenly used as real ones."""

from itertools import product


def _words(text: str) -> list[str]:
    return text.split()


# The first ones are used most, see ``tests.bench.searching``.
FREQUENT = _words(
    "заказ доставка можно когда здравствуйте добрый день спасибо пожалуйста цена номер диван стол размер цвет оплата"
    " склад наличие завтра сегодня скидка магазин адрес привезти order delivery hello thanks when price please status"
    " курьер возврат гарантия сборка подъезд этаж кровать шкаф кресло матрас ткань дуб орех доставить заказать оплатить"
    " вернуть привезли ждать звонить ответить проверить узнать сообщить tracking invoice refund sofa table oak warranty"
)
ROOTS = _words(
    "баланс берег ветер выбор город график дерев договор дорог завод замен запас звук зерн игруш измен камен карман"
    " картин клад ключ книг колес комнат кораб корм краск кров лампа лес магнит масл мебел мест метал модел мотор мыл"
    " надеж накат напит нож обив образ окн опор остров отдел пакет парк перевод перед печат пласт плит подар пол полк"
    " помощ порт поставк потол праздн прибор провод продав пружин размест ремонт решен ручк сад салфет свет связ сезон"
    " сервис скат сним совет сорт срок станк стекл стил стран строй стул техник товар ток точк труб уголк украш услуг"
    " фабрик фасад фильтр форм фурнит хозяй цвет цен цех част чист шторк щит экран элемент ящик"
)
ENGLISH = _words(
    "account address balance blanket board bottle branch bright brush button cabinet candle carpet chair change choice"
    " clean color corner cotton cover cushion damage design detail door drawer edge fabric finish floor frame garden"
    " glass green handle heavy house kitchen lamp leather length level light linen lock mirror model motor move offer"
    " office option pack paint paper part pattern pillow place plate point pocket print problem quality question reply"
    " return room rope sample screw seat service shade sheet shelf shop shower side silver size smooth spring"
    " stock stone store style surface switch table theme tile tool trade velvet wall water weight wheel"
    " window wire wood work yard"
)
PREFIXES = ("", "по", "пере", "вы", "за", "от", "при", "раз", "под", "до")
ENDINGS = (
    "",
    "а",
    "ы",
    "у",
    "ом",
    "ов",
    "ами",
    "ный",
    "ная",
    "ного",
    "ить",
    "ил",
    "или",
    "ка",
    "ки",
    "ность",
    "ник",
    "чик",
)
SUFFIXES = ("", "s", "ed", "ing", "er", "ers", "able", "ly", "ment", "ness")

FIRST_NAMES = _words(
    "Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Юлия Александр Дмитрий Сергей Андрей Алексей"
    " Максим Евгений Иван Михаил Николай Павел Роман Фёдор Артём Anna Kate John Peter Emma Oliver"
)
LAST_ROOTS = _words(
    "Иван Петр Сидор Кузнец Смирн Попов Васил Соколо Михайл Новик Фёдор Мороз Волк Алексе Лебед Семён Егор Павл Козл"
    " Степан Никола Орл Андре Макар Никит Захар Зайц Соловь Борис Яковл Григорь Романо Воробь Серге Кузьм Фрол Дмитри"
)
LAST_ENDINGS = ("ов", "ова", "ев", "ева", "ский", "ская", "енко", "ин", "ина", "чук")


def words() -> list[str]:
    """Frequent ones first."""
    russian = ("".join(parts) for parts in product(PREFIXES, ROOTS, ENDINGS))
    english = ("".join(parts) for parts in product(ENGLISH, SUFFIXES))
    return list(dict.fromkeys([*FREQUENT, *english, *russian]))


def names() -> list[str]:
    return [f"{first} {root}{end}" for first, root, end in product(FIRST_NAMES, LAST_ROOTS, LAST_ENDINGS)]
