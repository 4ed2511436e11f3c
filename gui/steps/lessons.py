"""What each step is, for someone who never heard of a network: some sentences and a drawing."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import gradio as gr

from gui.widgets.step_head import step_head
from gui.words import say

_DRAWINGS: Final = Path(__file__).resolve().parents[2] / "assets" / "drawings"
LESSONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pictures": (
            "A class is a kind of thing that you want told apart: cats, dogs, your own three "
            "mugs. The network learns from examples, so each class needs some pictures: 20 are a "
            "start, more are better. Take them as you would later: near and far, on other "
            "backgrounds, in other light.",
            "One picture in five is kept aside and never learned from. With these it is checked "
            "afterwards, as in a school test with questions that weren't in the homework.",
        ),
        "model": (
            "VGG16 is a network of thirteen layers, one behind the other, that has seen more than "
            "a million photos. Its first layers see edges and colours, the middle ones patterns, "
            "the last ones whole parts such as eyes or wheels. All of that is useful for your "
            "pictures, too: so a few are enough. This is called transfer learning.",
            "Freezing keeps a layer as it is. The freeze point is the first layer that may change. "
            "Frozen layers can't forget what they know, and your pictures pass them only once; "
            "layers that learn can get used to pictures that look unlike photos, but need more of "
            "them.",
            "In many tutorials you read “layers[:15] are frozen”. That is the freeze point "
            "block4_pool here: counted with the input and the picture preparation, it is layer 15.",
        ),
        "train": (
            "Training shows the network your pictures again and again. After each group of them "
            "every number that may learn is moved a little, so that the answers come nearer to the "
            "truth. One round through all pictures is an epoch.",
            "Two curves tell how it goes. Accuracy is the share of right answers. Loss says how "
            "wrong it still is, and how unsure: lower is better. Look at the line of the checking "
            "pictures: when it gets worse while the other gets better, the network has begun to "
            "learn your pictures by heart. The epoch with the lowest loss on them is kept, not the "
            "last.",
        ),
        "compare": (
            "Which freeze point is best depends on your pictures, and nobody can know it before. "
            "Here several are trained on the same pictures and asked the same questions.",
            "With few checking pictures a small difference is luck. So each result has a range, "
            "and a winner is named only where the ranges allow it.",
        ),
        "results": (
            "A score from 60 pictures is an estimate: with other pictures it would be a bit higher "
            "or lower. The range says how much. More checking pictures make it narrower.",
            "The table shows which class is taken for which. Look at the mistakes: often the "
            "picture is in the wrong folder, or two classes are hard to tell apart for you, too.",
        ),
        "test": (
            "Now try pictures that it has never seen. It answers with a number for each class; "
            "together they are 100 %. It always has to name one of your classes, even for a shoe. "
            "A picture that is unlike all it has learned from is said to be so.",
            "“Where did it look?” colours the places that spoke for the answer. If these lie "
            "beside the thing, it may have learned the background.",
        ),
        "home": (
            "The model is yours. It is one file with all the numbers, and it runs on your own "
            "devices, without this page and without the internet.",
            "The forms are for different programs and devices. If you don't know which one you "
            "need: the web page that works offline can be opened by everybody.",
        ),
        "runs": (
            "Each training is kept with its settings, its pictures' list and its curve, so that "
            "you can go back to it, compare it or delete it.",
        ),
    }
)


def head(step: str, name: str) -> gr.HTML:
    """The head of a step, made where this is called.

    Raises:
        KeyError: When there is no such step.
    """
    drawing = _DRAWINGS / f"{step}.svg"
    svg = drawing.read_text(encoding="utf-8") if drawing.is_file() else ""
    return step_head(name, [say(each) for each in LESSONS[step]], svg)
