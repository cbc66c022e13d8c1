// Pictures: decoded when they come near the screen, and shown large in a dialog.

const pictureTitles = { changes: "before and after", walls: "walls by thickness", part: "as it is" };
const pictureTitle = (picture) =>
  Object.hasOwn(pictureTitles, picture.shows) ? pictureTitles[picture.shows] : String(picture.shows);
const pictureSource = (picture) => `data:image/png;base64,${picture.data}`;

/** Height in the table, and the most that the width may be, in px. */
const smallHeight = 56;
const smallWidth = 112;

/** Width and height of a PNG, from its header, so that its place is there before it is. */
function pictureSize(picture) {
  try {
    const head = atob(picture.data.slice(0, 32));
    const number = (at) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + head.charCodeAt(at + i), 0);
    const [width, height] = [number(16), number(20)];
    if (width > 0 && height > 0) return { width, height };
  } catch {
    // What is no picture gets a square, and the browser's sign for what is no picture.
  }
  return { width: smallHeight, height: smallHeight };
}

function smallSize(picture) {
  const { width, height } = pictureSize(picture);
  const scale = Math.min(smallHeight / height, smallWidth / width);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** What the column of pictures has to be wide for a row, in px. */
function smallPicturesWidth(row) {
  return (row.pictures ?? []).reduce((sum, picture) => sum + smallSize(picture).width + 4, 0);
}

/** Thousands of pictures are no burden as long as they are text: only those near the screen become images. */
const nearScreen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) develop(target);
}, { rootMargin: "600px 0px" });

const undeveloped = new WeakMap();

function develop(image) {
  const picture = undeveloped.get(image);
  if (!picture) return;
  undeveloped.delete(image);
  nearScreen.unobserve(image);
  image.src = pictureSource(picture);
}

function lazyImage(picture, alt, size) {
  const image = make("img", { alt, ...size, decoding: "async", draggable: false });
  undeveloped.set(image, picture);
  nearScreen.observe(image);
  return image;
}

function pictureButton(row, picture, size, properties) {
  const image = lazyImage(picture, `${row.name}, ${pictureTitle(picture)}`, size);
  return make("button", {
    type: "button", title: `${sentence([pictureTitle(picture)])}: show it large`, ...properties,
    onclick: () => viewer.open(row, picture),
  }, image);
}

/** In the table the pictures are for the mouse: a Tab stop for each would be thousands; the opened row has them too. */
function smallPictures(row) {
  return make("div", { className: "pictures" },
    row.pictures.map((picture) =>
      pictureButton(row, picture, smallSize(picture), { className: "picture", tabIndex: -1 })));
}

function largePictures(row) {
  return make("div", { className: "large-pictures" },
    ...row.pictures.map((picture) => make("figure", {},
      pictureButton(row, picture, pictureSize(picture), { className: "picture large" }),
      make("figcaption", { className: "hint" }, sentence([pictureTitle(picture)])))));
}

/** The dialog. It goes through the pictures of all models that the table shows, in the table's order. */
class Viewer {
  #pictures = [];
  #at = 0;

  constructor() {
    this.dialog = byId("viewer");
    byId("viewer-close").addEventListener("click", () => this.dialog.close());
    byId("viewer-back").addEventListener("click", () => this.#go(this.#at - 1));
    byId("viewer-on").addEventListener("click", () => this.#go(this.#at + 1));
    // The dialog has no padding: what is clicked outside of its content is the backdrop.
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") this.#go(this.#at - 1);
      if (event.key === "ArrowRight") this.#go(this.#at + 1);
    });
  }

  open(row, picture) {
    this.#pictures = rows.shown.flatMap((row) => (row.pictures ?? []).map((picture) => ({ row, picture })));
    this.#go(this.#pictures.findIndex((entry) => entry.picture === picture));
    this.dialog.showModal();
  }

  #go(at) {
    if (at < 0 || at >= this.#pictures.length) return;
    this.#at = at;
    const { row, picture } = this.#pictures[at];
    byId("viewer-title").replaceChildren(make("bdi", {}, row.name),
      make("span", { className: "hint" }, ` ${pictureTitle(picture)}`));
    const { width, height } = pictureSize(picture);
    const aspect = width / height;
    const image = byId("viewer-image");
    image.alt = `${row.name}, ${pictureTitle(picture)}`;
    image.style.aspectRatio = aspect;
    // As large as the screen has room for, but not so large that there is nothing but blur.
    image.style.width = `min(${Math.min(1024, width * 3)}px, 90vw, ${70 * aspect}vh)`;
    image.src = pictureSource(picture);
    byId("viewer-place").textContent = `${count(at + 1)} of ${count(this.#pictures.length)}`;
    // Not `disabled`, which would take the focus away from whoever goes on by keys.
    byId("viewer-back").setAttribute("aria-disabled", String(at === 0));
    byId("viewer-on").setAttribute("aria-disabled", String(at === this.#pictures.length - 1));
  }
}
