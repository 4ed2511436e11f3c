"""VGG16 and the head as the page draws them, and what that means in words."""

from typing import Any, Final

from gui.core import vgg16
from gui.core.vgg16 import Counts, Head, Layer

_HEAD_BLOCK: Final = 6
# What a block sees, in short and in a sentence. Source: M. Zeiler and R. Fergus, "Visualizing and
# understanding convolutional networks", ECCV 2014, figure 2.
SEES: Final = {
    1: ("edges, colours", "Block 1 sees edges and colours: where light meets dark."),
    2: ("corners, textures", "Block 2 sees corners and textures: stripes, fur, sand."),
    3: ("patterns", "Block 3 sees patterns: scales, grids, spots in a row."),
    4: ("parts", "Block 4 sees parts: an eye, a leg, a wheel, a leaf."),
    5: ("things", "Block 5 sees things: a whole animal, a whole flower."),
}
_FIRST: Final = {
    1: "Block 1, which sees edges and colours, is the first that may change.",
    2: "Block 2, which sees corners and textures, is the first that may change.",
    3: "Block 3, which sees patterns, is the first that may change.",
    4: "Block 4, which sees parts, is the first that may change.",
    5: "Block 5, which sees things, is the first that may change.",
}


def network(point: str, head: Head, image_size: int, classes: int) -> dict[str, Any]:
    """The value of the drawing for these settings."""
    frozen = vgg16.position(point)
    layers = [
        _layer(layer, image_size, frozen=place < frozen) for place, layer in enumerate(vgg16.LAYERS)
    ]
    layers.append(
        {
            "name": vgg16.HEAD_ONLY,
            "kind": "head",
            "block": _HEAD_BLOCK,
            "label": f"{head} head: names your classes",
            "size": f"{classes} classes",
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
            "size": f"{classes} classes",
            "sees": f"{head}",
            "tells": "The head is new: it names your classes by what block 5 sees.",
        }
    )
    return {"layers": layers, "point": point, "caption": _first(point), "blocks": blocks}


def told(point: str, counts: Counts) -> str:
    """How much is frozen and how much learns, in Markdown."""
    first = vgg16.first_learning(point)
    share, layers = counts.trainable / counts.total, len(vgg16.WITH_WEIGHTS)
    lines = [
        f"**Frozen:** {counts.layers_frozen} of {layers} layers of VGG16, {counts.frozen:,} "
        f"parameters. **Learning:** {counts.layers_learning} of {layers} layers and the head, "
        f"{counts.trainable:,} parameters ({share:.1%} of all {counts.total:,}). "
        "A parameter is one number that the network can change; pools have none, so they don't "
        "count as layers here."
    ]
    if point != first:
        same = "head only" if first == vgg16.HEAD_ONLY else f"`{first}`"
        lines.append(
            f"`{point}` has no parameters of its own: the same numbers learn as with {same}."
        )
    return "\n\n".join(lines)


def _layer(layer: Layer, image_size: int, *, frozen: bool) -> dict[str, Any]:
    side, _, depth = vgg16.shape_after(layer.name, image_size)
    return {
        "name": layer.name,
        "kind": layer.kind,
        "block": layer.block,
        "label": f"{layer.channels} filters" if layer.kind == "conv" else "halves the size",
        "size": f"{side} × {side}",
        "side": side,
        "depth": depth,
        "frozen": frozen,
        "parameters": layer.parameters,
    }


def _block(block: int, image_size: int) -> dict[str, Any]:
    name = next(each.name for each in vgg16.LAYERS if each.block == block)
    side, _, depth = vgg16.shape_after(name, image_size)
    sees, tells = SEES[block]
    return {"block": block, "size": f"{side} × {side} × {depth}", "sees": sees, "tells": tells}


def _first(point: str) -> str:
    first = vgg16.first_learning(point)
    if first == vgg16.HEAD_ONLY:
        return "All of VGG16 is frozen: it goes on seeing what it saw in a million photos."
    return _FIRST[next(layer.block for layer in vgg16.LAYERS if layer.name == first)]
