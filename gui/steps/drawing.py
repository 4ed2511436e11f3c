"""VGG16 and the head as the page draws them, and what that means in words."""

from typing import Any, Final

from gui.core import vgg16
from gui.core.vgg16 import Counts, Head, Layer
from gui.words import joined, mark, say

_HEAD_BLOCK: Final = 6
# What a block sees, in short and in a sentence. Source: M. Zeiler and R. Fergus, "Visualizing and
# understanding convolutional networks", ECCV 2014, figure 2.
SEES: Final = {
    1: (mark("edges, colours"), mark("Block 1 sees edges and colours: where light meets dark.")),
    2: (mark("corners, textures"), mark("Block 2 sees corners and textures: stripes, fur, sand.")),
    3: (mark("patterns"), mark("Block 3 sees patterns: scales, grids, spots in a row.")),
    4: (mark("parts"), mark("Block 4 sees parts: an eye, a leg, a wheel, a leaf.")),
    5: (mark("things"), mark("Block 5 sees things: a whole animal, a whole flower.")),
}
_FIRST: Final = {
    1: mark("Block 1, which sees edges and colours, is the first that may change."),
    2: mark("Block 2, which sees corners and textures, is the first that may change."),
    3: mark("Block 3, which sees patterns, is the first that may change."),
    4: mark("Block 4, which sees parts, is the first that may change."),
    5: mark("Block 5, which sees things, is the first that may change."),
}


def network(point: str, head: Head, image_size: int, classes: int) -> dict[str, Any]:
    """The value of the drawing for these settings."""
    frozen, compact = vgg16.position(point), head == "compact"
    size = say("{classes} classes", classes=classes)
    layers = [
        _layer(layer, image_size, frozen=place < frozen) for place, layer in enumerate(vgg16.LAYERS)
    ]
    layers.append(
        {
            "name": vgg16.HEAD_ONLY,
            "kind": "head",
            "block": _HEAD_BLOCK,
            "label": say(
                "compact head: names your classes"
                if compact
                else "classic head: names your classes"
            ),
            "size": size,
            "side": 1,
            "depth": classes,
            "frozen": False,
            "parameters": vgg16.head_parameters(head, image_size, classes),
        }
    )
    blocks = [_block(block, image_size) for block in SEES]
    blocks.append(
        {
            "block": _HEAD_BLOCK,
            "size": size,
            "sees": say("compact" if compact else "classic"),
            "tells": say("The head is new: it names your classes by what block 5 sees."),
        }
    )
    return {"layers": layers, "point": point, "caption": _first(point), "blocks": blocks}


def plainly(counts: Counts) -> str:
    """How much is frozen and how much learns, without the numbers of parameters."""
    layers, learning = len(vgg16.WITH_WEIGHTS), counts.layers_learning
    frozen = say(
        "**Frozen:** {frozen} of {layers} layers of VGG16.",
        frozen=counts.layers_frozen,
        layers=layers,
    )
    learns = say(
        "**Learning:** {learning} of {layers} layers and the new head."
        if learning
        else "**Learning:** only the new head.",
        learning=learning,
        layers=layers,
    )
    return joined(frozen, learns)


def told(point: str, counts: Counts) -> str:
    """How much is frozen and how much learns, in Markdown."""
    first = vgg16.first_learning(point)
    share, layers = counts.trainable / counts.total, len(vgg16.WITH_WEIGHTS)
    frozen = say(
        "**Frozen:** {frozen} of {layers} layers of VGG16, {parameters:,} parameters.",
        frozen=counts.layers_frozen,
        layers=layers,
        parameters=counts.frozen,
    )
    learning = say(
        "**Learning:** {learning} of {layers} layers and the head, {parameters:,} parameters "
        "({share:.1%} of all {total:,}).",
        learning=counts.layers_learning,
        layers=layers,
        parameters=counts.trainable,
        share=share,
        total=counts.total,
    )
    meaning = say(
        "A parameter is one number that the network can change; pools have none, so they don't "
        "count as layers here."
    )
    text = joined(frozen, learning, meaning)
    return text if point == first else f"{text}\n\n{_same(point, first)}"


def _same(point: str, first: str) -> str:
    """That a pool as the freeze point means what the first layer that learns means."""
    return say(
        "`{point}` has no parameters of its own: the same numbers learn as with head only."
        if first == vgg16.HEAD_ONLY
        else "`{point}` has no parameters of its own: the same numbers learn as with `{first}`.",
        point=point,
        first=first,
    )


def _layer(layer: Layer, image_size: int, *, frozen: bool) -> dict[str, Any]:
    side, _, depth = vgg16.shape_after(layer.name, image_size)
    return {
        "name": layer.name,
        "kind": layer.kind,
        "block": layer.block,
        "label": _label(layer),
        "size": f"{side} × {side}",
        "side": side,
        "depth": depth,
        "frozen": frozen,
        "parameters": layer.parameters,
    }


def _label(layer: Layer) -> str:
    if layer.kind == "conv":
        return say("{count} filters", count=layer.channels)
    return say("halves the size")


def _block(block: int, image_size: int) -> dict[str, Any]:
    name = next(each.name for each in vgg16.LAYERS if each.block == block)
    side, _, depth = vgg16.shape_after(name, image_size)
    sees, tells = map(say, SEES[block])
    return {"block": block, "size": f"{side} × {side} × {depth}", "sees": sees, "tells": tells}


def _first(point: str) -> str:
    first = vgg16.first_learning(point)
    if first == vgg16.HEAD_ONLY:
        return say("All of VGG16 is frozen: it goes on seeing what it saw in a million photos.")
    return say(_FIRST[next(layer.block for layer in vgg16.LAYERS if layer.name == first)])
