"""Says what a picture shows. Start it with "python app.py"."""

import html
import json
from pathlib import Path

import gradio as gr
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

HERE = Path(__file__).parent
about = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
words = about["words"]
model = onnxruntime.InferenceSession(HERE / "model.onnx", providers=["CPUExecutionProvider"])


def prepare(path: str) -> np.ndarray:
    """The picture as the model takes it: upright, on white, squeezed into a square, RGB 0-255."""
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened)
    if picture.mode.startswith("I;16"):  # deep grey, as from scanners
        picture = Image.fromarray(np.rint(np.asarray(picture) / 257).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    square = (about["size_px"], about["size_px"])
    picture = picture.convert("RGB").resize(square, Image.Resampling.BILINEAR)
    return np.asarray(picture, dtype=np.float32)


def classify(path: str | None) -> dict[str, float] | None:
    """The probability of each class."""
    if path is None:
        return None
    try:
        pixels = prepare(path)
    except (OSError, ValueError) as error:
        raise gr.Error(words["unreadable"], title=words["error"]) from error
    (probabilities,) = model.run(None, {"pictures": pixels[None]})
    return dict(zip(about["labels"], map(float, probabilities[0]), strict=True))


with gr.Blocks(title=about["title"], analytics_enabled=False) as app:
    gr.HTML(f"<h1>{html.escape(about['title'])}</h1>")
    with gr.Row():
        picture = gr.Image(type="filepath", image_mode=None, label=words["picture"])
        answer = gr.Label(num_top_classes=5, label=words["answer"])
    gr.HTML("".join(f"<p>{html.escape(note)}</p>" for note in about["notes"]))
    picture.change(classify, picture, answer, api_name="classify")
    # For who has the page read out.
    app.load(js=f"() => {{ document.documentElement.lang = {json.dumps(about['language'])}; }}")

if __name__ == "__main__":
    # Fonts of the computer itself: nothing is asked of the internet.
    app.launch(theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["monospace"]))
