#include "CCamera.h"

// The same camera on every processor: no fused multiply-add where the target has one.
#pragma STDC FP_CONTRACT OFF

#include <cmath>
#include <cstring>
#include <glm/glm.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/type_ptr.hpp>

namespace {

CCameraMatrix stored(const glm::dmat4 &matrix) {
  CCameraMatrix result;
  std::memcpy(result.element, glm::value_ptr(matrix), sizeof result.element);
  return result;
}

}  // namespace

CCameraMatrix ccamera_rotation(double degrees_x, double degrees_y, double degrees_z) {
  glm::dmat4 matrix(1.0);
  matrix = glm::rotate(matrix, glm::radians(degrees_z), glm::dvec3(0, 0, 1));
  matrix = glm::rotate(matrix, glm::radians(degrees_y), glm::dvec3(0, 1, 0));
  matrix = glm::rotate(matrix, glm::radians(degrees_x), glm::dvec3(1, 0, 0));
  return stored(matrix);
}

CCameraMatrix ccamera_look_at(const double eye[3], const double center[3], const double up[3]) {
  return stored(glm::lookAt(glm::make_vec3(eye), glm::make_vec3(center), glm::make_vec3(up)));
}

CCameraMatrix ccamera_perspective(double half_height, double aspect, double near_plane, double far_plane) {
  return stored(glm::perspective(2 * std::atan(half_height), aspect, near_plane, far_plane));
}

CCameraMatrix ccamera_orthographic(
  double half_width, double half_height, double near_plane, double far_plane) {
  return stored(glm::ortho(-half_width, half_width, -half_height, half_height, near_plane, far_plane));
}

CCameraMatrix ccamera_product(CCameraMatrix left, CCameraMatrix right) {
  return stored(glm::make_mat4(left.element) * glm::make_mat4(right.element));
}
