"""The finished model as an ONNX graph, its numbers as short as asked.

The layers are few and plain, so the graph is written down directly: that takes less than a second.
Whoever runs it needs the standard operators only.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from gui.core import vgg16
from gui.engine.model import Model

Precision = Literal["float32", "float16", "int8"]

_OPSET = 17  # of 2022: old enough for every runtime in use
_LONG = 400_000  # kernels of that many numbers take one byte a number in "int8", others two
_PREPROCESSING = "RGB 0-255, upright, squeezed to the square with an antialiased bilinear filter"


def build(model: Model, labels: Sequence[str], size_px: int, precision: Precision) -> bytes:
    """The file's content.

    Args:
        model: A finished model of the functional style, from pictures to probabilities.
        labels: Class names in the order of the outputs; they travel inside, as does the size.
        size_px: Side of the square that every picture has been squeezed into.
        precision: How the numbers are kept; it computes in float32 all the same. "int8" keeps the
            large kernels in one byte a number, with one scale for each output channel, and the
            small early ones, where rounding does most harm, in half precision.

    Returns:
        An ONNX model from "pictures", float32 (n, size_px, size_px, 3), RGB 0–255, to
        "probabilities", float32 (n, classes).
    """
    graph = _Graph(precision)
    flow = _prepared(graph)
    for layer in model.layers[vgg16.FIRST_INDEX :]:
        flow = _add(graph, layer, flow)
    graph.nodes[-1].output[0] = "probabilities"
    shape = ["n", size_px, size_px, 3]
    made = helper.make_graph(
        graph.nodes,
        "freezepoint",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", len(labels)])],
        graph.constants,
    )
    opset = [helper.make_opsetid("", _OPSET)]
    whole = helper.make_model(made, opset_imports=opset, ir_version=8, producer_name="freezepoint")
    told = {
        "labels": json.dumps(list(labels), ensure_ascii=False),
        "image_size": str(size_px),
        "preprocessing": _PREPROCESSING,
    }
    helper.set_model_props(whole, told)
    onnx.checker.check_model(whole)
    content: bytes = whole.SerializeToString()
    return content


class _Graph:
    """Nodes and constants as they come."""

    def __init__(self, precision: Precision) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._precision = precision

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def kernel(self, name: str, array: NDArray[np.float32], channels: int) -> str:
        """A kernel's numbers, kept short and made long again; ``channels`` is their output axis."""
        if self._precision == "float32":
            return self.constant(name, array)
        if self._precision == "float16" or array.size < _LONG:
            # A number beyond half precision would become infinite.
            short = np.clip(array, -65504, 65504).astype(np.float16)
            kept = self.constant(f"{name}_half", short)
            return self.node("Cast", [kept], name, to=TensorProto.FLOAT)
        rest = tuple(axis for axis in range(array.ndim) if axis != channels)
        scale = np.abs(array).max(axis=rest, keepdims=True) / 127
        scale[scale == 0] = 1
        whole = np.rint(array / scale).astype(np.int8)
        inputs = [
            self.constant(f"{name}_whole", whole),
            self.constant(f"{name}_scale", scale.reshape(-1).astype(np.float32)),
        ]
        return self.node("DequantizeLinear", inputs, name, axis=channels)


def _prepared(graph: _Graph) -> str:
    """From RGB 0–255, rows × columns × 3, to BGR minus ImageNet's mean, 3 × rows × columns."""
    mean = np.array(vgg16.MEAN_BGR, np.float32).reshape(1, 3, 1, 1)
    flow = graph.node("Transpose", ["pictures"], "planes", perm=[0, 3, 1, 2])
    order = graph.constant("blue_first", np.array([2, 1, 0], np.int64))
    flow = graph.node("Gather", [flow, order], "bgr", axis=1)
    return graph.node("Sub", [flow, graph.constant("mean_bgr", mean)], "minus_mean")


def _add(graph: _Graph, layer: Any, flow: str) -> str:
    kinds: dict[str, Callable[[_Graph, Any, str], str]] = {
        "Conv2D": _conv,
        "MaxPooling2D": _pool,
        "GlobalAveragePooling2D": _average,
        "Flatten": _flat,
        "Dense": _dense,
        "Dropout": lambda _graph, _layer, flow: flow,
    }
    return kinds[type(layer).__name__](graph, layer, flow)


def _conv(graph: _Graph, layer: Any, flow: str) -> str:
    kernel, bias = layer.get_weights()  # (3, 3, in, out), (out,)
    turned = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
    inputs = [
        flow,
        graph.kernel(f"{layer.name}_kernel", turned, channels=0),
        graph.constant(f"{layer.name}_bias", bias),
    ]
    flow = graph.node("Conv", inputs, layer.name, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    return graph.node("Relu", [flow], f"{layer.name}_relu")


def _pool(graph: _Graph, layer: Any, flow: str) -> str:
    return graph.node("MaxPool", [flow], layer.name, kernel_shape=[2, 2], strides=[2, 2])


def _average(graph: _Graph, layer: Any, flow: str) -> str:
    flow = graph.node("GlobalAveragePool", [flow], f"{layer.name}_pool")  # (n, 512, 1, 1)
    return graph.node("Flatten", [flow], layer.name)


def _flat(graph: _Graph, layer: Any, flow: str) -> str:
    """In Keras's order: rows, columns, channels."""
    flow = graph.node("Transpose", [flow], f"{layer.name}_order", perm=[0, 2, 3, 1])
    return graph.node("Flatten", [flow], layer.name)


def _dense(graph: _Graph, layer: Any, flow: str) -> str:
    kernel, bias = layer.get_weights()  # (in, out), (out,)
    inputs = [
        flow,
        graph.kernel(f"{layer.name}_kernel", kernel, channels=1),
        graph.constant(f"{layer.name}_bias", bias),
    ]
    flow = graph.node("Gemm", inputs, f"{layer.name}_sum")
    kind = {"relu": "Relu", "softmax": "Softmax"}[layer.activation.__name__]
    return graph.node(kind, [flow], layer.name)
