"""Everything with Keras. Imported by worker processes and the command line only, never by the page.

Importing this package sets what TensorFlow reads from the environment before it starts.
"""

import os

# TensorFlow's start-up notes on standard error are no help to anyone here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
