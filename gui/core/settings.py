"""What a setting is: a dataclass field that carries its label, its help and its bounds.

The page's form, the checks, the command line's flags and the README's table are made from these
rows; ``core.config`` holds the rows themselves.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Self, get_args, get_type_hints

from gui.core.errors import SettingError
from gui.words import listed, say

Value = int | float | bool | str


@dataclass(frozen=True)
class About:
    """What a setting is, for a person.

    Attributes:
        label: A few words.
        help: A sentence or two, with a sense of scale.
        low: Smallest allowed value, or None.
        high: Largest allowed value, or None.
        step: What one step of a slider changes, or None.
        choices: Allowed values with the words shown for them, or empty.
    """

    label: str
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[tuple[str, str], ...] = ()


def row(default: Any, about: About) -> Any:  # noqa: ANN401 - a dataclass field has any type
    """A dataclass field with its default and what there is to say about it."""
    return field(default=default, metadata={"about": about})


def about(setting: Field[Any]) -> About:
    """The label, help and bounds of a dataclass field made here."""
    found = setting.metadata["about"]
    if not isinstance(found, About):
        raise TypeError(setting.name)
    return found


class Settings:
    """What the settings of every step can do: be checked, listed, written and read."""

    def __post_init__(self) -> None:
        for setting in rows(type(self)):
            _check(setting, getattr(self, setting.name))

    @classmethod
    def read(cls, values: Mapping[str, object]) -> Self:
        """Make settings from stored or typed values; names that aren't settings are ignored.

        Raises:
            SettingError: When a value has the wrong type or is out of bounds.
        """
        hints = get_type_hints(cls)
        names = [setting.name for setting in rows(cls) if setting.name in values]
        return cls(**{name: _convert(name, hints[name], values[name]) for name in names})


def rows(settings: type[Settings]) -> tuple[Field[Any], ...]:
    """The fields of a settings class, in the order of the form."""
    return fields(settings)  # type: ignore[arg-type]


def default(setting: Field[Any]) -> Value:
    """The default of a field made here."""
    if setting.default is MISSING:
        raise TypeError(setting.name)
    value: Value = setting.default
    return value


def _convert(name: str, kind: type, value: object) -> Value:
    if get_args(kind):  # Literal[...]
        kind = str
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):  # a whole number of hundreds of digits
            if kind is float:
                return float(value)
            if kind is int and float(value).is_integer():
                return int(value)
    if kind is int:
        hint = say("Give a whole number.")
    else:
        hint = say("Give a number." if kind is float else "Give a choice.")
    raise SettingError(say("“{value}” can't be used for “{name}”.", value=value, name=name), hint)


def _check(setting: Field[Any], value: Value) -> None:
    told = about(setting)
    if told.choices and value not in [choice for choice, _ in told.choices]:
        allowed = listed(choice for choice, _ in told.choices)
        raise SettingError(
            say("{setting} can't be “{value}”.", setting=say(told.label), value=value),
            say("Choose one of: {choices}.", choices=allowed),
        )
    if told.low is None or told.high is None or isinstance(value, str):
        return
    if not told.low <= value <= told.high:
        raise SettingError(
            say("{setting} can't be {value}.", setting=say(told.label), value=_words(value)),
            say(
                "Choose a number from {low} to {high}.",
                low=_words(told.low),
                high=_words(told.high),
            ),
        )


def _words(number: float) -> str:
    """A number as a person writes it: every digit of a whole one, no ".0"."""
    return f"{number:g}" if isinstance(number, float) else str(number)
