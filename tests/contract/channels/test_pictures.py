"""What may be kept of a picture: pixels, upright, of bearable size."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from bot.picture import MAX_BYTES, Picture, clean_picture
from domain.errors import MediaError

GPS_IFD, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def photo(width: int = 80, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    return image


def with_gps(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS_IFD)[2] = (31.0, 12.0, 30.0)
    return exif


def file(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


def refused(data: bytes) -> str:
    with pytest.raises(MediaError) as caught:
        clean_picture(data)
    assert caught.value.permanent
    return caught.value.reason


KINDS = [
    ("JPEG", "RGB", "jpg", "image/jpeg"),
    ("JPEG", "L", "jpg", "image/jpeg"),
    ("JPEG", "CMYK", "jpg", "image/jpeg"),
    ("PNG", "RGB", "png", "image/png"),
    ("PNG", "RGBA", "png", "image/png"),
    ("PNG", "P", "png", "image/png"),
    ("PNG", "LA", "png", "image/png"),
    ("PNG", "1", "png", "image/png"),
    ("PNG", "I;16", "png", "image/png"),
    ("WEBP", "RGB", "webp", "image/webp"),
    ("WEBP", "RGBA", "webp", "image/webp"),
    ("GIF", "P", "png", "image/png"),
]


@pytest.mark.parametrize(("kind", "mode", "extension", "mime"), KINDS)
def test_every_kind_is_kept(kind: str, mode: str, extension: str, mime: str) -> None:
    picture = clean_picture(file(photo().convert(mode), kind))
    assert (picture.extension, picture.mime, picture.width, picture.height) == (extension, mime, 80, 40)
    assert opened(picture).size == (80, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_and_gps_are_gone(kind: str) -> None:
    data = file(photo(), kind, exif=with_gps(), icc_profile=b"profile" * 20, xmp=b"<x:xmpmeta>SecretXmp")
    assert b"SecretPhone" in data
    picture = clean_picture(data)
    assert dict(opened(picture).getexif()) == {}
    for trace in (b"Secret", b"Exif", b"xmp", b"profile", b"ICC"):
        assert trace not in picture.data


def test_comments_and_what_follows_the_picture_are_gone() -> None:
    jpeg = file(photo(), "JPEG", comment=b"SecretComment") + b"PK\x03\x04SecretZip"
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Author", "SecretName")
    png = file(photo(), "PNG", pnginfo=chunks) + b"SecretTail"
    gif = file(photo().convert("P"), "GIF", comment=b"SecretComment")
    for data in (jpeg, png, gif):
        assert b"Secret" in data
        assert b"Secret" not in clean_picture(data).data


SIDES = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}


@pytest.mark.parametrize(("orientation", "red"), SIDES.items())
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_photos_are_turned_upright(kind: str, orientation: int, red: str) -> None:
    picture = clean_picture(file(photo(), kind, exif=with_gps(orientation)))
    assert (picture.width, picture.height) == ((80, 40) if orientation < 5 else (40, 80))
    image = opened(picture).convert("RGB")
    spots = {
        "left": (5, picture.height // 2),
        "right": (picture.width - 5, picture.height // 2),
        "top": (picture.width // 2, 5),
        "bottom": (picture.width // 2, picture.height - 5),
    }
    pixel = image.getpixel(spots[red])
    assert isinstance(pixel, tuple)
    assert pixel[0] > pixel[2]


def test_broken_exif_does_not_cost_the_picture() -> None:
    data = file(photo(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert clean_picture(data).width == 80


def test_pixels_stay_as_they_were() -> None:
    noise = Image.effect_noise((64, 64), 60).convert("RGB")
    for kind, most in (("PNG", 0.0), ("JPEG", 1.5)):
        before = Image.open(io.BytesIO(file(noise, kind, **({"quality": 60} if kind == "JPEG" else {}))))
        picture = clean_picture(file(before, kind, **({"quality": "keep"} if kind == "JPEG" else {})))
        difference = ImageStat.Stat(
            ImageChops.difference(before.convert("RGB"), opened(picture).convert("RGB"))
        )
        assert max(difference.mean) <= most


def test_a_small_jpeg_does_not_grow() -> None:
    noise = Image.effect_noise((400, 400), 60).convert("RGB")
    data = file(noise, "JPEG", quality=40)
    assert len(clean_picture(data).data) < len(data) * 1.05


def test_the_same_picture_is_the_same_file() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        data = file(photo(), kind)
        assert clean_picture(data) == clean_picture(data)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [photo(), Image.new("RGB", (80, 40), (0, 255, 0))]
    for kind in ("GIF", "WEBP", "PNG"):
        picture = clean_picture(file(frames[0], kind, save_all=True, append_images=frames[1:]))
        pixel = opened(picture).convert("RGB").getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 150
        assert getattr(opened(picture), "n_frames", 1) == 1


def test_transparency_stays() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    for data in (file(image, "PNG"), file(image.convert("P"), "PNG", transparency=0), file(image, "WEBP")):
        pixel = opened(clean_picture(data)).convert("RGBA").getpixel((1, 1))
        assert isinstance(pixel, tuple)
        assert pixel[3] == 0


def png_claiming(width: int, height: int) -> bytes:
    """A header of that size and next to no data."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(6325, 6325), (8000, 8000), (20_000, 20_000), (2**31 - 1, 1), (65_000, 65_000)]
)
def test_too_many_pixels_are_not_decoded(size: tuple[int, int]) -> None:
    assert refused(png_claiming(*size)) == "picture has more than 40000000 pixels"


def test_forty_megapixels_are_read() -> None:
    assert refused(png_claiming(6324, 6324)).startswith("not a readable picture")


NOT_PICTURES = {
    "empty": b"",
    "html": b"<!DOCTYPE html><html><body>expired</body></html>",
    "json": b'{"errcode": 40007}',
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "pdf": b"%PDF-1.7",
    "bmp": file(photo(), "BMP"),
    "tiff": file(photo(), "TIFF"),
    "ico": file(photo(32, 32), "ICO"),
    "jpeg, first bytes only": b"\xff\xd8\xff\xe0",
    "jpeg cut in half": (half := file(photo(400, 400), "JPEG"))[: len(half) // 2],
    "png cut in half": (half := file(Image.effect_noise((99, 99), 50), "PNG"))[: len(half) // 2],
    "gif cut in half": (half := file(Image.effect_noise((99, 99), 50).convert("P"), "GIF"))[: len(half) // 2],
    "webp cut in half": (half := file(Image.effect_noise((99, 99), 50), "WEBP"))[: len(half) // 2],
}


@pytest.mark.parametrize("data", NOT_PICTURES.values(), ids=NOT_PICTURES)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refused(data).startswith("not a readable picture")


def test_too_many_bytes_are_refused() -> None:
    assert refused(b"\xff" * (MAX_BYTES + 1)) == "picture is larger than 10485760 bytes"


SAMPLES = [file(photo(), kind, exif=with_gps(6)) for kind in ("JPEG", "PNG", "WEBP")] + [file(photo(), "GIF")]


@given(st.sampled_from(SAMPLES), st.integers(0, 10_000), st.binary(min_size=1, max_size=20))
def test_damaged_files_raise_nothing_else(sample: bytes, place: int, damage: bytes) -> None:
    place %= len(sample)
    with contextlib.suppress(MediaError):
        clean_picture(sample[:place] + damage + sample[place + len(damage) :])
