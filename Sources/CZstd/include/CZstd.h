#ifndef CZSTD_H
#define CZSTD_H
#endif
