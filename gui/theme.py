"""How the page looks: Gradio's variables set to Freezepoint's colours, system fonts only."""

import gradio as gr

ICE = gr.themes.Color(
    name="ice",
    c50="#eef6fc", c100="#d9eaf8", c200="#b5d5f0", c300="#88bae5", c400="#569ad6", c500="#2f7fc1",
    c600="#2268a3", c700="#1c5485", c800="#17436a", c900="#123452", c950="#0b2136",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """The theme, light and dark."""
    return gr.themes.Base(
        primary_hue=ICE,
        secondary_hue=ICE,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_lg,
        text_size=gr.themes.sizes.text_md,
        spacing_size=gr.themes.sizes.spacing_md,
        font=[
            "system-ui",
            "-apple-system",
            "Segoe UI",
            "Roboto",
            "PingFang TC",
            "Microsoft JhengHei",
            "Noto Sans TC",
            "Noto Sans CJK TC",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    ).set(
        body_background_fill="#f6f8fb",
        body_background_fill_dark="#0f151d",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#161e28",
        background_fill_secondary="#f1f5f9",
        background_fill_secondary_dark="#1d2733",
        block_background_fill="#ffffff",
        block_background_fill_dark="#161e28",
        block_border_width="0px",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_info_text_size="14px",
        block_title_text_color="*neutral_800",
        block_title_text_color_dark="*neutral_100",
        block_title_text_weight="600",
        border_color_primary="#dbe3ec",
        border_color_primary_dark="#2c3947",
        link_text_color="*primary_600",
        link_text_color_dark="*primary_300",
        link_text_color_hover="*primary_700",
        link_text_color_hover_dark="*primary_200",
        link_text_color_visited="*primary_700",
        link_text_color_visited_dark="*primary_300",
        input_border_width="1px",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1d2733",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#1d2733",
        button_secondary_border_color="#c5d2df",
        button_secondary_border_color_dark="#3b4b5c",
        button_border_width="1px",
    )
