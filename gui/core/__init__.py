"""Plain values and files. Never gradio, plotly, keras: see ``gui/__init__.py`` for the law."""
