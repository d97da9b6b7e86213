"""The square code that leads from paper to the page that checks it."""

import base64
import io

import segno
from django.conf import settings

# Level Q, with the four modules of white that scanners need; paper on a wall gets wet and torn.
QUIET_MODULES = 4


def check_address(code: str) -> str:
    """The short address printed on paper."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}/n/{code}/"


def household_address(token: str) -> str:
    """The address on a household's card."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}/h/{token}/"


def qr_svg(text: str) -> str:
    """The code of `text` as an SVG of its own, black on white."""
    drawn = io.BytesIO()
    segno.make(text, error="q", micro=False, boost_error=False).save(
        drawn, kind="svg", border=QUIET_MODULES, light="white", xmldecl=False, omitsize=True
    )
    return drawn.getvalue().decode()


def svg_image(svg: str) -> str:
    """The drawing as the address of an image, for a page."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
