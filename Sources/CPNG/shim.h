#ifndef FACET_CPNG_SHIM_H
#define FACET_CPNG_SHIM_H

#include <png.h>

#endif
