"""Foreign bytes into a picture that may be kept: really a picture, of bearable size, and nothing but pixels.

Everything is decoded and encoded again, so that no EXIF, GPS, comment, thumbnail or trailing data survives:
PNG without loss, JPEG with its own quantisation tables (next to no loss, same size), GIF as a PNG of its
first frame. Photos are turned upright first, because the turn stands in the EXIF data that goes.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from domain.errors import MediaError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 90

# Pillow's own guard, which also sees sizes that only turn up while decoding (it raises at twice the number)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """``extension`` as in a file name, without the dot. Sizes are those of the upright picture."""

    data: bytes
    mime: str
    extension: str
    width: int
    height: int


def clean_picture(data: bytes) -> Picture:
    """Check and strip. Raises ``MediaError``, always permanent: the same bytes will never be better."""
    if len(data) > MAX_BYTES:
        raise MediaError(f"picture is larger than {MAX_BYTES} bytes", permanent=True)
    try:
        return _decoded(data)
    except MediaError:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    # on hostile files Pillow's decoders raise nearly everything: OSError, SyntaxError, struct.error, …
    except Exception as error:
        raise MediaError(f"not a readable picture ({type(error).__name__})", permanent=True) from error


def _decoded(data: bytes) -> Picture:
    with warnings.catch_warnings():
        # Pillow warns of odd EXIF data, which goes anyway, and of many pixels, which we refuse
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            # so far only the header was read
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            image.load()
            return _encoded(image)


def _too_many_pixels() -> MediaError:
    return MediaError(f"picture has more than {MAX_PIXELS} pixels", permanent=True)


def _encoded(image: Image.Image) -> Picture:
    bare = _bare(image)
    out = io.BytesIO()
    if image.format in {"JPEG", "MPO"}:
        kind, extension = "JPEG", "jpg"
        bare = bare if bare.mode in {"L", "RGB"} else bare.convert("RGB")
        bare.save(out, kind, **_jpeg_options(image))
    elif image.format == "WEBP":
        kind, extension = "WEBP", "webp"
        bare.save(out, kind, quality=_QUALITY)
    else:
        kind, extension = "PNG", "png"
        bare.save(out, kind)
    return Picture(out.getvalue(), Image.MIME[kind], extension, bare.width, bare.height)


def _bare(image: Image.Image) -> Image.Image:
    """An upright copy that carries pixels, palette and transparency only: Pillow writes back the rest."""
    try:
        upright = ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - broken EXIF in any of a hundred ways; the pixels are good
        upright = image.copy()
    transparency = upright.info.get("transparency")
    upright.info = {} if transparency is None else {"transparency": transparency}
    return upright


def _jpeg_options(image: Image.Image) -> dict[str, Any]:
    tables = getattr(image, "quantization", None)
    if image.mode not in {"L", "RGB"} or not tables or max(map(max, tables.values())) > 255:
        return {"quality": _QUALITY}
    sampling = JpegImagePlugin.get_sampling(image)
    return {"qtables": tables} | ({"subsampling": sampling} if sampling >= 0 else {})
