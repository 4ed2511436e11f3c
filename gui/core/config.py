"""Every setting, one row each. No default stands anywhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from gui.core import vgg16
from gui.core.events import Phase
from gui.core.settings import About, Settings, row
from gui.words import mark


@dataclass(frozen=True)
class ModelSettings(Settings):
    """Step 2: what the network looks like and how much of it learns."""

    freeze_point: str = row(
        vgg16.HEAD_ONLY,
        About(
            mark("Freeze point: the first layer that learns"),
            mark(
                "Everything before it keeps what it learned from a million photos. “Head only” is "
                "fastest and safest with few pictures; an earlier layer learns more but needs more "
                "pictures and time."
            ),
            choices=(
                *((name, name) for name in vgg16.NAMES),
                (vgg16.HEAD_ONLY, mark("head only (all of VGG16 frozen)")),
            ),
        ),
    )
    head: vgg16.Head = row(
        "compact",
        About(
            mark("Head: the new part that names your classes"),
            mark(
                "Compact averages what VGG16 sees and adds about 130,000 numbers. Classic is the "
                "textbook head with two layers of 4,096: 25 to 151 million numbers, slow, and it "
                "needs several GB of memory."
            ),
            choices=(("compact", mark("compact")), ("classic", mark("classic (4096 + 4096)"))),
        ),
    )
    image_size: int = row(
        160,
        About(
            mark("Picture size in pixels"),
            mark(
                "Every picture is scaled to this square. 160 is a good start; 224 sees finer "
                "detail and takes about twice as long."
            ),
            64,
            256,
            32,
        ),
    )
    flip: bool = row(
        True,
        About(
            mark("Mirror"),
            mark(
                "Also learn from mirrored pictures. Turn it off when left and right matter, as "
                "with letters."
            ),
        ),
    )
    rotation: bool = row(
        True,
        About(
            mark("Turn a little"),
            mark("Also learn from pictures turned by up to a tenth of a circle."),
        ),
    )
    zoom: bool = row(
        True,
        About(
            mark("Zoom a little"),
            mark("Also learn from pictures zoomed in or out by up to a fifth."),
        ),
    )

    @property
    def augments(self) -> bool:
        """Whether any augmentation is on."""
        return self.flip or self.rotation or self.zoom


@dataclass(frozen=True)
class TrainSettings(Settings):
    """Step 3: how it learns. A rate of 0 means: follow the freeze point and the head."""

    epochs: int = row(
        20,
        About(
            mark("Epochs"),
            mark("An epoch is one round through all pictures. 10 to 30 rounds are usual."),
            1,
            500,
            1,
        ),
    )
    head_epochs: int = row(
        5,
        About(
            mark("Epochs for the head first"),
            mark(
                "When part of VGG16 learns too, the new head learns alone for this many epochs "
                "before, so that its first guesses don't spoil what VGG16 knows."
            ),
            1,
            100,
            1,
        ),
    )
    batch_size: int = row(
        16,
        About(
            mark("Batch size"),
            mark("How many pictures it looks at before each correction."),
            1,
            128,
            1,
        ),
    )
    head_rate: float = row(
        0.0,
        About(
            mark("Learning rate of the head"),
            mark(
                "How big each correction is. 0 means: chosen for you (0.001 for the compact head, "
                "0.0001 for the classic one)."
            ),
            0.0,
            0.1,
        ),
    )
    fine_rate: float = row(
        0.0,
        About(
            mark("Learning rate when VGG16 learns too"),
            mark(
                "Much smaller, so that it adjusts and doesn't forget. 0 means: chosen for you "
                "(0.00002 from block 5 on, 0.00001 for earlier freeze points)."
            ),
            0.0,
            0.1,
        ),
    )
    patience: int = row(
        5,
        About(
            mark("Early stopping: patience in epochs"),
            mark(
                "It stops by itself when the pictures kept for checking show no progress (in the "
                "validation loss) for this many epochs. 0 switches it off."
            ),
            0,
            100,
            1,
        ),
    )
    views: int = row(
        2,
        About(
            mark("Views of each picture"),
            mark(
                "The plain picture and its mirrored, turned or zoomed variants, worked out once "
                "before learning. More views take longer to prepare and can help with few "
                "pictures. With every augmentation off there is one."
            ),
            1,
            8,
            1,
        ),
    )
    validation_share: float = row(
        0.2,
        About(
            mark("Share kept for checking"),
            mark(
                "These pictures are never learned from: they show how well it does on new ones. "
                "0.2 is one in five."
            ),
            0.1,
            0.5,
            0.05,
        ),
    )
    test_share: float = row(
        0.0,
        About(
            mark("Share kept for a last test"),
            mark(
                "These pictures are never used for any choice, not even for which round is kept, "
                "so they give the most honest score. With 100 pictures or more of each class, 0.2 "
                "is good; 0 keeps none. A folder “test” beside “train” does the same."
            ),
            0.0,
            0.4,
            0.05,
        ),
    )
    seed: int = row(
        0,
        About(
            mark("Seed"),
            mark("The same seed divides the pictures and starts the head in the same way again."),
            0,
            2**31 - 1,
            1,
        ),
    )


# How the pictures are divided: these belong to the pictures, whatever learns from them.
DIVISION: Final = ("validation_share", "seed", "test_share")


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
