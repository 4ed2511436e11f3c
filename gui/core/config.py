"""Every setting, one row each: default, label, help and bounds.

The page's form, the checks, the command line's flags and the README's table are made from these
rows; no default stands anywhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, asdict, dataclass, field, fields, replace
from typing import Any, Self, get_args, get_type_hints

from gui.core import vgg16
from gui.core.errors import SettingError
from gui.core.events import Phase

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


def _row(default: Any, about: About) -> Any:  # noqa: ANN401 - a dataclass field has any type
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
        if kind is float:
            return float(value)
        if kind is int and float(value).is_integer():
            return int(value)
    raise SettingError(
        f"“{value}” can't be used for “{name}”.",
        f"Give {'a whole number' if kind is int else 'a number' if kind is float else 'a choice'}.",
    )


def _check(setting: Field[Any], value: Value) -> None:
    row = about(setting)
    if row.choices and value not in [choice for choice, _ in row.choices]:
        allowed = ", ".join(choice for choice, _ in row.choices)
        raise SettingError(f"{row.label} can't be “{value}”.", f"Choose one of: {allowed}.")
    if row.low is None or row.high is None or isinstance(value, str):
        return
    if not row.low <= value <= row.high:
        raise SettingError(
            f"{row.label} can't be {_words(value)}.",
            f"Choose a number from {_words(row.low)} to {_words(row.high)}.",
        )


def _words(number: float) -> str:
    """A number as a person writes it: every digit of a whole one, no ".0"."""
    return f"{number:g}" if isinstance(number, float) else str(number)


@dataclass(frozen=True)
class ModelSettings(Settings):
    """Step 2: what the network looks like and how much of it learns."""

    freeze_point: str = _row(
        vgg16.HEAD_ONLY,
        About(
            "Freeze point: the first layer that learns",
            "Everything before it keeps what it learned from a million photos. “Head only” is "
            "fastest and safest with few pictures; an earlier layer learns more but needs more "
            "pictures and time.",
            choices=(
                *((name, name) for name in vgg16.NAMES),
                (vgg16.HEAD_ONLY, "head only (all of VGG16 frozen)"),
            ),
        ),
    )
    head: vgg16.Head = _row(
        "compact",
        About(
            "Head: the new part that names your classes",
            "Compact averages what VGG16 sees and adds about 130,000 numbers. Classic is the "
            "textbook head with two layers of 4,096: 25 to 151 million numbers, slow, and it needs "
            "several GB of memory.",
            choices=(("compact", "compact"), ("classic", "classic (4096 + 4096)")),
        ),
    )
    image_size: int = _row(
        160,
        About(
            "Picture size in pixels",
            "Every picture is scaled to this square. 160 is a good start; 224 sees finer detail "
            "and takes about twice as long.",
            64,
            256,
            32,
        ),
    )
    flip: bool = _row(
        True,
        About(
            "Mirror",
            "Also learn from mirrored pictures. Turn it off when left and right matter, as with "
            "letters.",
        ),
    )
    rotation: bool = _row(
        True,
        About("Turn a little", "Also learn from pictures turned by up to a tenth of a circle."),
    )
    zoom: bool = _row(
        True,
        About("Zoom a little", "Also learn from pictures zoomed in or out by up to a fifth."),
    )

    @property
    def augments(self) -> bool:
        """Whether any augmentation is on."""
        return self.flip or self.rotation or self.zoom


@dataclass(frozen=True)
class TrainSettings(Settings):
    """Step 3: how it learns. A rate of 0 means: follow the freeze point and the head."""

    epochs: int = _row(
        20,
        About("Epochs", "How often it goes through all pictures. 10 to 30 is usual.", 1, 500, 1),
    )
    head_epochs: int = _row(
        5,
        About(
            "Epochs for the head first",
            "When part of VGG16 learns too, the new head learns alone for this many epochs "
            "before, so that its first guesses don't spoil what VGG16 knows.",
            1,
            100,
            1,
        ),
    )
    batch_size: int = _row(
        16,
        About("Batch size", "How many pictures it looks at before each correction.", 1, 128, 1),
    )
    head_rate: float = _row(
        0.0,
        About(
            "Learning rate of the head",
            "How big each correction is. 0 means: chosen for you (0.001 for the compact head, "
            "0.0001 for the classic one).",
            0.0,
            0.1,
        ),
    )
    fine_rate: float = _row(
        0.0,
        About(
            "Learning rate when VGG16 learns too",
            "Much smaller, so that it adjusts and doesn't forget. 0 means: chosen for you "
            "(0.00002 from block 5 on, 0.00001 for earlier freeze points).",
            0.0,
            0.1,
        ),
    )
    patience: int = _row(
        5,
        About(
            "Early stopping: patience in epochs",
            "Stop when the validation loss hasn't improved for this many epochs. 0 switches it "
            "off.",
            0,
            100,
            1,
        ),
    )
    views: int = _row(
        3,
        About(
            "Views of each picture",
            "The plain picture and its mirrored, turned or zoomed variants, worked out once "
            "before learning. More views take longer to prepare and can help with few pictures. "
            "With every augmentation off there is one.",
            1,
            8,
            1,
        ),
    )
    validation_share: float = _row(
        0.2,
        About(
            "Share kept for checking",
            "These pictures are never learned from: they show how well it does on new ones. 0.2 "
            "is one in five.",
            0.1,
            0.5,
            0.05,
        ),
    )
    seed: int = _row(
        0,
        About(
            "Seed",
            "The same seed divides the pictures and starts the head in the same way again.",
            0,
            2**31 - 1,
            1,
        ),
    )


@dataclass(frozen=True)
class Config:
    """All settings of a run. Written as ``config.json``, never changed afterwards."""

    model: ModelSettings = field(default_factory=ModelSettings)
    train: TrainSettings = field(default_factory=TrainSettings)

    def to_json(self) -> dict[str, object]:
        """A JSON object with a version."""
        return {"version": 1, "model": asdict(self.model), "train": asdict(self.train)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            SettingError: When a value is out of bounds.
        """
        return cls(
            ModelSettings.read(stored.get("model", {})), TrainSettings.read(stored.get("train", {}))
        )


def resolve(config: Config) -> Config:
    """The configuration with every "chosen for you" replaced by the number it stands for.

    Source for the rates: the Keras transfer-learning guide fine-tunes at 1e-5 after a head at
    1e-3; the classic head's 4096 by 4096 weights diverge at 1e-3, so it starts at 1e-4.
    """
    model, train = config.model, config.train
    late = vgg16.position(model.freeze_point) >= vgg16.position("block4_pool")
    head_rate = 1e-3 if model.head == "compact" else 1e-4
    return replace(
        config,
        train=replace(
            train,
            head_rate=train.head_rate or head_rate,
            fine_rate=train.fine_rate or (2e-5 if late else 1e-5),
            views=train.views if model.augments else 1,
        ),
    )


def phases(config: Config, epochs: int) -> Iterator[tuple[Phase, int]]:
    """The phases of a run that is to reach ``epochs``, each with its last epoch, in order.

    "head": only the head learns. "fine": everything from the freeze point on learns, too.
    """
    if vgg16.first_learning(config.model.freeze_point) == vgg16.HEAD_ONLY:
        yield "head", epochs
        return
    head = min(config.train.head_epochs, config.train.epochs - 1)
    if head:
        yield "head", min(head, epochs)
    if epochs > head:
        yield "fine", epochs
