"""Which fonts the press sets with: Noto of the system, or the one regular face of the wheel."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst
from django.core.exceptions import ImproperlyConfigured

SYSTEM_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/share/fonts/noto-cjk",
)
WHEEL = "noto_cjk_sans_otc"
NEEDED = "Noto Sans CJK SC"


@cache
def press_fonts() -> typst.Fonts:
    """The fonts, read once a process; refuses to print Chinese without a Chinese font."""
    for folders in (_of_system(), _of_wheel()):
        found = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
        )
        if NEEDED in found.families():
            return found
    raise ImproperlyConfigured("no Chinese font: install fonts-noto-cjk (or the embedded wheels)")


def _of_system() -> list[str]:
    return [folder for folder in SYSTEM_FOLDERS if Path(folder).is_dir()]


def _of_wheel() -> list[str]:
    spec = find_spec(WHEEL)
    return list(spec.submodule_search_locations or []) if spec else []
