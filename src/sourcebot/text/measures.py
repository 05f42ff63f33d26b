"""Units of measure: whether two figures with units can be of one size.

"41 feet" is no "41 metres", but "12.5 m" is: figures in different units of one dimension agree as
far as their own digits go.
"""

from __future__ import annotations

from decimal import Decimal

_TABLES = {
    "length": """
        millimetre millimetres millimeter millimeters mm 0.001
        centimetre centimetres centimeter centimeters cm 0.01
        metre metres meter meters m 1
        kilometre kilometres kilometer kilometers km 1000
        inch inches 0.0254
        foot feet ft 0.3048
        yard yards yd 0.9144
        mile miles mi 1609.344
        """,
    "mass": """
        gram grams gramme grammes g 0.001
        kilogram kilograms kilogramme kilogrammes kilo kilos kg 1
        tonne tonnes 1000
        ounce ounces oz 0.028349523
        pound pounds lb lbs 0.45359237
        stone 6.35029318
        """,
    "area": """
        hectare hectares ha 10000
        acre acres 4046.8564
        """,
    "volume": """
        millilitre millilitres milliliter milliliters ml 0.001
        litre litres liter liters 1
        pint pints 0.56826125
        gallon gallons 4.54609
        """,
    "time": """
        second seconds 1
        minute minutes min mins 60
        hour hours hr hrs 3600
        day days 86400
        week weeks 604800
        month months 2629800
        year years 31557600
        """,
    "speed": """
        mph 1.609344
        kph kmh km/h 1
        knot knots 1.852
        """,
    "degree": "°c celsius 1",
    "degree fahrenheit": "°f fahrenheit 1",
    "square or cubic": "square cubic 1",
}


def _read(lines: str) -> dict[str, Decimal]:
    """Return the factor of each unit: a line's last word is that of the words before it."""
    found = {}
    for line in lines.strip().splitlines():
        *names, factor = line.split()
        found.update(dict.fromkeys(names, Decimal(factor)))
    return found


_UNITS = {
    unit: (dimension, factor)
    for dimension, lines in _TABLES.items()
    for unit, factor in _read(lines).items()
}


def can_be_equal(one: str, unit: str, other: str, other_unit: str) -> bool:
    """Return whether two figures, decimal numbers with a unit in small letters, can be of one size.

    A word that is no unit of measure says nothing: "41" and "41 feet" can be equal.
    """
    here, there = _UNITS.get(unit), _UNITS.get(other_unit)
    if here is None or there is None:
        return one == other
    if here[0] != there[0]:
        return False
    if here[1] == there[1]:
        return one == other
    reach = (_step(one) * here[1] + _step(other) * there[1]) / 2
    return abs(Decimal(one) * here[1] - Decimal(other) * there[1]) <= reach


def _step(number: str) -> Decimal:
    """Return the place value of the last digit after the full stop, 1 when there is none."""
    return Decimal(1).scaleb(-len(number.partition(".")[2]))
