#ifndef CMARKERS_H
#define CMARKERS_H
#endif
