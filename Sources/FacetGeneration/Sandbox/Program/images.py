"""A picture as gray pixels: PNG, JPEG, WebP and GIF, by Pillow."""

import io
import warnings

from PIL import Image, ImageOps

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_SIDE = 1600
# An orientation, the only field of an EXIF block.
_TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def preload():
    """Loads the decoders, and what they load only when they are used, while files can still be opened."""
    for form in _FORMATS:
        sample = io.BytesIO()
        Image.new("P" if form == "GIF" else "RGB", (2, 2)).save(sample, form, exif=_TURNED)
        decode(sample, 4)


def decode(stream, maximum_pixels):
    """The first frame the right way up, on white, at most 1600 pixels on a side; raises for what is no picture."""
    # The size is known before any pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    with Image.open(stream, formats=_FORMATS) as image:
        if image.width * image.height > maximum_pixels:
            raise ValueError(f"{image.width} x {image.height} pixels are more than {maximum_pixels}")
        if image.format == "JPEG":
            image.draft("L", (2 * _SIDE, 2 * _SIDE))
        image.load()
        turned = ImageOps.exif_transpose(image)
        if turned.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in turned.info:
            colored = turned.convert("RGBA")
            background = Image.new("RGBA", colored.size, (255, 255, 255, 255))
            background.alpha_composite(colored)
            gray = background.convert("L")
        elif turned.mode.startswith("I;16") or turned.mode == "I":
            # Pillow would clip 16 bits, not scale them.
            gray = turned.convert("I").point(lambda value: value * (1 / 257)).convert("L")
        else:
            gray = turned.convert("L")
        gray.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
        return gray.width, gray.height, gray.tobytes()
