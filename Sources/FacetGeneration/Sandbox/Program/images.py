"""A picture as gray pixels: PNG, JPEG, WebP and GIF, by Pillow."""

import warnings

from PIL import Image, ImageOps

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_SIDE = 1600


def preload():
    """Loads the decoders while files can still be opened."""
    Image.init()


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
