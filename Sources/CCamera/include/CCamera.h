#ifndef FACET_CCAMERA_H
#define FACET_CCAMERA_H

#ifdef __cplusplus
extern "C" {
#endif

// Camera matrices, by GLM. Right-handed, column-major as GLM stores them; depth in clip space is -w...w.

/// 16 numbers, column by column.
typedef struct {
  double element[16];
} CCameraMatrix;

/// The rotation about X, then Y, then Z, each about the fixed axis, in degrees.
CCameraMatrix ccamera_rotation(double degrees_x, double degrees_y, double degrees_z);

/// The view from `eye` towards `center`, with `up` upwards in the picture.
CCameraMatrix ccamera_look_at(const double eye[3], const double center[3], const double up[3]);

/// A perspective projection; `half_height` is half the picture's height at distance 1, the tangent of half the
/// vertical angle of view.
CCameraMatrix ccamera_perspective(double half_height, double aspect, double near_plane, double far_plane);

/// A parallel projection of a box of the given half extents around the view axis.
CCameraMatrix ccamera_orthographic(
  double half_width, double half_height, double near_plane, double far_plane);

/// The matrix that applies `right` first and `left` next.
CCameraMatrix ccamera_product(CCameraMatrix left, CCameraMatrix right);

#ifdef __cplusplus
}
#endif

#endif
