"""Countries in which one telephone is written in two ways: what a client dials and what WhatsApp calls them differ.

Answers always go to the number as it came; the other spelling only tells that both are the same person.
"""

BRAZIL, ARGENTINA, MEXICO = "55", "54", "52"


def other_spelling(number: str) -> str:
    """Empty where there is only one."""
    if not number.isdecimal():
        return ""
    if number.startswith(BRAZIL):
        return _brazilian(number)
    if number.startswith(ARGENTINA):
        return _with_digit(number, ARGENTINA, "9", length=12)
    if number.startswith(MEXICO):
        return _with_digit(number, MEXICO, "1", length=12)
    return ""


def _brazilian(number: str) -> str:
    """Mobile numbers got a nine after the code of their area; accounts older than that have none."""
    area, rest = number[:4], number[4:]
    if len(rest) == 9 and rest[0] == "9":
        return area + rest[1:]
    return f"{area}9{rest}" if len(rest) == 8 and rest[0] in "6789" else ""


def _with_digit(number: str, country: str, digit: str, *, length: int) -> str:
    """A digit for mobiles stands after the country's code, or is left out."""
    rest = number[len(country) :]
    if len(number) == length + 1 and rest.startswith(digit):
        return country + rest[1:]
    return f"{country}{digit}{rest}" if len(number) == length else ""
