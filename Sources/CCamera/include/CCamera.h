#ifndef FACET_CCAMERA_H
#define FACET_CCAMERA_H
#endif
