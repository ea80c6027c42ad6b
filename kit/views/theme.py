"""The theme: every colour as a token, light and dark, and the custom properties of css that they become.

Rules: colour means outcome, never actor; a text token reads at 4.5:1 or better on every ground it may stand on, a
control's edge at 3:1; the four outcomes differ by CIEDE2000 12 or more in normal sight, deuteranopia, protanopia and
tritanopia. `tests/views/test_theme.py` computes all of it from these tables; axe does not look inside SVG.
`theme.css` is `css()` written to a file (a test holds them equal): `python -m kit.views.theme > kit/views/theme.css`.
Source: the kit's looks, "Tokens: colour" (2026-11-24); WCAG 2.1, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

LIGHT: dict[str, str] = {
    "page": "#FFFFFF",
    "surface": "#FFFFFF",
    "sunken": "#F6F7F9",
    "line": "#DDE1E7",
    "line2": "#868F9C",
    "ghost": "#C6CCD5",
    "ink": "#171C23",
    "ink2": "#454E5B",
    "ink3": "#5E6876",
    "flow": "#1B4FC0",
    "flow-tint": "#EDF2FC",
    "hit": "#0A7868",
    "hit-tint": "#E6F4F3",
    "miss": "#8C6700",
    "miss-tint": "#FAF3DF",
    "bad": "#980C43",
    "bad-tint": "#FBEAF0",
    "on": "#FFFFFF",
    "v1": "#B9C6DF",
    "v2": "#1B4FC0",
    "n1": "#8A94A2",
    "n2": "#69737F",
    "n3": "#454E59",
}

DARK: dict[str, str] = {
    "page": "#111419",
    "surface": "#15191F",
    "sunken": "#1D232B",
    "line": "#2E3641",
    "line2": "#76818F",
    "ghost": "#3A434F",
    "ink": "#EDF0F4",
    "ink2": "#B9C2CE",
    "ink3": "#96A1B0",
    "flow": "#7FA9FF",
    "flow-tint": "#1B2740",
    "hit": "#3FE0CC",
    "hit-tint": "#12302F",
    "miss": "#FFD23F",
    "miss-tint": "#332B12",
    "bad": "#F0738A",
    "bad-tint": "#3A1C26",
    "on": "#11151B",
    "v1": "#4A587A",
    "v2": "#7FA9FF",
    "n1": "#66727F",
    "n2": "#8994A2",
    "n3": "#B6C0CB",
}

PALETTES = {"light": LIGHT, "dark": DARK}
OUTCOMES = ("flow", "hit", "miss", "bad")

# Which text may stand on which ground; a test computes each pair, and the css of the kit uses no other.
TEXT_ON: dict[str, tuple[str, ...]] = {
    "ink": ("page", "surface", "sunken", "flow-tint", "hit-tint", "miss-tint", "bad-tint", "v1"),
    "ink2": ("page", "surface", "sunken", "flow-tint", "hit-tint", "miss-tint", "bad-tint"),
    "ink3": ("page", "surface", "sunken", "flow-tint", "bad-tint"),
    "flow": ("page", "surface", "sunken", "flow-tint"),
    "hit": ("page", "surface", "sunken", "hit-tint", "flow-tint"),
    "miss": ("page", "surface", "sunken", "miss-tint", "flow-tint"),
    "bad": ("page", "surface", "sunken", "bad-tint", "flow-tint"),
    "on": ("flow", "hit", "miss", "bad", "v2"),
}
# Edges of controls, ribbons and nodes: what must be seen to be used or told apart from its ground.
EDGES_ON: dict[str, tuple[str, ...]] = {
    "line2": ("surface", "sunken"),
    "flow": ("surface", "sunken", "flow-tint"),
    "hit": ("surface", "sunken"),
    "miss": ("surface", "sunken"),
    "bad": ("surface", "sunken", "bad-tint"),
    "n1": ("surface",),
    "n2": ("surface",),
    "n3": ("surface",),
}

UI_FONT = (
    "var(--jp-ui-font-family, var(--vscode-font-family, system-ui, -apple-system, 'Segoe UI', Roboto, "
    "'Helvetica Neue', Arial, sans-serif))"
)
CODE_FONT = (
    "var(--jp-code-font-family, var(--vscode-editor-font-family, ui-monospace, 'SF Mono', Menlo, Consolas, "
    "'DejaVu Sans Mono', monospace))"
)
# An image inside a page sees none of the page's properties, so the twin names its fonts itself.
PLAIN_UI_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
PLAIN_CODE_FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def variables(palette: dict[str, str]) -> str:
    """A palette as declarations of custom properties: `--kit-ink: #171C23; …`."""
    return " ".join(f"--kit-{name}: {value};" for name, value in palette.items())


def css() -> str:
    """The text of `theme.css`: tokens on `.kit`, dark by Lab's attribute, by VS Code's class, else by the system.

    `data-kit-theme` on the root forces one of the two (tests and pages with a switch).
    """
    fonts = f"--kit-ui: {UI_FONT}; --kit-code: {CODE_FONT};"
    asked = ".kit[data-kit-theme='dark'], [data-jp-theme-light='false'] .kit:not([data-kit-theme]), "
    system = "body:not([data-jp-theme-light], .vscode-light, .vscode-dark) .kit:not([data-kit-theme])"
    return (
        "/* Written by kit/views/theme.py; change the tokens there. */\n"
        f".kit {{ color-scheme: light; {fonts}\n  {variables(LIGHT)}\n"
        "  font-family: var(--kit-ui); color: var(--kit-ink); }\n"
        f"{asked}.vscode-dark .kit:not([data-kit-theme]) {{ color-scheme: dark;\n  {variables(DARK)} }}\n"
        f"@media (prefers-color-scheme: dark) {{\n  {system} {{ color-scheme: dark;\n    {variables(DARK)} }}\n}}\n"
    )


if __name__ == "__main__":
    print(css(), end="")
