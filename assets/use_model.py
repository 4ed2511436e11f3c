import zipfile

import keras
import numpy as np
from PIL import Image, ImageOps

model = keras.models.load_model("model.keras")
labels = zipfile.ZipFile("model.keras").read("labels.txt").decode().splitlines()

picture = ImageOps.exif_transpose(Image.open("picture.jpg")).convert("RGB")
probabilities = model.predict(np.asarray(picture, dtype="float32")[None])[0]
for label, probability in zip(labels, probabilities):
    print(f"{label}: {probability:.1%}")
