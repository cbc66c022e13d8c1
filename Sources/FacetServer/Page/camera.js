// @ts-check
// Where one looks from: a camera that circles around a point of the model. Z is up, as on a printer's plate.

const fieldOfView = (32 * Math.PI) / 180;
const steepest = Math.PI / 2 - 0.001;

/** Directions to look from, as turns about Z and above the plate, in radians. */
export const views = {
  angled: [Math.PI / 5, Math.PI / 7],
  front: [0, 0],
  right: [Math.PI / 2, 0],
  top: [0, steepest],
};

export class Camera {
  target = [0, 0, 0];
  azimuth = views.angled[0];
  elevation = views.angled[1];
  distance = 1;
  /** Of the sphere around the origin that holds the model. */
  radius = 1;
  /** Of the box around the origin that holds it. */
  dimensions = [1, 1, 1];
  /** Width by height of the picture. */
  aspect = 1;

  /** Shows all of the model, from where the camera is. */
  fit() {
    this.target = [0, 0, 0];
    this.distance = 0;
    const [x, y, z] = this.#axes();
    const tangent = Math.tan(fieldOfView / 2) * 0.92;
    // From where no corner of the box is outside of the picture.
    for (let corner = 0; corner < 8; corner++) {
      const place = this.dimensions.map((size, axis) => (corner & (1 << axis) ? size / 2 : -size / 2));
      const across = Math.max(Math.abs(dot(place, x)) / this.aspect, Math.abs(dot(place, y)));
      this.distance = Math.max(this.distance, dot(place, z) + across / tangent);
    }
  }

  /**
   * @param {number} right Radians.
   * @param {number} up Radians.
   */
  orbit(right, up) {
    this.azimuth -= right;
    this.elevation = Math.min(steepest, Math.max(-steepest, this.elevation + up));
  }

  /**
   * Moves the model across the picture.
   *
   * @param {number} right In heights of the picture.
   * @param {number} up
   */
  pan(right, up) {
    const height = 2 * this.distance * Math.tan(fieldOfView / 2);
    const [x, y] = this.#axes();
    this.target = this.target.map((value, i) => value - (x[i] * right + y[i] * up) * height);
  }

  /**
   * Goes nearer (a factor below 1) or away, so that a place of the picture stays where it is.
   *
   * @param {number} factor
   * @param {number} right That place, from the middle, in heights of the picture.
   * @param {number} up
   */
  zoom(factor, right = 0, up = 0) {
    const distance = Math.min(this.radius * 40, Math.max(this.radius * 0.02, this.distance * factor));
    const change = distance / this.distance;
    this.pan(right * (change - 1), up * (change - 1));
    this.distance = distance;
  }

  /** From the model to the picture's space, in columns. */
  viewMatrix() {
    const [x, y, z] = this.#axes();
    const eye = this.target.map((value, i) => value + z[i] * this.distance);
    // prettier-ignore
    return new Float32Array([
      x[0], y[0], z[0], 0,
      x[1], y[1], z[1], 0,
      x[2], y[2], z[2], 0,
      -dot(x, eye), -dot(y, eye), -dot(z, eye), 1,
    ]);
  }

  projectionMatrix() {
    const off = Math.hypot(...this.target);
    // As tight around the model as can be: depth is finest then.
    const far = this.distance + this.radius + off;
    const near = Math.max(this.distance - this.radius - off, this.distance * 0.01);
    const scale = 1 / Math.tan(fieldOfView / 2);
    // prettier-ignore
    return new Float32Array([
      scale / this.aspect, 0, 0, 0,
      0, scale, 0, 0,
      0, 0, (far + near) / (near - far), -1,
      0, 0, (2 * far * near) / (near - far), 0,
    ]);
  }

  /** What is right, up, and towards the eye. */
  #axes() {
    const [sa, ca] = [Math.sin(this.azimuth), Math.cos(this.azimuth)];
    const [se, ce] = [Math.sin(this.elevation), Math.cos(this.elevation)];
    return [
      [ca, sa, 0],
      [-sa * se, ca * se, ce],
      [sa * ce, -ca * ce, se],
    ];
  }
}

/**
 * @param {number[]} a
 * @param {number[]} b
 */
function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
